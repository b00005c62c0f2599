"""SQLAlchemy's engine and connections, awaited. Its law: it adds waiting and nothing else; what a statement does and
when a transaction ends is the library's.

The library's own `sqlalchemy.ext.asyncio` does the same and much more, and imports the whole ORM for it: 6 MiB and
.06 s of every start, for classes that nothing here uses.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar, final

from sqlalchemy import Connection, CursorResult, Engine, Executable, Row, Transaction
from sqlalchemy.util import greenlet_spawn

Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None
_T = TypeVar("_T")


@final
class AsyncConnection:
    """A connection whose statements are awaited; their rows are all there when that is done."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def execute(self, statement: Executable, parameters: Parameters = None) -> CursorResult[*tuple[Any, ...]]:
        """Do it once, or once for each of several parameters."""
        return await greenlet_spawn(self._connection.execute, statement, parameters)

    async def exec_driver_sql(self, statement: str) -> CursorResult[*tuple[Any, ...]]:
        """The same with words that are handed to the driver as they are."""
        return await greenlet_spawn(self._connection.exec_driver_sql, statement)

    async def scalar(self, statement: Executable) -> Any:
        """The first value of the first row, None without a row."""
        return await greenlet_spawn(self._connection.scalar, statement)

    async def batches(self, statement: Executable, size: int) -> AsyncIterator[Sequence[Row[*tuple[Any, ...]]]]:
        """The rows, at most `size` at a time, so that there need not be room for all."""
        streamed = {"stream_results": True}
        found = await greenlet_spawn(self._connection.execute, statement, execution_options=streamed)
        while rows := await greenlet_spawn(found.fetchmany, size):
            yield rows

    async def run_sync(self, work: Callable[..., _T], *arguments: object) -> _T:
        """Call `work` with the connection itself; what it does there is awaited like the rest."""
        return await greenlet_spawn(work, self._connection, *arguments)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[None]:
        """A transaction: kept at the end of the block, undone if that is left by an exception."""
        async with _transaction(self._connection.begin):
            yield

    @asynccontextmanager
    async def begin_nested(self) -> AsyncIterator[None]:
        """The same inside a transaction, which goes on after what was undone here."""
        async with _transaction(self._connection.begin_nested):
            yield


@final
class AsyncEngine:
    """Connections out of the pool of `sync_engine`, whose driver must be one for asyncio."""

    def __init__(self, sync_engine: Engine) -> None:
        self.sync_engine = sync_engine

    def execution_options(self, **options: Any) -> "AsyncEngine":
        """The same pool with other options for what is done."""
        return AsyncEngine(self.sync_engine.execution_options(**options))

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[AsyncConnection]:
        """A connection, given back at the end of the block."""
        opening = asyncio.create_task(greenlet_spawn(self.sync_engine.connect))
        try:
            yield AsyncConnection(await asyncio.shield(opening))
        finally:
            await _completed(_given_back(opening))

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """A connection with a transaction, which ends with the block."""
        async with self.connect() as connection, connection.begin():
            yield connection

    async def dispose(self) -> None:
        """Close the connections that nobody uses."""
        await greenlet_spawn(self.sync_engine.dispose)


@asynccontextmanager
async def _transaction(begin: Callable[[], Transaction]) -> AsyncIterator[None]:
    transaction = await greenlet_spawn(begin)
    transaction.__enter__()
    try:
        yield
    except BaseException:
        await greenlet_spawn(transaction.__exit__, *sys.exc_info())
        raise
    await greenlet_spawn(transaction.__exit__, None, None, None)


async def _given_back(opening: asyncio.Task[Connection]) -> None:
    """Give back what was opened. A driver whose opening is cancelled loses the connection without closing it, so one
    that is still being opened is waited for.
    """
    await asyncio.wait([opening])
    if not opening.cancelled() and not opening.exception():
        await greenlet_spawn(opening.result().close)


async def _completed(work: Coroutine[Any, Any, None]) -> None:
    """Wait for it to the end, even if whoever waits is cancelled meanwhile: else it would go on behind his back."""
    task = asyncio.create_task(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled:
        raise cancelled
    task.result()
