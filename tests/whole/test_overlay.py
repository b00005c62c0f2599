"""The whole bot with a community's folder over the shipped answers, asked on both platforms while it is edited."""

import asyncio
from pathlib import Path

import pytest

from tests.content.test_overlay import ANSWER, EN, SOURCE
from tests.faults.stage import served
from tests.waiting import PATIENCE

WHOSE = "checked November 30, 2026 · House rules of the Berlin meetup"


async def test_a_communitys_answers_are_given_named_and_edited_on_both_platforms(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "community"
    (folder / EN).parent.mkdir(parents=True)
    (folder / EN).write_text(ANSWER, "utf-8")
    (folder / "source.yaml").write_text(SOURCE, "utf-8")
    async with served(tmp_path, content=f"{tmp_path / 'responses'}:{folder}") as bot:
        telegram, discord, guild, channel = bot.telegram, bot.discord, bot.guild, bot.channel
        chat, mod = telegram.chat(rights=["can_pin_messages"]), telegram.member("Mod")
        chat.put(mod, "administrator", ["can_pin_messages"])
        shown = list[str]()
        for words in ("/meetups", "/ask when is your next meetup?", "/about", "/whatisksm"):
            telegram.send(chat, telegram.member(), words)
            await telegram.wait_for("sendMessage", len(shown) + 1)
            shown.append(telegram.of("sendMessage")[-1].params["text"])
        assert [WHOSE in text for text in shown] == [True, True, False, False]
        assert "Answers whose source line names “House rules of the Berlin meetup”" in shown[2]
        assert all("⚠️" in text for text in shown)
        said = (await discord.slash(channel, guild.member("ada"), "meetups").message()).shown
        assert WHOSE in said
        assert "⚠️" in said
        assert "House rules" in (await discord.slash(channel, guild.member("bob"), "about").message()).shown
        telegram.send(chat, mod, "/pin meetups")
        await telegram.wait_for("pinChatMessage")
        (folder / EN).write_text(ANSWER.replace("Bring a question", "Bring a friend"), "utf-8")
        await telegram.wait_for("editMessageText")
        assert "Bring a friend" in telegram.of("editMessageText")[-1].params["text"]
        assert "Bring a friend" in (await discord.slash(channel, guild.member("eve"), "meetups").message()).shown
        bot.service.content.watch_problems((read := asyncio.Event()).set)
        (folder / EN).write_text(ANSWER.replace("risk: general", "risk: none"), "utf-8")
        async with asyncio.timeout(PATIENCE):
            while f"{folder}/{EN}:" not in caplog.text:
                await read.wait()
                read.clear()
