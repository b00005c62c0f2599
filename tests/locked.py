"""Another program that holds the database."""

import asyncio
import sqlite3
from pathlib import Path


async def hold(file: Path) -> sqlite3.Connection:
    """A connection that has the right to write, until it is rolled back or closed.

    Asked for in a thread: the bot may be in the middle of a write, and needs the event loop to end it.
    """
    return await asyncio.to_thread(_holding, file)


def _holding(file: Path) -> sqlite3.Connection:
    other = _connected(file)
    other.execute("BEGIN IMMEDIATE")
    return other


def _connected(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, isolation_level=None, check_same_thread=False)
