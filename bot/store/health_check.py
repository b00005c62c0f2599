"""Checks that the database can be read and written. A check takes at most two seconds, even if the disk or the network
hangs.
"""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final, final

from sqlalchemy import text

from bot.store.database import Database
from bot.store.errors import damaged, naming_full_disk, require_descriptors, too_slow

PATIENCE: Final = 2.0  # seconds
_LOCKED: Final = 1.0  # seconds to wait for another program's lock on the file
_READ: Final = "SELECT version_num FROM alembic_version"
_WRITE: Final = "UPDATE alembic_version SET version_num = version_num"  # changes nothing, but writes a page
_MALFORMED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


@final
class HealthCheck:
    """Checks one database. It runs an UPDATE only after a failed write, to find out whether writing works again. It
    opens an SQLite file anew for each check, because the bot's open connections would not notice that the file is gone.
    """

    def __init__(self, database: Database, patience: float = PATIENCE) -> None:
        self._database, self._patience = database, patience
        self._running: asyncio.Future[None] | None = None

    async def __call__(self) -> None:
        """Check the database. While a check hangs, later calls wait for it instead of starting another.

        Raises:
            StoreError: the database cannot be read or written, or does not answer within `patience` seconds.
        """
        running = self._running
        if running is None or running.done():
            running = self._running = asyncio.ensure_future(self._check())
            # Retrieve the error, so that asyncio does not log it if no caller waits any more.
            running.add_done_callback(lambda check: check.cancelled() or check.exception())
        await asyncio.wait({running}, timeout=self._patience)
        if not running.done():
            raise too_slow()
        running.result()

    async def close(self) -> None:
        """Stop a running check. A check of a file runs in a thread and cannot be cancelled, so wait up to `patience`
        seconds for it.
        """
        if self._running is not None:
            if self._database.file is not None:
                await asyncio.wait({self._running}, timeout=self._patience)
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def _check(self) -> None:
        database, failing = self._database, self._database.failing
        statement = _WRITE if failing else _READ
        require_descriptors()
        if database.file is None:
            await (database.write if failing else database.read)(lambda connection: connection.execute(text(statement)))
            return
        with database.reporting(write=failing is not None):
            await asyncio.to_thread(_check_file, database.file, statement)
        if database.failing is failing:  # unless another write failed during the check
            database.failing = None


def _check_file(file: Path, statement: str) -> None:
    try:
        with naming_full_disk(file), closing(_connect(file, "rw")) as connection:
            connection.execute("BEGIN IMMEDIATE")  # takes the write lock, as every change does
            connection.execute(statement)
            connection.execute("COMMIT")
    except sqlite3.DatabaseError as error:
        if _malformed(error) and is_broken(file):
            raise damaged() from error
        raise


def is_broken(file: Path) -> bool:
    """Read the whole file; returns whether SQLite finds it damaged or not a database. Blocking."""
    try:
        with closing(_connect(file, "ro")) as connection:
            return bool(connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",))
    except sqlite3.DatabaseError as error:
        return _malformed(error)


def _connect(file: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode={mode}", timeout=_LOCKED, isolation_level=None, uri=True)


def _malformed(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _MALFORMED
