"""Pins follow their text, with the real clients on both platforms."""

import asyncio
from dataclasses import replace

from bot.core.community import UNKNOWN, PinState
from bot.core.model import Right, Risk
from bot.core.sealed_catalog import SealedCatalog
from bot.runtime.telemetry import PINS
from tests.fakes import telegram
from tests.fakes.discord_rights import INVITED
from tests.fakes.discord_rights import Right as Bit
from tests.features.pins.stage import OnDiscord, OnTelegram, Side, edited, raised, records, round_

HIGH = "no protection or compensation"


async def state(side: Side) -> PinState:
    (pin,) = await records(side)
    return pin.state


async def pinned(side: Side, topic: str = "governance") -> None:
    assert "Pinned" in await side.says("pin", topic)


async def newly_worded(side: Side) -> None:
    await edited(side, "governance", "How is Kusama governed?", "So, how is Kusama governed?")


async def test_an_edited_answer_changes_the_pin_in_place(side: Side) -> None:
    await pinned(side)
    await newly_worded(side)
    await round_(side)
    assert len(side.written) == 1
    assert "So, how is Kusama governed?" in side.pinned[0]
    assert "up to date" in await side.says("pins")


async def test_a_raised_floor_changes_the_warning_and_a_lowered_one_sets_it_back(side: Side) -> None:
    await pinned(side)
    (before,) = side.pinned
    assert HIGH not in before
    await raised(side, Risk.HIGH)
    await round_(side)
    assert HIGH in side.pinned[0]
    await raised(side, Risk.GENERAL)
    await round_(side)
    assert side.pinned == [before]


async def test_what_has_not_changed_is_never_edited(side: Side) -> None:
    await pinned(side)
    for _ in range(3):
        await round_(side)
    await edited(side, "whatisksm", "What is KSM?", "So, what is KSM?")
    await round_(side)
    assert side.edits == 0


async def test_a_deleted_message_is_recorded_and_not_tried_again(side: Side) -> None:
    await pinned(side)
    side.delete()
    await newly_worded(side)
    await round_(side)
    assert await state(side) is PinState.GONE
    assert "the message was deleted" in await side.says("pins")
    tried = side.edits
    await round_(side)
    assert side.edits == tried


async def test_a_closed_topic_is_recorded_and_a_new_pin_mends_it(side: Side) -> None:
    await pinned(side)
    side.close()
    await newly_worded(side)
    await round_(side)
    assert await state(side) is PinState.CLOSED
    assert "closed" in (await side.says("pins") if isinstance(side, OnTelegram) else "closed")
    tried = side.edits
    await round_(side)
    assert side.edits == tried
    if isinstance(side, OnDiscord):
        side.channel.archived = False
    assert "was already pinned here" in await side.says("pin", "governance")
    assert await state(side) is PinState.CURRENT


async def test_a_bot_that_is_shut_out_notes_it_and_asks_no_more(side: Side) -> None:
    await pinned(side)
    side.shut_out()
    await newly_worded(side)
    await round_(side)
    (pin,) = await records(side)
    assert (pin.state, pin.missing) == (PinState.FORBIDDEN, Right.SEND)
    tried = side.edits
    await round_(side)
    assert side.edits == tried


async def test_a_bot_that_may_no_longer_pin_keeps_the_words_true(side: Side) -> None:
    await pinned(side)
    side.disarm()
    await newly_worded(side)
    await round_(side)
    assert "So, how is Kusama governed?" in side.written[0]


async def test_a_long_wait_is_obeyed_and_the_pin_follows_after_it(side: Side) -> None:
    await pinned(side)
    await newly_worded(side)
    side.flood()
    wait = await round_(side)
    assert wait == 60
    tried = side.edits
    side.parts.told.now += 60
    await round_(side)
    assert side.edits == tried, "the chat is left alone for as long as was asked"
    assert "an update is on its way" in await side.says("pins")
    side.parts.told.now += 61
    await round_(side)
    assert "So, how is Kusama governed?" in side.pinned[0]


async def test_an_explainer_that_was_removed_leaves_its_pins_as_they_are(side: Side) -> None:
    await pinned(side)
    (before,) = side.pinned
    await removed(side, "governance")
    await round_(side)
    assert side.pinned == [before]
    assert await state(side) is PinState.ORPHANED
    assert "no longer exists" in await side.says("pins")
    side.parts.instead = None
    await round_(side)
    assert await state(side) is PinState.CURRENT
    assert side.edits == 0


