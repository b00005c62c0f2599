"""/log: who changed what is told in one channel, at once, silently, on both platforms."""

import asyncio
import gc
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.errors import PlatformError
from tests.faults.stage import Whole, served
from tests.waiting import PATIENCE

MANAGER = ("can_change_info", "can_pin_messages")
_SILENT = 1 << 12


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Whole]:
    async with served(tmp_path) as one, asyncio.timeout(PATIENCE):
        yield one


async def test_changes_on_discord_are_told_in_the_channel_of_the_log_without_a_sound_or_a_mention(bot: Whole) -> None:
    async def says(command: str, options: dict[str, str] | None = None) -> str:
        return (await bot.discord.slash(bot.channel, bot.boss, command, options or {}).message()).content

    mods = bot.guild.channel("mods")
    on = await bot.discord.slash(mods, bot.boss, "log", {"action": "on"}).message()
    assert f"<#{mods.id}>" in on.content
    await says("settings", {"name": "risk", "value": "high"})
    await says("settings", {"name": "risk", "value": "high"})  # changes nothing
    await says("settings")
    await says("welcome", {"action": "on"})
    await says("pin", {"topic": "whatisksm"})
    told = [one for one in mods.messages.values() if "used" in one.content]
    assert {one.content.split(" used ")[0] for one in told} == {bot.boss.user.name}
    assert "risk: high" in told[0].content
    assert "New members are greeted" in told[1].content
    assert "Pinned" in told[2].content
    calls = bot.discord.done("POST", rf"/channels/{mods.id}/messages$")
    assert len(calls) == 3
    for call in calls:
        assert call.body["allowed_mentions"] == {"parse": []}
        assert call.body["flags"] & _SILENT
    assert f"log: in <#{mods.id}>" in await says("settings")
    await says("log", {"action": "off"})
    await says("settings", {"name": "risk", "value": "general"})
    assert len(bot.discord.done("POST", rf"/channels/{mods.id}/messages$")) == 4, "that it is off was told, and no more"


async def test_a_change_that_cannot_be_told_is_shown_by_diagnose_until_one_can(bot: Whole) -> None:
    async def says(command: str, options: dict[str, str] | None = None) -> str:
        return (await bot.discord.slash(bot.channel, bot.boss, command, options or {}).message()).content

    mods = bot.guild.channel("mods")
    await bot.discord.slash(mods, bot.boss, "log", {"action": "on"}).message()
    bot.discord.fail_next("POST", rf"/channels/{mods.id}/messages$", status=403, code=50013)
    assert "Saved" in await says("settings", {"name": "risk", "value": "high"})
    assert "The last change could not be reported" in await says("diagnose")
    await says("settings", {"name": "risk", "value": "general"})
    assert "could not be reported" not in await says("diagnose")


async def test_of_a_change_that_could_not_be_told_nothing_is_kept_but_why(bot: Whole) -> None:
    mods = bot.guild.channel("mods")
    await bot.discord.slash(mods, bot.boss, "log", {"action": "on"}).message()
    before = _errors()
    refused = bot.discord.fail_next("POST", rf"/channels/{mods.id}/messages$", status=403, code=50013)
    await bot.discord.slash(bot.channel, bot.boss, "settings", {"name": "risk", "value": "high"}).message()
    assert refused.hit.is_set()
    assert [one for one in _errors() if not any(one is other for other in before)] == [], (
        "an error holds the request that it came of"
    )


def _errors() -> list[PlatformError]:
    """Those that something still refers to."""
    gc.collect()
    return [one for one in gc.get_objects() if isinstance(one, PlatformError)]


async def test_changes_on_telegram_are_told_in_the_topic_of_the_log_with_the_moderators_name_made_harmless(
    bot: Whole,
) -> None:
    telegram = bot.telegram
    chat, boss = telegram.chat(forum=True), telegram.member("Ada @everyone")
    chat.put(boss, "administrator", MANAGER)
    chat.topics[42] = "Moderators"
    assert f"reported in t.me/c/{str(chat.id)[4:]}/42, with the name" in await bot.answered(
        telegram.send(chat, boss, "/log on", thread=42)
    )
    await bot.answered(telegram.send(chat, boss, "/settings cooldown 9", ephemeral=True))
    assert "greeted" in await bot.answered(telegram.send(chat, boss, "/welcome on"))
    told = [one for one in telegram.of("sendMessage") if " used /" in one.params["text"]]
    assert [one.params["message_thread_id"] for one in told] == [42, 42]
    assert all(one.params["disable_notification"] for one in told)
    assert told[0].params["text"].startswith("Ada ")
    assert "@everyone" not in told[0].params["text"]
    assert "cooldown: 9 s" in told[0].params["text"]


@pytest.mark.parametrize("name", ["\u200b\u2063", "Send me your seed"])
async def test_a_moderator_whose_name_shows_nothing_or_cannot_be_shown_is_told_as_a_dash(bot: Whole, name: str) -> None:
    chat, boss = bot.telegram.chat(), bot.telegram.member(name)
    chat.put(boss, "creator")
    await bot.answered(bot.telegram.send(chat, boss, "/log on"))
    bot.telegram.send(chat, boss, "/settings cooldown 9")

    def told() -> list[str]:
        return [one.text for one in chat.said(bot.telegram.bot) if " used /settings" in one.text]

    (said,) = await bot.telegram.until(told)
    assert said.startswith("— used")


async def test_forgetting_everything_is_told_once_more_and_then_nothing(bot: Whole) -> None:
    mods = bot.guild.channel("mods")
    await bot.discord.slash(mods, bot.boss, "log", {"action": "on"}).message()
    asked = await bot.discord.slash(bot.channel, bot.boss, "privacy", {"action": "forget"}).message()
    await bot.discord.press(asked, asked.buttons[0][1], bot.boss).message()
    (told,) = bot.discord.done("POST", rf"/channels/{mods.id}/messages$")
    assert "Everything is deleted" in told.body["content"]


async def test_a_log_is_for_who_may_manage_and_says_where_it_stands(bot: Whole) -> None:
    said = await bot.discord.slash(bot.channel, bot.boss, "log").message()
    assert "not reported" in said.content
    chat, pinner = bot.telegram.chat(), bot.telegram.member()
    chat.put(pinner, "administrator", ["can_pin_messages"])
    assert "the right to manage" in await bot.answered(bot.telegram.send(chat, pinner, "/log on"))
    owner = bot.telegram.member()
    chat.put(owner, "creator")
    assert "Type on or off" in await bot.answered(bot.telegram.send(chat, owner, "/log maybe"))
