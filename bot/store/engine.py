"""One database, whichever it is: its connections and its transactions. Its law: a writer never waits for a reader."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, final

from sqlalchemy import URL, Connection, Table, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from bot.core.errors import StoreError
from bot.store.awaited import AsyncConnection, AsyncEngine
from bot.store.errors import gone, told

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite  # at run time only the one in use is imported

    Insert = postgresql.Insert | sqlite.Insert
PATIENCE = timedelta(seconds=5)
_LAST = timedelta(seconds=1)


def engine(url: URL, *, patience: timedelta = PATIENCE, foreign_keys: bool = True) -> AsyncEngine:
    """Connections to that database.

    `patience` is for another process's write (SQLite alone). Without `foreign_keys` SQLite can rebuild a table that
    others refer to.
    """
    if url.get_backend_name() == "postgresql":
        timing = {"timeout": 5, "command_timeout": 60}
        arguments = {**timing, "server_settings": {"application_name": "kusama-bot"}}
        return AsyncEngine(create_engine(url, pool_pre_ping=True, hide_parameters=True, connect_args=arguments))
    made = create_engine(url, hide_parameters=True)
    pragmas = (
        f"busy_timeout = {patience // timedelta(milliseconds=1)}",
        "journal_mode = WAL",
        "synchronous = NORMAL",
        f"foreign_keys = {'ON' if foreign_keys else 'OFF'}",
    )
    event.listen(made, "connect", partial(_prepare, pragmas))
    event.listen(made, "begin", _begin)
    event.listen(made, "invalidate", _let_go)
    return AsyncEngine(made)


def _prepare(pragmas: Iterable[str], connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # `_begin` opens transactions; the driver would leave out DDL and reads
    cursor = connection.cursor()
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def identity(file: Path) -> tuple[int, int]:
    """Which file stands there. Raises StoreError if none does."""
    try:
        found = file.stat()
    except OSError as error:
        raise gone() from error
    return found.st_dev, found.st_ino


def _let_go(connection: DBAPIConnection, *_: object) -> None:
    """Whoever waited for a statement was cancelled, and the connection is about to be closed. SQLite keeps the lock of
    a closed connection for as long as one of its statements lives, so nobody could write until Python clears it away.
    """
    with suppress(sqlite3.Error, ValueError):  # it was closed already
        connection.rollback()


def _begin(connection: Connection) -> None:
    """A writer says so at its begin: one that read first could not be let through by SQLite (SQLITE_BUSY at once)."""
    options = connection.get_execution_options()
    if patience := options.get("sqlite_patience"):
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {patience // timedelta(milliseconds=1)}")
    connection.exec_driver_sql(options.get("sqlite_begin", "BEGIN"))


@final
class Database:
    """Transactions over an engine. Everything that a driver raises leaves as a StoreError; `heard` is told of it, and
    `failing` is the last one of a change, until another change goes well.
    """

    def __init__(
        self, url: URL, patience: timedelta = PATIENCE, heard: Callable[[StoreError], None] = lambda _: None
    ) -> None:
        self.heard = heard
        self.failing: StoreError | None = None
        self._engine = engine(url, patience=patience)
        self.is_postgresql = url.get_backend_name() == "postgresql"
        self.file = None if self.is_postgresql else Path(url.database or "")
        self._opened: tuple[int, int] | None = None
        self._snapshot = self._engine.execution_options(
            **({"isolation_level": "REPEATABLE READ", "postgresql_readonly": True} if self.is_postgresql else {})
        )
        self._writer = self._engine.execution_options(sqlite_begin="BEGIN IMMEDIATE")
        self._turn: asyncio.Lock | None = None if self.is_postgresql else asyncio.Lock()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that only reads, and sees one state of the database from its first to its last statement."""
        with self.told():
            async with self._snapshot.begin() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that is kept as a whole, or not at all if it is left by an exception."""
        with self.told(changing=True):
            # SQLite has one writer at a time; its own waiting is by naps and lets nobody queue.
            async with self._turn or nullcontext(), self._kept(), self._writer.begin() as connection:
                yield connection
            self.failing = None

    @asynccontextmanager
    async def _kept(self) -> AsyncIterator[None]:
        """A change goes into the file that stands there before and after it: SQLite would write on into one that was
        deleted. Where another was put in its place the connections to the old one are closed.
        """
        if self.file is None:
            yield
            return
        now = identity(self.file)
        if self._opened not in (None, now):
            await self._engine.dispose()
        self._opened = now
        yield
        if identity(self.file) != now:
            raise gone()

    @contextmanager
    def told(self, *, changing: bool = False) -> Iterator[None]:
        """Turn what a driver raises inside into a StoreError, and tell of it."""
        try:
            with told():
                yield
        except StoreError as error:
            if error.fault:  # else whoever works inside refuses something of its own accord
                self.failing = error if changing else self.failing
                self.heard(error)
            raise

    def insert(self, table: Table) -> "Insert":
        """An INSERT that knows ON CONFLICT, which both databases spell alike."""
        if self.is_postgresql:
            from sqlalchemy.dialects.postgresql import insert

            return insert(table)
        from sqlalchemy.dialects.sqlite import insert as insert_into_file

        return insert_into_file(table)

    def hurry(self) -> None:
        """The process is about to end: a change waits for another program's no longer than a second."""
        self._writer = self._writer.execution_options(sqlite_patience=_LAST)

    async def close(self) -> None:
        """Give all connections back."""
        await self._engine.dispose()
