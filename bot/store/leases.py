"""Who of several processes does what only one may do. Its law: a name is held once at a time."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, final

from sqlalchemy import URL

from bot.core.leases import Lease, Leases
from bot.store.advisory_locks import IDLE, PATIENCE, Granted, PostgresLeases

_SESSION = {
    "application_name": "kusama-bot leases",
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "2",
    "tcp_user_timeout": "9000",
}


@final
class SoleLeases:
    """`bot.core.leases.Leases` of a process that is alone with its database: what nobody here holds is free."""

    def __init__(self) -> None:
        self.reachable = True
        self._held: set[str] = set()
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def hold(self, *names: str) -> AsyncIterator[Lease]:
        """The first of these names that is free, or becomes so."""
        async with self._changed:
            await self._changed.wait_for(lambda: any(name not in self._held for name in names))
            name = next(name for name in names if name not in self._held)
            self._held.add(name)
        try:
            yield Granted(name)
        finally:
            self._held.discard(name)
            async with self._changed:
                self._changed.notify_all()

    @asynccontextmanager
    async def agree(self, name: str, number: int, *, firm: bool) -> AsyncIterator[Lease]:  # noqa: ARG002 - the port's
        """Nobody is there to disagree."""
        yield Granted(name, number)


@asynccontextmanager
async def open_leases(
    url: URL, sleep: Callable[[float], Awaitable[object]], idle: float = IDLE
) -> AsyncIterator[Leases]:
    """The leases of all processes that use the database at that address, until the block ends.

    PostgreSQL must be 14 or newer, and no pooler that hands one connection to several clients may stand before it.
    """
    if url.get_backend_name() != "postgresql":
        yield SoleLeases()
        return
    import asyncpg  # takes a while, and SQLite needs none of it

    _, options = url.get_dialect()().create_connect_args(url)
    silence = f"{idle * 1000:.0f}ms"
    session = _SESSION | {"idle_session_timeout": silence, "idle_in_transaction_session_timeout": silence}

    async def connect() -> Any:
        return await asyncpg.connect(**options, timeout=PATIENCE, server_settings=session)

    leases = PostgresLeases(connect, sleep)
    keeping = asyncio.create_task(leases.keep())
    try:
        yield leases
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping
