"""/pin, /unpin and /pins as moderators use them, with the real clients on both platforms."""

from bot.core.community import PinState
from bot.core.model import Risk
from tests.features.pins.stage import OnDiscord, OnTelegram, Side, edited, raised, records, round_
from tests.house import listed

HIGH = "no protection or compensation"


async def test_a_pin_is_posted_pinned_and_remembered_with_its_warning(side: Side) -> None:
    assert "Pinned" in await side.says("pin", "whatisksm")
    (text,) = side.pinned
    assert HIGH in text
    (pin,) = await records(side)
    assert (pin.ref.place, pin.command, pin.state) == (side.place, "whatisksm", PinState.CURRENT)
    assert pin.digest


async def test_pinning_again_refreshes_instead_of_doubling(side: Side) -> None:
    await side.says("pin", "whatisksm")
    await edited(side, "whatisksm", "What is KSM?", "So, what is KSM?")
    assert "was already pinned here" in await side.says("pin", "whatisksm")
    assert len(side.written) == len(await records(side)) == 1
    assert "So, what is KSM?" in side.pinned[0]


async def test_pinning_again_after_the_message_was_deleted_posts_it_anew(side: Side) -> None:
    await side.says("pin", "whatisksm")
    side.delete()
    assert "Pinned" in await side.says("pin", "whatisksm")
    assert len(side.pinned) == len(await records(side)) == 1


async def test_unpinning_forgets_and_leaves_the_message(side: Side) -> None:
    await side.says("pin", "whatisksm")
    assert "Unpinned" in await side.says("unpin", "whatisksm")
    assert (side.pinned, len(side.written), await records(side)) == ([], 1, [])


async def test_unpinning_what_is_not_pinned_says_so(side: Side) -> None:
    assert "is not pinned here" in await side.says("unpin", "whatisksm")
    assert "no such topic" in await side.says("unpin", "nothing-we-know")


async def test_a_topic_is_understood_in_any_spelling(side: Side) -> None:
    await side.says("pin", "Kusama_vs_Polkadot")
    assert [pin.command for pin in await records(side)] == ["kusama-vs-polkadot"]


async def test_a_topic_is_understood_by_its_title_in_every_language(side: Side) -> None:
    await side.says("pin", "What is KSM?")
    assert [pin.command for pin in await records(side)] == ["whatisksm"]
    languages = side.parts.shelf.edition.catalog.languages
    for language in languages.values():
        assert "up to date" in await side.says("pin", language.entries["whatisksm"].title)
    assert "Unpinned" in await side.says("unpin", languages["ru"].entries["whatisksm"].title)


async def test_a_topic_that_is_none_is_refused_with_what_to_type(side: Side) -> None:
    assert "no such topic" in await side.says("pin", "nothing-we-know")
    assert "no such topic" in await side.says("pin", "risk")
    assert await records(side) == []


async def test_the_list_tells_every_pin_and_how_it_fares(side: Side) -> None:
    assert "Nothing is pinned" in await side.says("pins")
    await side.says("pin", "whatisksm")
    await side.says("pin", "governance")
    listed = await side.says("pins")
    assert "Pinned in this community: 2" in listed
    assert listed.count("up to date") == 2
    await raised(side, Risk.HIGH)
    listed = await side.says("pins")
    assert (listed.count("up to date"), listed.count("an update is on its way")) == (1, 1)


async def test_whoever_may_not_pin_is_told_which_right_is_missing(side: Side) -> None:
    await side.says("pin", "whatisksm")
    side.strip()
    for command, topic in (("pin", "governance"), ("unpin", "whatisksm"), ("pins", "")):
        assert "You need the right to pin messages" in await side.says(command, topic)
    assert len(await records(side)) == len(side.pinned) == 1


async def test_a_bot_that_may_not_pin_posts_nothing_and_says_what_is_missing(side: Side) -> None:
    side.disarm()
    assert "The bot lacks the right to pin messages" in await side.says("pin", "whatisksm")
    assert (side.written, await records(side)) == ([], [])


async def test_the_note_that_something_was_pinned_is_removed(side: Side) -> None:
    await side.says("pin", "whatisksm")
    await side.says("pins")
    assert side.notes == 0


async def test_a_direct_chat_has_no_pins(group: OnTelegram) -> None:
    chat = group.server.private(group.moderator)
    group.server.send(chat, group.moderator, "/pin whatisksm")
    (call,) = await group.server.wait_for("sendMessage")
    assert "in a community only" in call.text
    assert chat.pins == []


async def test_an_anonymous_admin_counts_when_every_anonymous_admin_may_pin(group: OnTelegram) -> None:
    chat, boss, other = group.chat, group.server.member("Boss"), group.server.member("Other")
    chat.put(boss, "administrator", ["can_pin_messages"], is_anonymous=True)
    said = group.server.send(chat, boss, "/pin whatisksm", thread=group.thread, sender_chat=chat)
    assert "Pinned" in await group.answer_to(said)
    chat.put(other, "administrator", ["can_change_info"], is_anonymous=True)
    said = group.server.send(chat, boss, "/pin governance", thread=group.thread, sender_chat=chat)
    assert "only when every anonymous admin" in await group.answer_to(said)


async def test_somebody_who_writes_as_a_channel_is_refused(group: OnTelegram) -> None:
    channel = group.server.chat("channel", "Look-alike")
    said = group.server.send(group.chat, group.moderator, "/pin whatisksm", thread=group.thread, sender_chat=channel)
    assert "A channel cannot do this" in await group.answer_to(said)
    assert group.pinned == []


async def test_nothing_makes_a_sound(group: OnTelegram) -> None:
    await group.says("pin", "whatisksm")
    posted = next(call for call in group.server.of("sendMessage") if "⚠️" in call.text)
    (pinned,) = group.server.of("pinChatMessage")
    assert posted.params["disable_notification"] is True
    assert pinned.params["disable_notification"] is True


async def test_a_pin_whose_channel_is_gone_is_removed_from_anywhere(side: Side) -> None:
    await side.says("pin", "whatisksm")
    side.elsewhere()
    assert "is not pinned here" in await side.says("unpin", "whatisksm"), "one that lives is not meant"
    side.demolish()
    if side.place.platform == "telegram":  # which tells of a topic that is gone at an edit alone
        await edited(side, "whatisksm", "What is KSM?", "So, what is KSM?")
        await round_(side)
    assert "Unpinned" in await side.says("unpin", "What is KSM?")
    assert await records(side) == []


async def test_a_pin_elsewhere_is_removed_by_what_the_list_calls_it(side: Side) -> None:
    await side.says("pin", "whatisksm")
    side.elsewhere()
    await side.says("pin", "whatisksm")
    named = [row.split(": ")[0] for row in listed(await side.says("pins"))[1:]]
    assert len(set(named)) == 2, "two topics are told apart"
    there = next(row for row in named if side.place.thread and side.place.thread in row)
    assert "Unpinned" in await side.says("unpin", f"whatisksm {there.split(' ')[-1]}")
    assert [pin.ref.place == side.place for pin in await records(side)] == [False]


async def test_the_audit_log_of_discord_says_that_a_moderator_asked(guild: OnDiscord) -> None:
    await guild.says("pin", "whatisksm")
    await guild.says("unpin", "whatisksm")
    reasons = [guild.server.done(method, "/messages/pins/")[-1].reason for method in ("PUT", "DELETE")]
    assert reasons == ["/pin by a moderator", "/unpin by a moderator"]
