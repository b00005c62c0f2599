"""Leases as PostgreSQL's session advisory locks. A holder learns that a lease is lost before another process can get
it.

The locks belong to one connection that does nothing else. It is used every BEAT; a round that takes longer than
PATIENCE ends it, and with it every lease. PostgreSQL ends a silent connection after IDLE, even if the network
or the machine failed. As 2 × PATIENCE + BEAT < IDLE, a holder whose event loop runs knows first.
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
    """A `bot.core.ports.Lease`; no longer `needed` once its holder has left."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.gone = asyncio.Event()
        self.needed = True

    async def lost(self) -> None:
        """Return once it is lost."""
        await self.gone.wait()


@dataclass(eq=False, slots=True)
class _Wish:
    names: tuple[str, ...]
    granted: "asyncio.Future[Granted]"
    logged: bool = False


@final
class SoleLeases:
    """`bot.core.ports.Leases` of a process that is alone with its database."""

    def __init__(self) -> None:
        self.reachable = True
        self._held: set[str] = set()
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def hold(self, *names: str) -> AsyncIterator[Lease]:
        """The first of these names that is free, or becomes so."""
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
    """`bot.core.ports.Leases`. `keep` must run. `connect` opens an asyncpg connection, `sleep` waits seconds."""

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
        self._wishes: list[_Wish] = []
        self._wake = asyncio.Event()
        self._away = False  # whether the lost connection was logged

    @property
    def reachable(self) -> bool:
        """Whether the database answers."""
        return self._connection is not None

    @asynccontextmanager
    async def hold(self, *names: str) -> AsyncIterator[Lease]:
        """The first of these names that is free, or becomes so."""
        wish = _Wish(names, asyncio.get_running_loop().create_future())
        self._wishes.append(wish)
        self._wake.set()
        try:
            yield await wish.granted
        finally:
            if wish in self._wishes:
                self._wishes.remove(wish)
            if wish.granted.done() and not wish.granted.cancelled():
                wish.granted.result().needed = False
                self._wake.set()

    async def keep(self) -> None:
        """Take what is free, give back what is not needed, notice what is lost; until cancelled."""
        try:
            while True:
                self._wake.clear()
                try:
                    async with asyncio.timeout(self._patience):
                        await self._round()
                except Exception as error:  # whatever the driver raises: the leases may be lost
                    self._break(type(error).__name__)
                await self._pause()
        finally:
            self._away = True  # no warning about a connection that is closed here
            self._break("it was closed")

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
            self._connection, self._away = connection, False
        for name in [name for name, lease in self._held.items() if not lease.needed]:
            await self._connection.fetchval("SELECT pg_advisory_unlock($1)", key(name))
            self._held.pop(name, None)
            _log.info("gave back the lease %s", name)
        keys = {key(name): name for wish in self._wishes for name in wish.names if name not in self._held}
        free = {keys[row["key"]] for row in await self._connection.fetch(_FREE, list(keys))}  # also tells it is alive
        for wish in self._wishes.copy():
            for name in [name for name in wish.names if name in free]:
                free.discard(name)
                if await self._connection.fetchval("SELECT pg_try_advisory_lock($1)", key(name)):
                    self._grant(wish, name)
                    break
            else:
                if not wish.logged:
                    _log.info("standing by for the lease %s", wish.names[0])
                wish.logged = True

    def _grant(self, wish: _Wish, name: str) -> None:
        lease = self._held[name] = Granted(name)
        if wish in self._wishes and not wish.granted.done():
            self._wishes.remove(wish)
            wish.granted.set_result(lease)
            _log.info("took the lease %s", name)
        else:  # the caller was cancelled meanwhile
            lease.needed = False
            self._wake.set()

    def _ended(self, _: object) -> None:
        self._break("the connection ended")

    def _break(self, why: str) -> None:
        """Mark all leases as lost, before anything else happens, and drop the connection."""
        connection, self._connection = self._connection, None
        lost = list(self._held.values())
        self._held.clear()
        for lease in lost:
            lease.gone.set()
        if connection is not None:
            connection.remove_termination_listener(self._ended)
            connection.terminate()
        if not self._away:
            _log.warning("no connection to the database for leases (%s); %d lost", why, len(lost))
        self._away = True


def key(name: str) -> int:
    """The number of the lock of that name: 64 bits, signed as PostgreSQL has it."""
    return int.from_bytes(hashlib.sha256(f"kusama-bot:{name}".encode()).digest()[:8], "big", signed=True)


@asynccontextmanager
async def open_leases(
    url: URL, sleep: Callable[[float], Awaitable[object]], idle: float = IDLE
) -> AsyncIterator[Leases]:
    """The leases of all processes that use the database at that address, until the block ends.

    PostgreSQL must be 14 or newer, and no pooler that gives one connection to several clients may stand before it.
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
