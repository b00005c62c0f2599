"""PostgreSQL goes away under the bot and comes back, and nobody lends a hand."""

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL

from bot.features.pins import EditIntervals
from tests.faults.stage import Whole, served
from tests.faults.troubles import scene
from tests.postgres import Server, postgres
from tests.waiting import PATIENCE

__all__ = ["postgres"]

PACES = dict.fromkeys(("discord", "telegram", "playground"), EditIntervals(0.0, 0.0))
TITLE = "What is KSM, plainly?"


@pytest.fixture
async def stopped(postgres: Server) -> AsyncIterator[asyncio.Event]:
    """To be set by a test that stops the server: it is started again whatever becomes of the test, and by this very
    thread, with which it ends.
    """
    event = asyncio.Event()
    yield event
    if event.is_set():
        postgres.begin()


def told(database: URL) -> str:
    """The address as an operator writes it."""
    return database.set(drivername="postgresql").render_as_string()


async def by_owner(bot: Whole, command: str, **options: str) -> str:
    """What the guild's owner is answered in the first channel."""
    async with asyncio.timeout(PATIENCE):
        return (await bot.discord.slash(bot.channel, bot.boss, command, options).message()).shown


async def listed(bot: Whole, state: str) -> None:
    """Return when `/pins` shows that state: a message is edited a moment before that is written down, and what could
    not be written down is tried again.
    """
    said = ""
    try:
        async with asyncio.timeout(PATIENCE):
            while state not in (said := await by_owner(bot, "pins")):
                bot.naps.over()
    except TimeoutError:
        raise AssertionError(f"/pins says {said!r}") from None


async def again(bot: Whole) -> None:
    """Return when all is served; each platform noticed in its own time, and waits before it tries again."""

    def so(told: dict[str, Any]) -> bool:
        bot.naps.over()
        return all(one["ready"] for one in [*told["platforms"].values(), told["store"]])

    await bot.tells(so)


async def test_a_postgresql_that_is_killed_and_started_again_is_taken_up_again(
    tmp_path: Path, postgres: Server, stopped: asyncio.Event
) -> None:
    """Without it nobody knows whose the platforms are, so that both are let go; what Telegram keeps is answered when it
    is back.
    """
    async with served(tmp_path, database_url=told(postgres.new_database(durable=True)), paces=PACES) as bot:
        await bot.discord.gateway.connected()
        assert "7" in await by_owner(bot, "settings", name="cooldown", value="7")
        assert "Pinned" in await by_owner(bot, "pin", topic="whatisksm")
        (pinned,) = (one for one in bot.channel.messages.values() if one.pinned)
        stopped.set()
        postgres.stop()
        await bot.tells(lambda told: not any(one["ready"] for one in [*told["platforms"].values(), told["store"]]))
        kept = bot.telegram.send(bot.telegram.chat("supergroup"), bot.telegram.member(), "/whatisksm")
        bot.content.edit("en/answers/whatisksm.yaml", "What is KSM?", TITLE)
        postgres.begin()
        stopped.clear()
        await again(bot)
        assert "⚠️" in await bot.answered(kept)
        await bot.discord.until(lambda: TITLE in pinned.content, "the pin's new text")
        assert "7" in await by_owner(bot, "settings")
        await listed(bot, "up to date")
        assert sum(one.pinned for one in bot.channel.messages.values()) == 1
        await bot.both_answer()


async def test_killed_while_postgresql_is_away_it_comes_back_whole_and_told_to_end_it_leaves_in_time(
    tmp_path: Path, postgres: Server, stopped: asyncio.Event
) -> None:
    async with scene(tmp_path) as one:
        one.settings["DATABASE_URL"] = told(postgres.new_database(durable=True))
        for how in (signal.SIGKILL, signal.SIGTERM):
            async with one.running() as bot:
                await one.discord.wait_for("PUT", r"/commands$")
                await one.pin()
                await one.both_answer()
                stopped.set()
                postgres.stop()
                await bot.says("no connection to the database for leases")
                async with asyncio.timeout(PATIENCE):
                    assert await bot.stop(how) == (0 if how is signal.SIGTERM else -how)
            postgres.begin()
            stopped.clear()
        assert one.pins() == (1, 1)
        one.nothing_twice()