async def removed(side: Side, command: str) -> None:
    """Take an explainer out of a catalog that is already loaded: the folder's own cross-checks are not the matter."""
    catalog = side.parts.edition.catalog
    english = catalog.default
    entries = {name: entry for name, entry in english.entries.items() if name != command}
    fewer = replace(
        catalog,
        revision="fewer",
        languages={"en": replace(english, entries=entries)},
        commands=tuple(info for info in catalog.commands if info.name != command),
    )
    side.parts.instead = SealedCatalog(fewer)


async def renamed(side: Side) -> None:
    """`governance` goes on as `how-kusama-works`, whose alias it becomes."""
    await removed(side, "governance")
    catalog = side.parts.edition.catalog
    english = catalog.default
    entry = replace(english.entries["how-kusama-works"], aliases=("governance",))
    languages = {"en": replace(english, entries={**english.entries, "how-kusama-works": entry})}
    side.parts.instead = SealedCatalog(replace(catalog, languages=languages))


async def test_a_renamed_explainer_takes_its_pins_along(side: Side) -> None:
    await pinned(side)
    await renamed(side)
    await round_(side)
    assert "How does Kusama work?" in side.pinned[0]
    assert await state(side) is PinState.CURRENT
    assert "was already pinned here" in await side.says("pin", "how-kusama-works")
    assert len(side.written) == 1
    assert "Unpinned" in await side.says("unpin", "how-kusama-works")
    assert await records(side) == []


async def test_a_pin_that_was_recorded_and_not_yet_pinned_is_pinned(side: Side) -> None:
    await pinned(side)
    side.unpin()
    (pin,) = await records(side)
    await side.parts.store.pins.update(replace(pin, state=PinState.POSTED))
    await round_(side)
    assert len(side.pinned) == 1
    assert (await state(side), side.edits) == (PinState.CURRENT, 0)


async def test_what_somebody_unpinned_is_not_pinned_again(side: Side) -> None:
    await pinned(side)
    side.unpin()
    await newly_worded(side)
    await round_(side)
    assert side.pinned == []
    assert "So, how is Kusama governed?" in side.written[0]


async def test_discord_tells_that_somebody_unpinned_it(guild: OnDiscord) -> None:
    await pinned(guild)
    guild.unpin()
    await newly_worded(guild)
    await round_(guild)
    assert await state(guild) is PinState.UNPINNED
    assert "somebody unpinned it" in await guild.says("pins")
    assert "was already pinned here" in await guild.says("pin", "governance")
    assert (len(guild.pinned), await state(guild)) == (1, PinState.CURRENT)


async def test_a_full_channel_keeps_the_message_and_its_words_true(guild: OnDiscord) -> None:
    guild.server.pins.cap = 0
    assert "has no room for more pins" in await guild.says("pin", "governance")
    assert await state(guild) is PinState.FULL
    await newly_worded(guild)
    await round_(guild)
    assert "So, how is Kusama governed?" in guild.written[0]
    assert "has no room for more pins" in await guild.says("pins")


async def test_too_many_edits_of_old_messages_rest_that_channel_alone(guild: OnDiscord) -> None:
    await pinned(guild)
    guild.server.advance(7200)
    guild.server.posts.old_edits, guild.server.posts.old_edits_retry_after = 0, 60
    await newly_worded(guild)
    await round_(guild)
    assert "an update is on its way" in await guild.says("pins")
    guild.server.posts.old_edits = 5
    guild.parts.told.now += 120
    await round_(guild)
    assert "So, how is Kusama governed?" in guild.pinned[0]


async def test_a_flood_in_one_chat_does_not_hold_up_the_others(group: OnTelegram) -> None:
    await pinned(group)
    other = group.server.chat(rights=("can_pin_messages",))
    other.put(group.moderator, "administrator", ["can_pin_messages"])
    said = group.server.send(other, group.moderator, "/pin governance")
    await group.answer_to(said)
    await newly_worded(group)
    group.flood()
    await round_(group)
    assert "So, how" in other.messages[other.pins[0]].text
    assert "So, how" not in group.pinned[0]


