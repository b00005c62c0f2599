"""Compares the bot's speed and memory with those of other programs on the same libraries: `make bench`.

Every measured program runs in its own process. A row is void if an answer is wrong.
"""
