"""How fast and small the bot is beside other programs on the same libraries: `python -m tools.bench` (`make bench`).

Every measured program runs in a process of its own, and a row whose answers are wrong is void.
"""