async def test_a_group_that_moved_keeps_its_pins_under_its_new_id(group: OnTelegram) -> None:
    old = group.server.chat("group", rights=("can_pin_messages",))
    old.put(group.moderator, "administrator", ["can_pin_messages"])
    said = group.server.send(old, group.moderator, "/pin governance")
    await group.answer_to(said)
    new = group.server.migrate(old)
    await newly_worded(group)
    await round_(group)
    place = replace(group.place, community=str(new.id), channel=str(new.id), thread=None)
    (pin,) = await group.parts.store.pins.of(place)
    assert pin.ref.place == place
    assert pin.state is PinState.GONE, "Telegram leaves a group's old messages behind"
    assert await group.parts.store.pins.of(replace(place, community=str(old.id))) == ()


async def test_a_server_that_is_out_of_order_is_asked_again_later(group: OnTelegram) -> None:
    await pinned(group)
    await newly_worded(group)
    group.fail()
    wait = await round_(group)
    assert wait == 30
    group.parts.told.now += wait
    await round_(group)
    assert "So, how is Kusama governed?" in group.pinned[0]


async def test_words_that_already_stand_there_are_no_error(group: OnTelegram) -> None:
    await pinned(group)
    (pin,) = await records(group)
    await group.parts.store.pins.update(replace(pin, digest="from before a crash"))
    await round_(group)
    assert group.server.of("editMessageText")[-1].description.startswith("Bad Request: message is not modified")
    (after,) = await records(group)
    assert after == pin


async def test_a_token_that_is_no_longer_known_spoils_no_pin(group: OnTelegram) -> None:
    await pinned(group)
    (before,) = await records(group)
    await newly_worded(group)
    group.server.fail_next("editMessageText", telegram.status(401, "Unauthorized"))
    await round_(group)
    assert await records(group) == [replace(before, digest=UNKNOWN)]


async def test_the_right_to_pin_that_comes_back_is_used_by_the_next_pin(guild: OnDiscord) -> None:
    guild.server.fail_next("PUT", "/messages/pins/", status=403, code=50013)
    assert "could not be pinned" in await guild.says("pin", "governance")
    (pin,) = await records(guild)
    assert (pin.state, pin.missing) == (PinState.FORBIDDEN, Right.PIN)
    assert "lacks the right to pin messages" in await guild.says("pins")
    await newly_worded(guild)
    await round_(guild)
    assert "So, how is Kusama governed?" in guild.written[0], "its words are kept true all the same"
    guild.guild.bot_permissions(INVITED | Bit.PIN_MESSAGES)
    await guild.says("pin", "governance")
    assert (len(guild.pinned), await state(guild)) == (1, PinState.CURRENT)


async def test_commands_are_answered_while_pins_are_edited(group: OnTelegram) -> None:
    await pinned(group)
    await newly_worded(group)
    slow = telegram.hold()
    group.server.fail_next("editMessageText", slow)
    running = asyncio.create_task(round_(group))
    await group.server.wait_for_start("editMessageText")
    assert "⚠️" in await group.says("whatisksm")
    assert "an update is on its way" in await group.says("pins")
    slow.gate.set()
    await running
    assert "So, how is Kusama governed?" in group.pinned[0]


async def test_what_became_of_each_pin_is_counted(side: Side) -> None:
    await pinned(side)
    await newly_worded(side)
    await round_(side)
    assert side.parts.counts == ["updated"]
    side.flood()
    await edited(side, "governance", "So, how is Kusama governed?", "How is Kusama governed?")
    await round_(side)
    assert side.parts.counts == ["updated", "waits"]


async def test_a_pin_that_is_lost_is_counted_by_its_state(side: Side) -> None:
    await pinned(side)
    side.delete()
    await newly_worded(side)
    await round_(side)
    assert side.parts.counts == ["gone"]
    assert set(side.parts.counts) <= set(PINS)
    assert {one.value for one in PinState if not one.followed} - {"orphaned"} <= set(PINS)


async def test_a_text_that_was_taken_back_never_stays_because_an_answer_was_lost(side: Side) -> None:
    await pinned(side)
    await newly_worded(side)
    side.lose_answer()
    await round_(side)
    assert "So, how is Kusama governed?" in side.pinned[0]
    await edited(side, "governance", "So, how is Kusama governed?", "How is Kusama governed?")
    assert "an update is on its way" in await side.says("pins")
    side.parts.told.now += 61
    await round_(side)
    assert "So, how is Kusama governed?" not in side.pinned[0]
    assert "up to date" in await side.says("pins")
    tried = side.edits
    await round_(side)
    assert side.edits == tried
