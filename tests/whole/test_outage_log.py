"""The log of a process whose platforms fail: a line for the beginning and one for the end, and nothing of the SDKs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.fakes.discord_server import DiscordServer
from tests.fakes.telegram import TelegramServer, status
from tests.whole.process import Bot, running


@asynccontextmanager
async def serving(home: Path, telegram: TelegramServer, discord: DiscordServer) -> AsyncIterator[Bot]:
    """A process that serves both."""
    settings = {
        "TELEGRAM_TOKEN": telegram.token,
        "TELEGRAM_API_URL": telegram.base_url.removesuffix("/bot"),
        "DISCORD_TOKEN": discord.token,
        **discord.environment,
    }
    async with running(home, module=("tests.fakes.discord_point", "bot"), **settings) as bot:
        await discord.gateway.connected(1)
        await telegram.until_polling()
        await ready(bot)
        yield bot


async def ready(bot: Bot) -> None:
    """Return once /readyz says so."""
    while (await bot.get("/readyz"))[0] != 200:
        pass


def bad(bot: Bot) -> list[str]:
    """The lines that are no information."""
    return [line for line in bot.log if "[info" not in line]


async def test_an_outage_of_either_platform_is_a_line_at_its_beginning_and_one_at_its_end(tmp_path: Path) -> None:
    async with TelegramServer() as telegram, DiscordServer(point=False) as discord:
        async with serving(tmp_path, telegram, discord) as bot:
            discord.gateway.refusing = 3
            telegram.fail_next("getUpdates", status(502, "Bad Gateway"), times=3)
            discord.gateway.drop()
            await bot.says("discord: back after")
            await bot.says("telegram: back after")
            assert await bot.stop() == 0
        for platform in ("discord", "telegram"):
            assert len([line for line in bad(bot) if f"{platform}: " in line]) == 1
        assert len(bad(bot)) == 2, "\n".join(bot.log)


async def test_a_start_says_nothing_of_an_outage_and_a_rate_limit_is_not_logged_by_the_library(tmp_path: Path) -> None:
    async with TelegramServer() as telegram, DiscordServer(point=False) as discord:
        async with serving(tmp_path, telegram, discord) as bot:
            guild = discord.guild()
            flood = discord.fail_next("POST", "/callback$", status=429, retry_after=0.1)
            asked = discord.slash(guild.channel(), guild.member("ada"), "whatisksm")
            await flood.hit.wait()
            assert "⚠️" in (await asked.message()).content
            assert await bot.stop() == 0
        assert bad(bot) == []
        assert not [line for line in bot.log if "back after" in line]


async def test_a_token_that_is_refused_in_the_middle_of_a_run_is_a_line(tmp_path: Path) -> None:
    async with TelegramServer() as telegram, DiscordServer(point=False) as discord:
        async with serving(tmp_path, telegram, discord) as bot:
            telegram.revoke()
            discord.revoke_token()
            discord.gateway.drop(4004)
            await bot.says("telegram is disabled")
            await bot.says("discord is disabled")
            assert await bot.stop() == 0
        assert len(bad(bot)) == 2, "\n".join(bot.log)


async def test_a_call_that_discord_refuses_for_its_token_ends_the_run_and_is_a_line(tmp_path: Path) -> None:
    async with TelegramServer() as telegram, DiscordServer(point=False) as discord:
        async with serving(tmp_path, telegram, discord) as bot:
            guild = discord.guild()
            discord.revoke_token()
            discord.say(guild.channel(), guild.member("ada"), f"<@{discord.world.bot.id}> /whatisksm")
            await bot.says("discord is disabled")
            calls = len(discord.calls)
            assert await bot.stop() == 0
        assert len(discord.calls) == calls
