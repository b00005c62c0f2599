"""What the bot stores, in an SQLite file or PostgreSQL: settings, pins, hashes and counts, and nothing of members."""

from bot.store.backup import backup, restore
from bot.store.store import Store, open_store
from bot.store.url import address

__all__ = ["Store", "address", "backup", "open_store", "restore"]
