"""Builds the bot's parts and runs them in one process."""
