"""A community bot for Discord and Telegram that explains the Kusama network, every answer with its warning."""

VERSION = "0.1.0"
