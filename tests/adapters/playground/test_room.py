"""The playground as a platform: what the bot posts there by itself."""

from collections.abc import Sequence
from typing import Any

import pytest

from bot.adapters.playground import read
from bot.adapters.playground.crowd import crowd
from bot.adapters.playground.room import MOST_POSTS, Room
from bot.core.disclaimer import Reply
from bot.core.errors import MessageGone
from bot.core.model import Member, Place, Right, Risk
from bot.core.ports import Platform
from tests.adapters.playground.stage import real_catalog, stage

HERE = read.COMMUNITY


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
    assert b'"pinned":true,"edits":1' in told
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
    assert await playground.rights(HERE, read.MODERATOR) == ~Right.NONE
    assert await playground.rights(HERE, read.MEMBER) == Right.SEND | Right.HISTORY
    assert await playground.rights(HERE, Member("3")) == Right.SEND | Right.HISTORY


def test_the_oldest_posts_make_room_but_pins_stay() -> None:
    room = Room(lambda: None)
    pin = room.add(HERE, reply(), None)
    room.mark(pin, True)
    for _ in range(MOST_POSTS + 5):
        room.add(HERE, reply(), None)
    assert len(room.posts) == MOST_POSTS
    assert room.posts[0].ref == pin


def test_the_same_words_again_are_no_edit() -> None:
    room = Room(lambda: None)
    ref = room.add(Place("playground", "playground", "general"), reply(), None)
    room.exchange(ref, reply())
    assert room.posts[0].edits == 0
    room.exchange(ref, reply(floor=Risk.HIGH))  # its own risk is high already
    assert room.posts[0].edits == 0
    room.exchange(ref, reply("whatiskusama", Risk.HIGH))
    assert room.posts[0].edits == 1


def test_a_crowd_has_as_many_members_as_asked_for_each_with_an_id_of_its_own() -> None:
    members = crowd(500, hostile=True)
    assert len({member.id for member in members}) == 500
    assert any("@everyone" in member.name for member in members)
    assert {member.name for member in crowd(3, hostile=False)} == {"newcomer 1", "newcomer 2", "newcomer 3"}


async def test_joins_are_handed_on_once_somebody_greets() -> None:
    here = stage()
    came: list[tuple[Place, int]] = []

    async def joined(place: Place, members: Sequence[Member]) -> None:
        came.append((place, len(members)))

    async with here.client() as client:
        refused = await client.post("/api/join", json={"count": 3, "hostile": True})
        here.playground.greet(joined)
        taken = await client.post("/api/join", json={"count": 10})
        bad: list[Any] = [{"count": 0}, {"count": 501}, {"count": True}, {"count": "1"}, {"count": 1, "more": 1}, []]
        wrong = [(await client.post("/api/join", json=data)).status for data in bad]
    assert (refused.status, taken.status) == (404, 200)
    assert came == [(HERE, 10)]
    assert wrong == [400] * 6
