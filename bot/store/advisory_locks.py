"""Leases as PostgreSQL's session advisory locks. Its law: whoever may have lost a lease is told before the database
lets another process take it.

Locks belong to one connection, which does nothing else. Every BEAT it is used; a round that takes longer than
PATIENCE ends it, and with it every lease. PostgreSQL itself ends it after IDLE without a word, whatever became of
the network or the machine. As 2 × PATIENCE + BEAT < IDLE, a holder whose event loop runs knows first.
"""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, final

from bot.core.leases import Lease

_log = logging.getLogger(__name__)

BEAT: Final = 2.0  # seconds between two looks at what is free
PATIENCE: Final = 3.0  # seconds
IDLE: Final = 10.0  # seconds
_HERE = "database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND locktype = 'advisory'"
_FREE = f"""
    SELECT key FROM unnest($1::bigint[]) AS key WHERE key NOT IN
    (SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks WHERE {_HERE} AND objsubid = 1)
"""
_NUMBERS = f"SELECT objid::bigint FROM pg_locks WHERE {_HERE} AND objsubid = 2 AND classid = $1::bigint::oid LIMIT 1"

Connect = Callable[[], Awaitable[Any]]
"""Opens a connection of asyncpg's."""


@final
class Granted:
    """A `bot.core.leases.Lease`; `undo` is the statement that gives it back."""

    def __init__(self, name: str, number: int = 0, undo: tuple[str, tuple[int, ...]] = ("", ())) -> None:
        self.name, self.number, self.undo = name, number, undo
        self.gone = asyncio.Event()

    async def lost(self) -> None:
        """Return once it is gone."""
        await self.gone.wait()


@final
@dataclass(eq=False, slots=True)
class _Wish:
    """Somebody waits for one of these names, or for agreement on a number (then there is one name)."""

    names: tuple[str, ...]
    number: int | None = None
    firm: bool = False
    granted: asyncio.Future[Granted] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    told: bool = False


@final
class PostgresLeases:
    """`bot.core.leases.Leases` by PostgreSQL's session advisory locks. `keep` must run; `sleep` waits seconds."""

    def __init__(
        self, connect: Connect, sleep: Callable[[float], Awaitable[object]], *, patience: float = PATIENCE
    ) -> None:
        self._connect, self._sleep, self._patience = connect, sleep, patience
        self._connection: Any = None
        self._held: dict[str, Granted] = {}
        self._wishes: list[_Wish] = []
        self._leaving: list[Granted] = []
        self._wake = asyncio.Event()
        self._away = False

    @property
    def reachable(self) -> bool:
        """Whether the database answers."""
        return self._connection is not None

    @asynccontextmanager
    async def hold(self, *names: str) -> AsyncIterator[Lease]:
        """The first of these names that is free, or becomes so."""
        async with self._wished(_Wish(names)) as held:
            yield held

    @asynccontextmanager
    async def agree(self, name: str, number: int, *, firm: bool) -> AsyncIterator[Lease]:
        """The number that all who are here use; see the port."""
        async with self._wished(_Wish((name,), number, firm)) as held:
            yield held

    @asynccontextmanager
    async def _wished(self, wish: _Wish) -> AsyncIterator[Granted]:
        self._wishes.append(wish)
        self._wake.set()
        try:
            yield await wish.granted
        finally:
            if wish in self._wishes:
                self._wishes.remove(wish)
            if wish.granted.done() and not wish.granted.cancelled():
                self._leaving.append(wish.granted.result())
                self._wake.set()

    async def keep(self) -> None:
        """Take what is free, give back what is not needed, notice what is lost; until cancelled."""
        try:
            while True:
                self._wake.clear()
                try:
                    async with asyncio.timeout(self._patience):
                        await self._round()
                except Exception as error:  # whatever the driver raises: what is not known to be held is lost
                    self._break(type(error).__name__)
                await self._pause()
        finally:
            self._away = True  # said once, and not at all of a connection that we end
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
        while self._leaving:
            await self._give_back(self._leaving[0])
            self._leaving.pop(0)
        await self._take_free([wish for wish in self._wishes if wish.number is None])
        for wish in [wish for wish in self._wishes if wish.number is not None]:
            await self._agreed(wish)
        if not self._wishes:
            await self._connection.fetchval("SELECT 1")

    async def _give_back(self, held: Granted) -> None:
        if held.gone.is_set():
            return  # with the connection
        statement, values = held.undo
        await self._connection.fetchval(statement, *values)
        self._held.pop(held.name, None)
        _log.info("gave back the lease %s", held.name)

    async def _take_free(self, wishes: list[_Wish]) -> None:
        """One question for all that is wanted; only what seems free is tried."""
        keys = {key(name): name for wish in wishes for name in wish.names if name not in self._held}
        if not keys:
            return
        free = {keys[row["key"]] for row in await self._connection.fetch(_FREE, list(keys))}
        for wish in wishes:
            for name in [name for name in wish.names if name in free]:
                free.discard(name)
                if await self._connection.fetchval("SELECT pg_try_advisory_lock($1)", key(name)):
                    self._grant(wish, Granted(name, undo=("SELECT pg_advisory_unlock($1)", (key(name),))))
                    break
            else:
                _tell(wish)

    async def _agreed(self, wish: _Wish) -> None:
        """The number is a shared lock; the one lock before it lets two who begin at once see each other."""
        name, room = wish.names[0], key(wish.names[0]) & 0x7FFF_FFFF
        async with self._connection.transaction():
            if not await self._connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", key(name)):
                return None  # no waiting here: this connection must beat
            used = await self._connection.fetchval(_NUMBERS, room)
            number = wish.number or 0 if used is None else int(used)
            if wish.firm and number != wish.number:
                return _tell(wish)
            await self._connection.fetchval("SELECT pg_advisory_lock_shared($1::int, $2::int)", room, number)
        undo = "SELECT pg_advisory_unlock_shared($1::int, $2::int)", (room, number)
        return self._grant(wish, Granted(name, number, undo))

    def _grant(self, wish: _Wish, held: Granted) -> None:
        self._held[held.name] = held
        if wish in self._wishes and not wish.granted.done():
            self._wishes.remove(wish)
            wish.granted.set_result(held)
            _log.info("took the lease %s", held.name)
        else:
            self._leaving.append(held)  # nobody waits for it any more
            self._wake.set()

    def _ended(self, _: object) -> None:
        """The connection tells that it is closed."""
        self._break("the connection ended")

    def _break(self, why: str) -> None:
        """Everything is lost, and everybody is told before anything else happens."""
        connection, self._connection = self._connection, None
        lost = list(self._held.values())
        self._held.clear()
        for held in lost:
            held.gone.set()
        if connection is not None:
            connection.remove_termination_listener(self._ended)
            connection.terminate()
        if not self._away:
            _log.warning("no connection to the database for leases (%s); %d lost", why, len(lost))
        self._away = True


def _tell(wish: _Wish) -> None:
    if not wish.told:
        wish.told = True
        _log.info("standing by for the lease %s", wish.names[0])


def key(name: str) -> int:
    """The number of a lock, of 64 bits, with its sign as PostgreSQL has it."""
    return int.from_bytes(hashlib.sha256(f"kusama-bot:{name}".encode()).digest()[:8], "big", signed=True)
