"""Checks that the database can be read and written now, within two seconds even if the disk or the network hangs."""

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
    """Checks one database. It writes only if the last write failed, to find out whether writing works again. An SQLite
    file is opened anew each time: the bot's own connections would not notice that it is gone.
    """

    def __init__(self, database: Database, patience: float = PATIENCE) -> None:
        self._database, self._patience = database, patience
        self._running: asyncio.Future[None] | None = None

    async def __call__(self) -> None:
        """Return if all is well. While one check hangs, no second one is begun.

        Raises:
            StoreError: the database cannot be read or written, or does not answer within `patience` seconds.
        """
        running = self._running
        if running is None or running.done():
            running = self._running = asyncio.ensure_future(self._check())
            running.add_done_callback(lambda check: check.cancelled() or check.exception())  # nobody may wait for it
        await asyncio.wait({running}, timeout=self._patience)
        if not running.done():
            raise too_slow()
        running.result()

    async def close(self) -> None:
        """End a check that still runs. One in a thread cannot be cancelled: it has `patience` to close the file."""
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
        if database.failing is failing:  # else a write failed during the check
            database.failing = None


def _check_file(file: Path, statement: str) -> None:
    try:
        with naming_full_disk(file), closing(_connect(file, "rw")) as connection:
            connection.execute("BEGIN IMMEDIATE")  # the right to write, as any change takes it
            connection.execute(statement)
            connection.execute("COMMIT")
    except sqlite3.DatabaseError as error:
        if _malformed(error) and is_broken(file):
            raise damaged() from error
        raise


def is_broken(file: Path) -> bool:
    """Whether SQLite, having read the whole file, finds it damaged or no database. Blocking."""
    try:
        with closing(_connect(file, "ro")) as connection:
            return bool(connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",))
    except sqlite3.DatabaseError as error:
        return _malformed(error)


def _connect(file: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode={mode}", timeout=_LOCKED, isolation_level=None, uri=True)


def _malformed(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _MALFORMED
