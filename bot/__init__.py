"""A community bot for Discord and Telegram that explains the Kusama network, every answer with its warning."""
