"""The settings at hand: no query for what is known, and nothing older than promised."""

import asyncio
import gc
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.core.community import Community
from bot.core.errors import StoreError
from bot.core.model import DISCORD, TELEGRAM, Place, Risk
from bot.core.ports import Communities
from bot.features.communities import KnownCommunities

GUILD = Place(DISCORD, "1", "10")
GROUP = Place(TELEGRAM, "-5", "-5")
DAY = date(2026, 11, 22)


class Stored:
    """`CommunityRecords` in a dictionary, which notes its reads."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str | None], Community] = {}
        self.reads: list[str | None] = []
        self.broken = self.changed = False
        self.gate = asyncio.Event()
        self.gate.set()

    async def read(self, place: Place) -> Community | None:
        self.reads.append(place.community)
        row = self.rows.get((place.platform, place.community))
        await self.gate.wait()
        if self.broken:
            raise StoreError("gone", "wait")
        return row

    async def change(self, place: Place, edit: Callable[[Community], Community]) -> tuple[Community, Community]:
        key = (place.platform, place.community)
        before = self.rows.get(key, Community(*key))
        self.rows[key] = edit(before)
        return before, self.rows[key]

    async def changed_elsewhere(self) -> bool:
        return self.changed

    async def moved(self, place: Place, new: str) -> None:
        row = self.rows.pop((place.platform, place.community))
        self.rows[place.platform, new] = replace(row, id=new)

    async def left(self, place: Place, day: date) -> None:
        return None

    async def returned(self, *places: Place) -> None:
        return None

    async def wipe(self, place: Place) -> None:
        self.rows.pop((place.platform, place.community), None)

    async def wipe_left(self, before: date) -> Sequence[Place]:
        self.rows.clear()
        return [GUILD]


class Bench:
    """A cache over it, with its clock in hand."""

    def __init__(self) -> None:
        self.now = 0.0
        self.stored = Stored()
        self.troubles: list[StoreError] = []
        self.known = KnownCommunities(self.stored, lambda: self.now, lambda: DAY, self.troubles.append, lambda: 60.0)


@pytest.fixture
def bench() -> Bench:
    return Bench()


def louder(one: Community) -> Community:
    return replace(one, risk_floor=Risk.HIGH)


def as_port(bench: Bench) -> Communities:
    """No test but mypy's: it is what the responder asks for."""
    return bench.known


async def test_a_known_community_costs_no_query(bench: Bench) -> None:
    for _ in range(5):
        assert await bench.known.of(replace(GUILD, channel="11")) == Community(DISCORD, "1")
    assert bench.stored.reads == ["1"]
    assert bench.stored.rows == {}


async def test_a_direct_chat_has_the_defaults_and_costs_nothing(bench: Bench) -> None:
    assert await bench.known.of(Place(TELEGRAM, None, "77")) == Community(TELEGRAM, None)
    assert bench.stored.reads == []


async def test_a_change_is_seen_at_once_and_costs_no_query(bench: Bench) -> None:
    await bench.known.of(GUILD)
    assert await bench.known.change(GUILD, louder) == await bench.known.of(GUILD)
    assert (await bench.known.of(GUILD)).risk_floor is Risk.HIGH
    assert bench.stored.reads == ["1"]


async def test_another_processs_change_is_seen_when_its_time_is_over(bench: Bench) -> None:
    await bench.known.of(GUILD)
    await bench.stored.change(GUILD, louder)
    bench.now = 59.9
    assert (await bench.known.of(GUILD)).risk_floor is Risk.GENERAL
    bench.now = 60
    assert (await bench.known.of(GUILD)).risk_floor is Risk.HIGH


async def test_a_slow_read_does_not_undo_a_change(bench: Bench) -> None:
    bench.stored.gate.clear()
    slow = asyncio.create_task(bench.known.of(GUILD))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await bench.known.change(GUILD, louder)
    bench.stored.gate.set()
    assert (await slow).risk_floor is Risk.GENERAL
    assert (await bench.known.of(GUILD)).risk_floor is Risk.HIGH


