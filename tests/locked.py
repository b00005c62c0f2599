"""Another program that holds the database."""

import asyncio
import sqlite3
from pathlib import Path


async def hold(file: Path) -> sqlite3.Connection:
    """A connection that has the right to write, until it is rolled back or closed.

    Asked for in a thread: the bot may be in the middle of a write, and needs the event loop to end it.
    """
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
    return other
