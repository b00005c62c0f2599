"""Leases as session-level advisory locks of PostgreSQL. A holder learns that it lost a lease before another process
can get it.

All locks of a process belong to one connection that is used for nothing else. The process queries it every BEAT
seconds. If that takes longer than PATIENCE, the process closes the connection and gives up every lease. PostgreSQL
closes a connection that is silent for IDLE seconds, even if the network or the machine failed. Because
2 × PATIENCE + BEAT < IDLE, a holder whose event loop is running notices first.
"""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final, final

from sqlalchemy import URL

from bot.core.ports import Lease, Leases

_log = logging.getLogger(__name__)

BEAT: Final = 2.0  # seconds between two rounds
PATIENCE: Final = 3.0  # seconds
IDLE: Final = 10.0  # seconds
_FREE = """
    SELECT key FROM unnest($1::bigint[]) AS key WHERE key NOT IN
    (SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1
     AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
"""
_SESSION = {
    "application_name": "kusama-bot leases",
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "2",
    "tcp_user_timeout": "9000",
}


@final
class Granted:
    """Implements `bot.core.ports.Lease`. `needed` is False once the holder has left its `async with` block."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.gone = asyncio.Event()
        self.needed = True

    async def lost(self) -> None:
        """Return once the lease is lost."""
        await self.gone.wait()


@dataclass(eq=False, slots=True)
class _Waiter:
    names: tuple[str, ...]
    granted: "asyncio.Future[Granted]"
    logged: bool = False


@final
class LocalLeases:
    """Implements `bot.core.ports.Leases` for a process that shares its database with no other."""

    def __init__(self) -> None:
        self.reachable = True
        self._held: set[str] = set()
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def hold(self, *names: str) -> AsyncIterator[Lease]:
        """Hold one of these names, as soon as one is free, until the block ends."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self._held.issuperset(names))
            name = next(name for name in names if name not in self._held)
            self._held.add(name)
        try:
            yield Granted(name)
        finally:
            self._held.discard(name)
            async with self._changed:
                self._changed.notify_all()


@final
class PostgresLeases:
    """Implements `bot.core.ports.Leases` on PostgreSQL. Leases are granted only while `keep` runs.

    `connect` opens an asyncpg connection; `sleep` waits for a number of seconds.
    """

    def __init__(
        self,
        connect: Callable[[], Awaitable[Any]],
        sleep: Callable[[float], Awaitable[object]],
        *,
        patience: float = PATIENCE,
    ) -> None:
        self._connect, self._sleep, self._patience = connect, sleep, patience
        self._connection: Any = None
        self._held: dict[str, Granted] = {}
        self._waiters: list[_Waiter] = []
        self._wake = asyncio.Event()
        self._loss_logged = False

    @property
    def reachable(self) -> bool:
        """Whether the connection to the database works."""
        return self._connection is not None

    @asynccontextmanager
    async def hold(self, *names: str) -> AsyncIterator[Lease]:
        """Hold one of these names, as soon as one is free, until the block ends."""
        waiter = _Waiter(names, asyncio.get_running_loop().create_future())
        self._waiters.append(waiter)
        self._wake.set()
        try:
            yield await waiter.granted
        finally:
            if waiter in self._waiters:
                self._waiters.remove(waiter)
            if waiter.granted.done() and not waiter.granted.cancelled():
                waiter.granted.result().needed = False
                self._wake.set()

    async def keep(self) -> None:
        """Until cancelled, grant free leases, release those no longer needed and detect when the connection fails."""
        try:
            while True:
                self._wake.clear()
                try:
                    async with asyncio.timeout(self._patience):
                        await self._round()
                except Exception as error:  # any error of the driver: the leases may be lost
                    self._disconnect(type(error).__name__)
                await self._pause()
        finally:
            self._loss_logged = True  # log no warning: the connection is closed on purpose
            self._disconnect("it was closed")

    async def _pause(self) -> None:
        waits = {asyncio.ensure_future(self._wake.wait()), asyncio.ensure_future(self._sleep(BEAT))}
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)

    async def _round(self) -> None:
        if self._connection is None:
            connection = await self._connect()
            connection.add_termination_listener(self._ended)
            self._connection, self._loss_logged = connection, False
        for name in [name for name, lease in self._held.items() if not lease.needed]:
            await self._connection.fetchval("SELECT pg_advisory_unlock($1)", key(name))
            self._held.pop(name, None)
            _log.info("gave back the lease %s", name)
        keys = {key(name): name for waiter in self._waiters for name in waiter.names if name not in self._held}
        # Runs even without waiters: this query shows that the connection works.
        free = {keys[row["key"]] for row in await self._connection.fetch(_FREE, list(keys))}
        for waiter in self._waiters.copy():
            for name in [name for name in waiter.names if name in free]:
                free.discard(name)
                if await self._connection.fetchval("SELECT pg_try_advisory_lock($1)", key(name)):
                    self._grant(waiter, name)
                    break
            else:
                if not waiter.logged:
                    _log.info("standing by for the lease %s", waiter.names[0])
                waiter.logged = True

    def _grant(self, waiter: _Waiter, name: str) -> None:
        lease = self._held[name] = Granted(name)
        if waiter in self._waiters and not waiter.granted.done():
            self._waiters.remove(waiter)
            waiter.granted.set_result(lease)
            _log.info("took the lease %s", name)
        else:  # the caller was cancelled in the meantime
            lease.needed = False
            self._wake.set()

    def _ended(self, _: object) -> None:
        self._disconnect("the connection ended")

    def _disconnect(self, why: str) -> None:
        """Mark all leases as lost, then drop the connection."""
        connection, self._connection = self._connection, None
        lost = list(self._held.values())
        self._held.clear()
        for lease in lost:
            lease.gone.set()
        if connection is not None:
            connection.remove_termination_listener(self._ended)
            connection.terminate()
        if not self._loss_logged:
            _log.warning("no connection to the database for leases (%s); %d lost", why, len(lost))
        self._loss_logged = True


def key(name: str) -> int:
    """The advisory lock's key for that name: a signed 64-bit integer."""
    return int.from_bytes(hashlib.sha256(f"kusama-bot:{name}".encode()).digest()[:8], "big", signed=True)


@asynccontextmanager
async def open_leases(
    url: URL, sleep: Callable[[float], Awaitable[object]], idle: float = IDLE
) -> AsyncIterator[Leases]:
    """Open the leases that the processes using the database at `url` share. They are given up when the block ends.

    PostgreSQL must be version 14 or newer, and must not be behind a pooler that shares one connection between clients.
    """
    if url.get_backend_name() != "postgresql":
        yield LocalLeases()
        return
    import asyncpg  # slow to import, and not needed for SQLite

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
