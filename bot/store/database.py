"""Runs transactions on SQLite or PostgreSQL. Repositories pass synchronous functions that take a connection."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar, final

from sqlalchemy import URL, Connection, Table, create_engine, event

from bot.core.errors import StoreError
from bot.store.errors import as_store_error, file_gone, naming_full_disk

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite
    from sqlalchemy.ext.asyncio import AsyncEngine

PATIENCE: Final = timedelta(seconds=5)
_LAST_PATIENCE: Final = timedelta(seconds=1)  # after `hurry`
_T = TypeVar("_T")
_Kind = Literal["read", "snapshot", "write"]


def insert(connection: Connection, table: Table) -> "postgresql.Insert | sqlite.Insert":
    """An INSERT in the dialect of this database, with `on_conflict_do_update` and `on_conflict_do_nothing`."""
    dialect = import_module(f"sqlalchemy.dialects.{connection.dialect.name}")  # importing both costs 2 MiB of memory
    return dialect.insert(table)  # type: ignore[no-any-return]


def identity(file: Path) -> tuple[int, int]:
    """Device and inode of the file. Raises StoreError if it does not exist or cannot be accessed."""
    try:
        status = file.stat()
    except OSError as error:
        raise file_gone() from error
    return status.st_dev, status.st_ino


@final
class Database:
    """One database. Driver errors are raised as StoreError and passed to `on_error`.

    `failing` is the error of the last write, or None if it succeeded. `patience` is how long a write to an SQLite file
    waits for another process's write. Without `foreign_keys`, SQLite does not enforce foreign keys, so that a migration
    can rebuild a table that others refer to.
    """

    def __init__(
        self,
        url: URL,
        patience: timedelta = PATIENCE,
        on_error: Callable[[StoreError], None] = lambda _: None,
        *,
        foreign_keys: bool = True,
    ) -> None:
        self.on_error = on_error
        self.failing: StoreError | None = None
        self.is_postgresql = url.get_backend_name() == "postgresql"
        self.file = None if self.is_postgresql else Path(url.database or "")
        self._backend = _Server(url) if self.file is None else _File(url, self.file, patience, foreign_keys)

    async def read(self, work: Callable[[Connection], _T], *, snapshot: bool = False) -> _T:
        """Run `work`, which only reads. With `snapshot`, all its queries see the same state of the database."""
        with self.reporting():
            return await self._backend.run(work, "snapshot" if snapshot else "read")

    async def write(self, work: Callable[[Connection], _T]) -> _T:
        """Run `work` in a transaction, which is committed when it returns and rolled back when it raises."""
        with self.reporting(write=True):
            result = await self._backend.run(work, "write")
        self.failing = None
        return result

    async def changed_elsewhere(self) -> bool:
        """Whether another process has written to the SQLite file since the last call. Always False for PostgreSQL."""
        with self.reporting():
            return isinstance(self._backend, _File) and await self._backend.changed_elsewhere()

    @contextmanager
    def reporting(self, *, write: bool = False) -> Iterator[None]:
        """Turn driver errors in the block into StoreError, and report them to `on_error` and, for writes, `failing`."""
        try:
            with as_store_error():
                yield
        except StoreError as error:
            if error.fault:  # an error without a fault was raised by `work` itself: the database is fine
                self.failing = error if write else self.failing
                self.on_error(error)
            raise

    def hurry(self) -> None:
        """The process is ending: from now on, writes to an SQLite file wait one second at most for other processes."""
        if isinstance(self._backend, _File):
            self._backend.patience = _LAST_PATIENCE

    async def close(self) -> None:
        """Wait for running work, then close all connections."""
        await self._backend.close()


@final
class _Thread:
    """A thread with one connection to an SQLite file. A whole transaction costs one switch between threads."""

    def __init__(self, url: URL, file: Path, foreign_keys: bool) -> None:
        self._engine = create_engine(url, hide_parameters=True, isolation_level="AUTOCOMMIT", pool_size=1)
        pragmas = ("journal_mode = WAL", "synchronous = NORMAL", f"foreign_keys = {int(foreign_keys)}")
        event.listen(self._engine, "connect", partial(_prepare, pragmas))
        self._executor = ThreadPoolExecutor(1, "store")
        self._file = file
        self._opened: tuple[int, int] | None = None

    async def run(self, work: Callable[[Connection], _T], kind: _Kind, patience: timedelta) -> _T:
        """If the caller is cancelled, work that has started still runs to its end in the thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, self._run, work, kind, patience)

    def _run(self, work: Callable[[Connection], _T], kind: _Kind, patience: timedelta) -> _T:
        before = self._identity(kind)
        if self._opened not in (None, before):  # the file was replaced; SQLite would keep using the old one
            self._engine.dispose()
        self._opened = before
        with naming_full_disk(self._file), self._engine.begin() as connection:  # no BEGIN: the driver is in autocommit
            if kind != "read":
                connection.exec_driver_sql(f"PRAGMA busy_timeout = {patience // timedelta(milliseconds=1)}")
                connection.exec_driver_sql("BEGIN IMMEDIATE" if kind == "write" else "BEGIN")
            result = work(connection)
        if kind == "write" and identity(self._file) != before:
            raise file_gone()  # the file was deleted during the write, so the change is lost
        return result

    def _identity(self, kind: _Kind) -> tuple[int, int] | None:
        try:
            return identity(self._file)
        except StoreError:
            if kind == "write" or self._opened is None:  # SQLite would create a new, empty file
                raise
            return self._opened  # reads continue in the deleted file

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._executor, self._engine.dispose)
        self._executor.shutdown(wait=False)


