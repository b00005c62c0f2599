"""How fast and small the bot is beside bare programs on the same libraries: `python -m tools.bench` (`make bench`).

Its law: every measured program runs in a process of its own, and a row whose answers are not right counts for nothing.
"""
