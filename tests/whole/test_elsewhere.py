"""The whole bot in a Telegram channel, and as a guest with the loudest warning."""

import asyncio
from functools import partial
from pathlib import Path

from tests.faults.stage import served
from tests.waiting import PATIENCE

RIGHTS = ("can_post_messages", "can_edit_messages")
GROUP_ONLY = "This works in a group only, not in a channel."


def written(folder: Path) -> bytes:
    """All that the bot has left in files."""
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


async def test_an_explainer_is_pinned_in_a_channel_and_a_guest_answers_with_the_loudest_warning(tmp_path: Path) -> None:
    async with served(tmp_path) as bot, asyncio.timeout(PATIENCE):
        telegram = bot.telegram
        channel, owner = telegram.chat("channel", rights=RIGHTS), telegram.member()
        channel.put(owner, "creator")
        assert "Pinned" in await bot.answered(telegram.post(channel, owner, "/pin governance"))
        (pinned,) = channel.pins
        assert "High risk" in channel.messages[pinned].text
        query = telegram.call_guest(telegram.member(), "@kusama_test_bot /governance")
        told = await telegram.until(lambda: telegram.answer_to(query))
        assert "Crypto is high-risk" in told["result"]["message"]["text"]
        query = telegram.call_guest(telegram.member(), "@kusama_test_bot /settings risk high")
        told = await telegram.until(lambda: telegram.answer_to(query))
        assert told["result"]["message"]["text"] == "For this, the bot must be added to this community first."


async def test_what_needs_members_is_refused_in_a_channel_with_a_clear_word(tmp_path: Path) -> None:
    async with served(tmp_path) as bot, asyncio.timeout(PATIENCE):
        telegram = bot.telegram
        channel, owner = telegram.chat("channel", rights=RIGHTS), telegram.member()
        channel.put(owner, "creator")
        for text in ("/welcome on", "/welcome", "/welcome preview", "/settings channels here", "/settings cooldown 9"):
            assert await bot.answered(telegram.post(channel, owner, text)) == GROUP_ONLY
        assert "no longer greeted" in await bot.answered(telegram.post(channel, owner, "/welcome off"))
        settings = await bot.answered(telegram.post(channel, owner, "/settings"))
        assert "language: English" in settings
        assert "welcome" not in settings
        assert "channels" not in settings
        assert "cooldown" not in settings
        for text in ("/whatisksm", "/risk", "/whatiskusama"):  # only administrators write there: nobody has to wait
            assert "⚠️" in await bot.answered(telegram.post(channel, owner, text))
        channel.put(telegram.bot, "administrator", ("can_post_messages",))
        assert "switch on Edit Messages" in await bot.answered(telegram.post(channel, owner, "/diagnose"))
        channel.put(telegram.member(), "administrator", ("can_post_messages",))
        assert "every admin who may post" in await bot.answered(telegram.post(channel, owner, "/pins"))


async def test_a_channel_forgets_at_the_press_of_who_may_manage_it_and_not_of_a_subscriber(tmp_path: Path) -> None:
    async with served(tmp_path) as bot, asyncio.timeout(PATIENCE):
        telegram = bot.telegram
        channel, owner, *others = telegram.chat("channel", rights=RIGHTS), *(telegram.member() for _ in range(3))
        channel.put(owner, "creator")
        assert "Saved." in await bot.answered(telegram.post(channel, owner, "/settings risk high"))
        assert "press the button" in await bot.answered(telegram.post(channel, owner, "/privacy forget"))
        message = channel.said(telegram.bot)[-1]
        data = message.buttons[0][0]["callback_data"]
        version, locale, command, word, _, until = data.split(":")
        forged = ":".join((version, locale, command, word, str(others[1].id), until))
        for pressed, member, words in (
            (data, others[0], "You need the right to manage"),
            (forged, others[1], "You need the right to manage"),
            (data, owner, "Everything is deleted"),
        ):
            query = telegram.press(message, pressed, member, forged=True)
            told = await telegram.until(partial(telegram.answer_to, query))
            assert words in told["text"]
            expected = "general" if member is owner else "high"
            assert f"risk: {expected}" in await bot.answered(telegram.post(channel, owner, "/settings"))


async def test_of_a_guests_chat_and_of_whoever_presses_nothing_is_stored(tmp_path: Path) -> None:
    async with served(tmp_path) as bot, asyncio.timeout(PATIENCE):
        telegram = bot.telegram
        caller, reader, group = telegram.member(), telegram.member(language_code="ru"), telegram.chat()
        query = telegram.call_guest(caller, "@kusama_test_bot what is ksm?")
        await telegram.until(partial(telegram.answer_to, query))
        await bot.answered(telegram.send(group, telegram.member(), "/whatisksm"))
        message = group.said(telegram.bot)[-1]
        for data in ("v1:en:whatisksm:wrong", "v1:*en:whatisksm"):
            await telegram.until(partial(telegram.answer_to, telegram.press(message, data, reader, forged=True)))
    stored = written(tmp_path / "data")
    assert str(group.id).encode() in stored
    for secret in ("1001900000000", "Elsewhere", str(caller.id), str(reader.id)):
        assert secret.encode() not in stored
