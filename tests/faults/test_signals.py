"""The bot as a process, told to end or killed while something goes wrong: it leaves in time and never answers twice."""

import asyncio
import resource
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.fakes.discord_server import DiscordServer
from tests.fakes.telegram import HANG, TelegramServer, flood, hold
from tests.whole.process import Bot, running

LEAVING = 10.0  # seconds


@asynccontextmanager
async def process(home: Path, telegram: TelegramServer, discord: DiscordServer) -> AsyncIterator[Bot]:
    """The bot for these two servers, connected to both."""
    settings = {
        "TELEGRAM_TOKEN": telegram.token,
        "TELEGRAM_API_URL": telegram.base_url.removesuffix("/bot"),
        "DISCORD_TOKEN": discord.token,
        **discord.environment,
    }
    async with running(home, module=("tests.fakes.discord_point", "bot"), **settings) as bot:
        async with asyncio.timeout(30):
            await discord.gateway.connected(1)
        await telegram.until_polling(seconds=30)
        yield bot


async def leaves(bot: Bot) -> None:
    """It ends by itself, in time and without a failure."""
    async with asyncio.timeout(LEAVING):
        assert await bot.stop(signal.SIGTERM) == 0
    assert "never retrieved" not in "\n".join(bot.log)


@pytest.mark.parametrize("fault", ["an answer hangs", "a chat has to wait", "discord is away", "a file is broken"])
async def test_told_to_end_in_the_middle_of_a_fault_it_leaves_in_time(tmp_path: Path, fault: str) -> None:
    async with (
        TelegramServer() as telegram,
        DiscordServer(point=False) as discord,
        process(tmp_path, telegram, discord) as bot,
    ):
        chat = telegram.private(member := telegram.member())
        if fault == "discord is away":
            await discord.down()
        elif fault == "a file is broken":
            (tmp_path / "responses/en/answers/whatisksm.yaml").write_text("title: [", "utf-8")
            await bot.says("problem")
        else:
            telegram.fail_next("sendMessage", HANG if fault == "an answer hangs" else flood(15))
            telegram.send(chat, member, "/risk")
            await telegram.wait_for("sendMessage", seconds=20)
        await leaves(bot)


async def test_killed_before_its_answer_was_taken_it_never_answers_twice(tmp_path: Path) -> None:
    async with TelegramServer() as telegram, DiscordServer(point=False) as discord:
        member = telegram.member()
        chat, held = telegram.private(member), hold()
        async with process(tmp_path, telegram, discord) as bot:
            telegram.fail_next("sendMessage", held)
            telegram.send(chat, member, "/risk")
            await telegram.wait_for_start("sendMessage", seconds=20)
            await bot.stop(signal.SIGKILL)
        held.gate.set()
        async with process(tmp_path, telegram, discord) as bot:
            telegram.send(chat, member, "/help")
            await telegram.until(
                lambda: [one for one in _said(telegram, chat.id) if "/topics" in one] or None, seconds=20
            )
            await leaves(bot)
        said = _said(telegram, chat.id)
        assert len(said) == len(set(said)) <= 2, "the first answer stands once or is lost"


async def test_killed_while_discord_is_away_it_serves_both_again(tmp_path: Path) -> None:
    async with TelegramServer() as telegram, DiscordServer(point=False) as discord:
        async with process(tmp_path, telegram, discord) as bot:
            await discord.down()
            await bot.stop(signal.SIGKILL)
        await discord.up()
        guild = discord.guild()
        async with process(tmp_path, telegram, discord) as bot:
            await discord.wait_for("PUT", r"/commands$")
            asked = discord.slash(guild.channel(), guild.member("ada"), "whatisksm")
            async with asyncio.timeout(20):
                assert "⚠️" in (await asked.message()).content
            await leaves(bot)


async def test_a_full_disk_stops_no_answer_and_no_leaving(tmp_path: Path) -> None:
    async with TelegramServer() as telegram, DiscordServer(point=False) as discord:
        guild = discord.guild()
        channel, owner = guild.channel(), guild.members[guild.owner_id]
        async with process(tmp_path, telegram, discord) as bot:
            await discord.wait_for("PUT", r"/commands$")
            full = (1, resource.RLIM_INFINITY)  # no file may grow beyond a byte: every write is refused
            resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, full)
            refused = discord.slash(channel, owner, "settings", {"name": "cooldown", "value": "7"})
            async with asyncio.timeout(20):
                assert "7" not in (await refused.message()).content
            telegram.send(telegram.private(member := telegram.member()), member, "/risk")
            await telegram.wait_for("sendMessage", seconds=20)
            resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
            taken = discord.slash(channel, owner, "settings", {"name": "cooldown", "value": "7"})
            async with asyncio.timeout(20):
                assert "7" in (await taken.message()).content
            assert await bot.stop() == 0


def _said(telegram: TelegramServer, chat: int) -> list[str]:
    mine = telegram.world.chats[chat].messages.values()
    return [one.text for one in mine if one.sender is telegram.bot]
