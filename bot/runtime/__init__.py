"""Builds and runs the bot's process."""
