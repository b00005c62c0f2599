"""Greetings for new members."""