async def test_what_is_known_stays_in_use_while_the_store_is_in_trouble(bench: Bench) -> None:
    await bench.known.change(GUILD, louder)
    bench.stored.broken, bench.now = True, 60
    for _ in range(3):
        assert (await bench.known.of(GUILD)).risk_floor is Risk.HIGH
    assert bench.stored.reads == ["1"], "it does not ask again at once"
    assert [error.reason for error in bench.troubles] == ["gone"]
    with pytest.raises(StoreError):
        await bench.known.of(GROUP)


async def test_a_group_that_moved_is_known_under_its_new_id_alone(bench: Bench) -> None:
    await bench.known.of(Place(TELEGRAM, "-1005"))
    await bench.known.change(GROUP, louder)
    await bench.known.moved(GROUP, "-1005")
    assert await bench.known.of(Place(TELEGRAM, "-1005")) == Community(TELEGRAM, "-1005", risk_floor=Risk.HIGH)
    assert await bench.known.of(GROUP) == Community(TELEGRAM, "-5")


async def test_a_forgotten_community_has_the_defaults_again(bench: Bench) -> None:
    await bench.known.change(GUILD, louder)
    await bench.known.forget(GUILD)
    assert await bench.known.of(GUILD) == Community(DISCORD, "1")


async def test_communities_wiped_after_their_days_have_the_defaults_again(bench: Bench) -> None:
    await bench.known.change(GUILD, louder)
    assert await bench.known.forget_left(DAY) == [GUILD]
    assert await bench.known.of(GUILD) == Community(DISCORD, "1")


async def test_what_another_process_wrote_to_the_file_is_read_at_the_next_recheck(bench: Bench) -> None:
    await bench.known.of(GUILD)
    await bench.known.recheck()
    await bench.known.of(GUILD)
    bench.stored.changed = True
    await bench.known.recheck()
    await bench.known.of(GUILD)
    assert bench.stored.reads == ["1", "1"]


async def test_a_listener_gets_the_settings_before_and_after_a_change(bench: Bench) -> None:
    told: list[tuple[Community, Community]] = []
    bench.known.listen(lambda *change: told.append(change))
    await bench.known.change(GUILD, louder)
    assert told == [(Community(DISCORD, "1"), louder(Community(DISCORD, "1")))]


async def test_those_who_ask_at_the_same_time_share_one_read_even_when_some_give_up(bench: Bench) -> None:
    bench.stored.gate.clear()
    asking = [asyncio.create_task(bench.known.of(GUILD)) for _ in range(40)]
    for _ in range(3):
        await asyncio.sleep(0)
    asking[5].cancel()
    asking[0].cancel()
    bench.stored.gate.set()
    told = await asyncio.gather(*asking, return_exceptions=True)
    assert told[1:5] + told[6:] == [Community(DISCORD, "1")] * 38
    assert bench.stored.reads == ["1"]


async def test_a_read_that_fails_when_all_who_asked_have_given_up_is_no_error_of_its_own(bench: Bench) -> None:
    unheard: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unheard.append(context))
    bench.stored.gate.clear()
    bench.stored.broken = True
    asking = asyncio.create_task(bench.known.of(GUILD))
    for _ in range(3):
        await asyncio.sleep(0)
    assert bench.stored.reads == ["1"]
    asking.cancel()
    await asyncio.wait([asking])
    bench.stored.gate.set()
    for _ in range(5):
        await asyncio.sleep(0)
    del asking  # it would keep what it waited for
    gc.collect()
    assert unheard == []


async def test_what_was_being_read_before_everything_was_forgotten_is_told_to_nobody_afterwards(bench: Bench) -> None:
    await bench.known.change(GUILD, louder)
    bench.now += 61
    bench.stored.gate.clear()
    before = asyncio.create_task(bench.known.of(GUILD))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await bench.known.forget(GUILD)
    bench.stored.gate.set()
    assert await bench.known.of(GUILD) == Community(DISCORD, "1")
    assert (await before).risk_floor is Risk.HIGH
