"""Leases: one holder a name, who is told when it is lost; another takes over when a holder is gone."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, text

from bot.core.leases import Leases
from bot.store.advisory_locks import BEAT, IDLE, PATIENCE, PostgresLeases, key
from bot.store.engine import engine
from bot.store.leases import open_leases
from bot.store.url import address
from tests.postgres import Server
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
    other = engine(database)
    async with other.connect() as connection:
        await connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE application_name = 'kusama-bot leases' AND datname = current_database()"
            )
        )
    await other.dispose()


async def test_a_name_has_one_holder_and_goes_to_the_next_when_given_back(url: URL, tmp_path: Path) -> None:
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

    async def fetchval(self, statement: str, *_: object) -> object:
        self.left -= 1
        if self.left < 0:
            await asyncio.Event().wait()
        return True

    async def fetch(self, _: str, keys: list[int]) -> list[dict[str, int]]:
        return [{"key": one} for one in keys]

    def add_termination_listener(self, _: object) -> None: ...

    def remove_termination_listener(self, _: object) -> None: ...

    def terminate(self) -> None:
        self.ended = True


async def test_a_holder_that_hears_nothing_any_more_gives_up_by_itself() -> None:
    connections = [Hanging(2), Hanging(99)]
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


async def test_processes_that_begin_at_once_agree_on_one_number(database: URL) -> None:
    got: list[int] = []
    all_in = asyncio.Event()

    async def one(number: int) -> None:
        async with open_leases(database, at_once) as leases, leases.agree("shards", number, firm=False) as agreed:
            got.append(agreed.number)
            if len(got) == 3:
                all_in.set()
            await soon(all_in.wait)

    await asyncio.gather(*map(one, (2, 3, 4)))
    assert len(set(got)) == 1


async def test_a_firm_number_waits_until_those_with_another_have_left(database: URL) -> None:
    in_use = asyncio.Event()

    async def firm(leases: Leases) -> int:
        async with leases.agree("shards", 4, firm=True) as agreed:
            in_use.set()
            return agreed.number

    async with open_leases(database, at_once) as old, open_leases(database, at_once) as new:
        async with old.agree("shards", 2, firm=False):
            wanting = asyncio.create_task(firm(new))
            async with new.agree("other", 9, firm=True) as other:  # granted in the same rounds
                assert other.number == 9
            assert not in_use.is_set()
        assert await asyncio.wait_for(wanting, GIVING_UP) == 4


async def test_one_process_alone_agrees_with_itself(tmp_path: Path) -> None:
    async with open_leases(address(None, tmp_path), never) as leases, leases.agree("shards", 3, firm=True) as agreed:
        assert agreed.number == 3


def test_names_become_locks_of_their_own() -> None:
    keys = {key(f"discord:1:{shard}") for shard in range(10_000)}
    assert len(keys) == 10_000
    assert all(-(2**63) <= one < 2**63 for one in keys)
