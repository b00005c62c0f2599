"""What the bot remembers, in a SQLite file or PostgreSQL. Its law: settings, pins, hashes and counts; no member."""

from bot.store.backup import backup, restore
from bot.store.store import Store, open_store
from bot.store.url import address

__all__ = ["Store", "address", "backup", "open_store", "restore"]
