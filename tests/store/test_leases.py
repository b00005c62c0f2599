"""Leases: one holder a name, who is told when it is lost; another takes over when a holder is gone."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import pytest
from sqlalchemy import URL

from bot.core.ports import Leases
from bot.store.leases import BEAT, IDLE, PATIENCE, PostgresLeases, key, open_leases
from tests.postgres import USER, Server
from tests.waiting import PATIENCE as GIVING_UP


async def at_once(_: float) -> None:
    """A beat as fast as the database answers."""
    await asyncio.sleep(0)


async def never(_: float) -> None:
    """A process that does not beat again."""
    await asyncio.Event().wait()


@pytest.fixture
def database(postgres: Server) -> URL:
    return postgres.new_database()


class Holder:
    """Somebody who holds one of these names for as long as it is wanted."""

    def __init__(self, leases: Leases, *names: str) -> None:
        self.leases, self.names = leases, names
        self.has = asyncio.Event()
        self.lost = asyncio.Event()
        self.name = ""
        self._task = asyncio.create_task(self._hold())

    async def _hold(self) -> None:
        async with self.leases.hold(*self.names) as lease:
            self.name = lease.name
            self.has.set()
            await lease.lost()
            self.lost.set()

    async def leave(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


async def soon(true: Callable[[], Awaitable[Any]]) -> Any:
    async with asyncio.timeout(GIVING_UP):
        return await true()


async def end_all_holders(database: URL) -> None:
    """What the death of their processes does, seen from the database."""
    connection = await asyncpg.connect(user=USER, database=database.database, host=str(database.query["host"]))
    mine = "application_name = 'kusama-bot leases' AND datname = current_database()"
    await connection.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {mine}")
    await connection.close()


async def test_a_name_has_one_holder_and_goes_to_the_next_when_given_back(url: URL) -> None:
    async with open_leases(url, at_once) as leases:
        first, second = Holder(leases, "receiver"), Holder(leases, "receiver")
        await soon(first.has.wait)
        assert not second.has.is_set()
        await first.leave()
        await soon(second.has.wait)
        assert not first.lost.is_set()
        await second.leave()


async def test_each_holder_gets_another_of_the_names_until_none_is_left(url: URL) -> None:
    async with open_leases(url, at_once) as leases:
        holders = [Holder(leases, "a", "b", "c") for _ in range(3)]
        for holder in holders:
            await soon(holder.has.wait)
        assert {holder.name for holder in holders} == {"a", "b", "c"}
        for holder in holders:
            await holder.leave()


async def test_another_process_takes_over_when_the_holder_leaves_in_order(database: URL) -> None:
    async with open_leases(database, at_once) as successor:
        async with open_leases(database, at_once) as holder:
            mine = Holder(holder, "receiver")
            await soon(mine.has.wait)
            theirs = Holder(successor, "receiver")
        await soon(theirs.has.wait)
        assert mine.lost.is_set()
        await theirs.leave()


async def test_a_holder_whose_connection_ends_is_told_without_a_beat_and_another_takes_over(database: URL) -> None:
    async with open_leases(database, never) as holder, open_leases(database, at_once) as successor:
        mine = Holder(holder, "receiver")
        await soon(mine.has.wait)
        theirs = Holder(successor, "receiver")
        await end_all_holders(database)
        await soon(mine.lost.wait)
        await soon(theirs.has.wait)
        await theirs.leave()


async def test_a_lost_name_can_be_held_again(database: URL) -> None:
    async with open_leases(database, at_once) as leases:
        mine = Holder(leases, "receiver")
        await soon(mine.has.wait)
        await end_all_holders(database)
        await soon(mine.lost.wait)
        again = Holder(leases, "receiver")
        await soon(again.has.wait)
        await again.leave()


async def test_the_database_takes_everything_from_a_holder_that_falls_silent(database: URL) -> None:
    async with open_leases(database, never, idle=0.05) as silent, open_leases(database, at_once) as successor:
        mine = Holder(silent, "receiver")
        await soon(mine.has.wait)
        theirs = Holder(successor, "receiver")
        await soon(theirs.has.wait)
        await soon(mine.lost.wait)
        await theirs.leave()


def test_a_holder_gives_up_before_the_database_does_and_a_standby_is_there_within_15_seconds() -> None:
    """A beat's statement may be done at once and be heard of a whole PATIENCE later; the next begins a BEAT after."""
    assert PATIENCE + BEAT + PATIENCE < IDLE
    assert IDLE + BEAT < 15


class Hanging:
    """A connection that answers so often, and then no more: the network is gone, and nobody says so."""

    def __init__(self, answers: int) -> None:
        self.left = answers
        self.ended = False

    async def fetchval(self, *_: object) -> object:
        self.left -= 1
        if self.left < 0:
            await asyncio.Event().wait()
        return True

    async def fetch(self, _: str, keys: list[int]) -> list[dict[str, int]]:
        await self.fetchval()
        return [{"key": one} for one in keys]

    def add_termination_listener(self, _: object) -> None: ...

    def remove_termination_listener(self, _: object) -> None: ...

    def terminate(self) -> None:
        self.ended = True


async def test_a_holder_that_hears_nothing_any_more_gives_up_by_itself() -> None:
    connections = [Hanging(3), Hanging(99)]
    waiting = iter(connections)

    async def connect() -> Hanging:
        return next(waiting)

    leases = PostgresLeases(connect, at_once, patience=0.01)
    keeping = asyncio.create_task(leases.keep())
    mine = Holder(leases, "receiver")
    await soon(mine.has.wait)
    await soon(mine.lost.wait)
    assert connections[0].ended
    again = Holder(leases, "receiver")
    await soon(again.has.wait)
    await again.leave()
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)


async def test_who_stops_waiting_keeps_nothing(database: URL) -> None:
    async with open_leases(database, at_once) as leases, open_leases(database, at_once) as others:
        first = Holder(leases, "receiver")
        await soon(first.has.wait)
        waiting = Holder(others, "receiver")
        await asyncio.sleep(0)
        await waiting.leave()
        await first.leave()
        third = Holder(leases, "receiver")
        await soon(third.has.wait)
        await third.leave()


async def test_a_database_that_cannot_be_reached_grants_nothing_and_is_asked_again() -> None:
    asked = asyncio.Event()
    tries = 0

    async def connect() -> Any:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise ConnectionRefusedError
        asked.set()
        return Hanging(99)

    leases = PostgresLeases(connect, at_once)
    keeping = asyncio.create_task(leases.keep())
    mine = Holder(leases, "receiver")
    await soon(asked.wait)
    assert not mine.has.is_set()
    await soon(mine.has.wait)
    await mine.leave()
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)


def test_names_become_locks_of_their_own() -> None:
    keys = {key(f"discord:1:{shard}") for shard in range(10_000)}
    assert len(keys) == 10_000
    assert all(-(2**63) <= one < 2**63 for one in keys)