def _prepare(pragmas: tuple[str, ...], connection: Any, _: object) -> None:
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}").close()


@final
class _File:
    """An SQLite file. One thread writes and another one reads, so that reads never wait for writes."""

    def __init__(self, url: URL, file: Path, patience: timedelta, foreign_keys: bool) -> None:
        self._reader, self._writer = (_Thread(url, file, foreign_keys) for _ in range(2))
        self._file, self.patience = file, patience
        self._version: object = None

    async def run(self, work: Callable[[Connection], _T], kind: _Kind) -> _T:
        thread = self._writer if kind == "write" else self._reader
        return await thread.run(work, kind, self.patience)

    async def changed_elsewhere(self) -> bool:
        """Compare SQLite's `data_version`, which changes when another connection commits. The writing connection asks,
        so that the bot's own writes do not count.
        """

        def version(connection: Connection) -> object:
            return identity(self._file), connection.exec_driver_sql("PRAGMA data_version").scalar()

        before, self._version = self._version, await self._writer.run(version, "read", self.patience)
        return before not in (None, self._version)

    async def close(self) -> None:
        """Close the connections one after the other. The last one to close merges SQLite's log into the file; if both
        closed at the same time, each might leave that to the other.
        """
        try:
            await self._reader.close()
        finally:
            await self._writer.close()


@final
class _Server:
    """A PostgreSQL server, through asyncpg."""

    def __init__(self, url: URL) -> None:
        from sqlalchemy.ext.asyncio import create_async_engine  # slow to import, and not needed for SQLite

        arguments = {"timeout": 5, "command_timeout": 60, "server_settings": {"application_name": "kusama-bot"}}
        engine = create_async_engine(url, pool_pre_ping=True, hide_parameters=True, connect_args=arguments)
        snapshot = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        read = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._engines: dict[_Kind, AsyncEngine] = {"read": read, "snapshot": snapshot, "write": engine}

    async def run(self, work: Callable[[Connection], _T], kind: _Kind) -> _T:
        async with self._engines[kind].begin() as connection:
            return await connection.run_sync(work)

    async def close(self) -> None:
        await self._engines["write"].dispose()
