"""The playground as a platform: what the bot posts there by itself."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.adapters.playground import requests
from bot.adapters.playground.join_simulator import Clock, FakeMembers
from bot.adapters.playground.posts import MOST_POSTS, Posts
from bot.core.disclaimer import Reply
from bot.core.errors import MessageGone
from bot.core.join_window import Join
from bot.core.model import Member, Place, Right, Risk
from bot.core.ports import Platform
from tests.adapters.playground.stage import real_catalog, stage

HERE = requests.COMMUNITY


def reply(command: str = "whatisksm", floor: Risk = Risk.GENERAL) -> Reply:
    """A sealed explainer."""
    edition = stage().shelf.edition
    sealed = edition.explainer(command, real_catalog().default, floor)
    assert sealed is not None
    return sealed


async def test_the_playground_is_a_platform_like_the_others() -> None:
    here = stage()
    platform: Platform = here.playground
    ref = await platform.post(HERE, reply())
    await platform.pin(ref)
    assert await platform.edit(ref, reply("staking")) is True
    async with here.client() as client, client.get("/events") as stream:
        told = (await stream.content.readuntil(b"event: post\n")) + await stream.content.readline()
    assert b'"pinned":true,"edited":1' in told
    assert reply("staking").digest.encode() in told
    await platform.unpin(ref)
    await platform.delete(ref)
    with pytest.raises(MessageGone):
        await platform.edit(ref, reply())


async def test_a_nonce_posts_a_single_time() -> None:
    playground = stage().playground
    first = await playground.post(HERE, reply(), once="greeting-1")
    assert await playground.post(HERE, reply(), once="greeting-1") == first
    assert await playground.post(HERE, reply(), once="greeting-2") != first


async def test_the_bot_and_a_moderator_may_do_all_and_a_member_may_write() -> None:
    playground = stage().playground
    assert await playground.rights(HERE, None) == ~Right.NONE
    assert await playground.rights(HERE, requests.MODERATOR) == ~Right.NONE
    assert await playground.rights(HERE, requests.MEMBER) == Right.SEND | Right.HISTORY
    assert await playground.rights(HERE, Member("3")) == Right.SEND | Right.HISTORY


async def test_the_oldest_posts_make_room_but_pins_stay() -> None:
    room = Posts(lambda: None, lambda: 1.5)
    pin = await room.post(HERE, reply())
    await room.pin(pin)
    for _ in range(MOST_POSTS + 5):
        await room.post(HERE, reply())
    assert len(room.posts) == MOST_POSTS
    assert room.posts[0].ref == pin


async def test_the_same_words_again_are_no_edit() -> None:
    room = Posts(lambda: None, lambda: 1.5)
    ref = await room.post(HERE, reply())
    await room.edit(ref, reply())
    assert room.posts[0].edited is None
    await room.edit(ref, reply(floor=Risk.HIGH))  # its own risk is high already
    assert room.posts[0].edited is None
    await room.edit(ref, reply("whatiskusama", Risk.HIGH))
    assert room.posts[0].edited == 1.5


NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_a_crowd_has_as_many_as_asked_for_each_with_an_id_of_their_own() -> None:
    crowd = FakeMembers(lambda: NOON)
    spammers, guests = crowd.create(500, hostile=True), crowd.create(3, hostile=False)
    assert len({join.member for join in (*spammers, *guests)}) == 503
    assert any("@everyone" in join.name for join in spammers)
    assert [join.name for join in guests] == ["newcomer 1", "newcomer 2", "newcomer 3"]
    assert {join.at for join in guests} == {NOON}


async def test_a_clock_made_faster_wakes_who_sleeps_earlier() -> None:
    seconds = [100.0]
    clock = Clock(lambda: seconds[0])
    asleep = asyncio.create_task(clock.sleep(600))
    await asyncio.sleep(0)
    seconds[0] += 5
    clock.set_speed(60)
    assert clock.now() == 5
    seconds[0] += 9
    clock.set_speed(60)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not asleep.done()
    seconds[0] += 1
    clock.set_speed(1)
    await asleep
    assert clock.now() == 605


async def test_the_clock_is_set_from_the_page_to_the_speeds_there_are() -> None:
    here = stage()
    bad: list[Any] = [{"speed": 2}, {"speed": True}, {"speed": "10"}, {}, [], {"speed": 10, "more": 1}]
    async with here.client() as client:
        wrong = [(await client.post("/api/clock", json=data)).status for data in bad]
        assert (await client.post("/api/clock", json={"speed": 60})).status == 200
    assert wrong == [400] * 6
    assert here.playground.clock.speed == 60


async def test_joins_are_handed_on_once_somebody_greets() -> None:
    here = stage()
    came: list[tuple[Place, int]] = []

    async def joined(place: Place, joins: Sequence[Join]) -> None:
        came.append((place, len(joins)))

    async with here.client() as client:
        refused = await client.post("/api/join", json={"count": 3, "hostile": True})
        here.playground.greet(joined)
        taken = await client.post("/api/join", json={"count": 10})
        bad: list[Any] = [{"count": 0}, {"count": 501}, {"count": True}, {"count": "1"}, {"count": 1, "more": 1}, []]
        wrong = [(await client.post("/api/join", json=data)).status for data in bad]
    assert (refused.status, taken.status) == (404, 200)
    assert came == [(HERE, 10)]
    assert wrong == [400] * 6
