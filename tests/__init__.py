"""The tests, a mirror of bot/: tests/core/test_markup.py tests bot/core/markup.py. fakes/ is the outside."""
