"""/post: explainers that stand in a channel without being pinned, and a channel of all of them, on both platforms."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from unittest.mock import AsyncMock

import pytest

from bot.core.community import Pin, PinState
from bot.core.errors import StoreError
from bot.core.faults import Fault
from bot.core.model import Place
from tests.builders import shipped
from tests.fakes.discord_people import NotOffered
from tests.fakes.discord_rights import Right as Bit
from tests.fakes.telegram import LOST_ANSWER
from tests.features.pins.stage import NOW, OnDiscord, OnTelegram, Side, edited, records, round_
from tests.features.pins.test_refresh import removed

ALL = tuple(shipped().explainers)
LINK = re.compile(r"\((https://discord\.com/channels/[0-9/]+)\)")


def links(side: Side) -> list[str]:
    """Where the table of contents leads, in its order."""
    if isinstance(side, OnTelegram):
        said = side.chat.said(side.server.bot)
        return [one["url"] for message in said for one in message.entities if one["type"] == "text_link"]
    return [link for text in side.written for link in LINK.findall(text)]


async def posted_all(side: Side, words: str = "all") -> str:
    """`/post all`, confirmed; returns what the bot answers to the press."""
    assert "press the button within a minute" in await side.says("post", words)
    return await side.presses()


async def titles(side: Side) -> list[str]:
    """The titles of the explainers that stand there, oldest first."""
    return [text.split("\n")[0].strip("*") for text in side.written if not text.startswith(("Topics", "**Topics"))]


async def test_a_post_follows_its_text_and_is_not_pinned(side: Side) -> None:
    assert "Posted" in await side.says("post", "governance")
    assert "already posted" in await side.says("post", "governance")
    await edited(side, "governance", "How is Kusama governed?", "So, how is Kusama governed?")
    await round_(side)
    assert (len(side.written), side.pinned) == (1, [])
    assert "So, how is Kusama governed?" in side.written[0]
    listed = await side.says("pins")
    assert listed == "Posts kept up to date: 1"
    assert "Unpinned" in await side.says("unpin", "governance")
    assert await records(side) == []


async def test_a_post_that_is_pinned_then_stays_one_message(side: Side) -> None:
    await side.says("post", "governance")
    await side.says("pin", "governance")
    assert len(side.written) == len(side.pinned) == 1
    await side.says("post", "governance")
    assert (len(side.written), len(side.pinned)) == (1, 1)


async def test_a_post_whose_explainer_was_removed_says_so_and_comes_back_with_it(side: Side) -> None:
    await side.says("post", "governance")
    before = side.written
    await removed(side, "governance")
    await round_(side)
    assert side.written == []
    assert "this explainer no longer exists, and the message says so" in await side.says("pins")
    side.parts.instead = None
    await round_(side)
    assert side.written == before


async def test_all_explainers_are_posted_in_order_below_contents_that_lead_to_each(side: Side) -> None:
    assert f"one after another: {len(ALL)}" in await posted_all(side)
    await round_(side)
    english = shipped().default.entries
    assert await titles(side) == [english[command].title for command in ALL]
    by_command = {pin.command: pin.ref.message for pin in await records(side)}
    assert [link.rsplit("/", 1)[1] for link in links(side)] == [by_command[command] for command in ALL]
    assert side.pinned == []
    tried = side.edits
    await round_(side)
    assert side.edits == tried, "what has not changed is never edited"


async def test_what_is_added_is_appended_and_what_is_removed_leaves_the_contents(side: Side) -> None:
    await removed(side, "governance")
    await posted_all(side)
    await round_(side)
    assert len(links(side)) == len(ALL) - 1
    side.parts.instead = None
    await round_(side)
    assert (await titles(side))[-1] == shipped().default.entries["governance"].title
    assert len(links(side)) == len(ALL)
    await removed(side, "whatisksm")
    await round_(side)
    assert len(links(side)) == len(ALL) - 1
    assert shipped().default.entries["whatisksm"].title not in await titles(side)


async def test_an_explainer_that_goes_while_its_channel_is_looked_up_is_not_posted(
    side: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    await posted_all(side)
    of = side.parts.store.pins.of

    async def gone_meanwhile(place: Place) -> Sequence[Pin]:
        kept = await of(place)
        await removed(side, ALL[0])
        return kept

    with monkeypatch.context() as slow:
        slow.setattr(side.parts.store.pins, "of", gone_meanwhile)
        await round_(side)
    assert not {pin.command for pin in await records(side)}.intersection(ALL)


async def test_a_second_press_and_a_broken_line_double_nothing(side: Side) -> None:
    await posted_all(side)
    side.flood_posts(after=5)
    await round_(side)
    assert 0 < len(await titles(side)) < len(ALL)
    assert "one after another" in await posted_all(side)
    side.parts.told.now += 901
    await round_(side)
    assert len(await titles(side)) == len(set(await titles(side))) == len(ALL)


async def test_a_post_whose_outcome_is_unknown_is_not_repeated_by_itself(group: OnTelegram) -> None:
    await posted_all(group)
    group.server.fail_next("sendMessage", LOST_ANSWER, chat=group.chat)
    for _ in range(3):
        await round_(group)
    assert len(await titles(group)) == 1
    assert "the message could not be updated" in await group.says("pins")
    await posted_all(group)
    await round_(group)
    assert len(await titles(group)) == len(ALL) + 1, "a moderator asked again"


async def test_a_post_that_cannot_be_recorded_does_not_stand_there_once_more_with_every_round(
    side: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    await posted_all(side)
    refused = AsyncMock(side_effect=StoreError("The disk is full", "Free some space", Fault.FULL))
    with monkeypatch.context() as full:
        full.setattr(side.parts.store.pins, "record", refused)
        for _ in range(3):
            await round_(side)
    assert refused.await_count == 3
    assert await titles(side) == []
    await round_(side)
    assert len(await titles(side)) == len(set(await titles(side))) == len(ALL)


async def test_only_the_asker_confirms_and_within_a_minute(side: Side) -> None:
    await side.says("post", "all")
    assert "Only the person who asked" in await side.presses(stranger=True)
    side.parts.now = NOW + timedelta(seconds=61)
    assert "This button is too old" in await side.presses()
    assert await records(side) == []


async def test_a_language_of_its_own_stays_with_the_message(side: Side) -> None:
    await side.says("pin", "governance español")
    await side.says("post", "whatisksm here русский")
    assert [pin.locale for pin in sorted(await records(side), key=lambda pin: pin.command)] == ["es", "ru"]
    spanish = shipped().languages["es"].entries["governance"]
    assert spanish.title in side.pinned[0]
    await side.parts.communities.change(side.place, lambda one: replace(one, locale="ru"))
    await round_(side)
    assert spanish.title in side.pinned[0]
    assert "/pin" in await side.says("pin", "governance klingon")
    assert len(await records(side)) == 2


async def test_a_channel_or_topic_by_its_name_alone_is_answered_with_what_to_do(side: Side) -> None:
    said = await side.says("post", "all #random")
    assert said.startswith(
        ("A channel’s name alone is not understood. Choose", "Bots do not know topics by name. Type")
    )


async def test_all_posts_are_given_up_together(side: Side) -> None:
    await posted_all(side)
    await round_(side)
    assert "one of those" in await side.says("unpin", "governance")
    assert "no longer updated" in await side.says("unpin", "all")
    assert await records(side) == []
    await round_(side)
    assert len(await titles(side)) == len(ALL)


async def test_lost_rights_are_shown_with_the_command_that_posts(side: Side) -> None:
    await posted_all(side)
    side.forbid_posts()
    await round_(side)
    first = next(pin for pin in await records(side) if pin.command == "_contents1")
    assert first.state is PinState.FORBIDDEN
    assert "the bot lacks the right to send messages" in await side.says("pins")


async def test_a_channel_that_speaks_a_language_of_its_own_has_its_posts_in_it(side: Side) -> None:
    await side.says("post", "governance")
    await side.says("pin", "whatisksm english")
    channel = side.place.thread or side.place.channel or ""
    await side.parts.communities.change(side.place, lambda one: replace(one, languages={channel: "es"}))
    await round_(side)
    spanish = shipped().languages["es"].entries
    assert spanish["governance"].title in side.written[0]
    assert shipped().default.entries["whatisksm"].title in side.written[1], "it was given a language of its own"
    assert "/whatisksm" in await side.says("pins")


async def test_discord_posts_in_another_channel_where_the_moderator_may_pin(guild: OnDiscord) -> None:
    other = guild.guild.channel("faq")
    assert "Posted" in await guild.says("post", f"governance <#{other.id}> español")
    (message,) = other.messages.values()
    assert shipped().languages["es"].entries["governance"].title in message.content
    assert "press the button" in await guild.says("post", f"all <#{other.id}> es")
    assert "one after another" in await guild.presses()
    await round_(guild)
    assert len(other.messages) == len(ALL) + 2
    assert guild.written == []


async def test_discord_offers_the_channels_that_take_messages(guild: OnDiscord) -> None:
    other, server = guild.guild.channel("faq"), guild.server
    asked = server.slash(guild.channel, guild.moderator, "post", {"topic": "governance", "where": other})
    assert "Posted" in (await asked.message()).content
    assert len(other.messages) == 1
    forum = guild.guild.forum()
    with pytest.raises(NotOffered):
        server.slash(guild.channel, guild.moderator, "post", {"topic": "governance", "where": forum})
    sent = server.slash(guild.channel, guild.moderator, "post", {"topic": "governance", "where": forum}, forged=True)
    assert (await sent.message()).content.startswith("The bot cannot post there.")


async def test_discord_posts_nowhere_else(guild: OnDiscord) -> None:
    strangers = guild.server.guild("Strangers").channel("theirs")
    hidden = guild.guild.channel("hidden")
    hidden.overwrite(guild.moderator, deny=Bit.PIN_MESSAGES)
    for channel, why in ((strangers, "cannot post there"), (hidden, "You need the right to pin messages")):
        assert why in await guild.says("post", f"governance <#{channel.id}>")
    assert await records(guild) == []
