"""`/readyz` of the bot whole tells of lines that stand and carry nothing, and of the database."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.fakes.discord_server import DiscordServer
from tests.faults.line import Line
from tests.faults.stage import Whole, served, whole
from tests.locked import hold


async def suffers(bot: Whole, part: str, fault: str) -> dict[str, Any]:
    """Return what /readyz tells of that part once it tells of that fault."""
    state = await bot.tells(lambda told: [part, fault] in [[one["part"], one["fault"]] for one in told["faults"]])
    assert not state["ready"]
    found: dict[str, Any] = next(one for one in state["faults"] if one["part"] == part)
    assert all(found[field] for field in ("reason", "fix", "since"))
    return found


async def test_a_telegram_that_goes_mute_is_told_and_so_is_its_return(tmp_path: Path) -> None:
    async with served(tmp_path) as bot:
        bot.line.mute()
        await suffers(bot, "telegram", "silent")
        assert "⚠️" in await bot.discord_answers()
        bot.line.speak()
        await bot.ready()
        await bot.both_answer()


async def test_a_discord_that_acknowledges_no_heartbeat_is_told(tmp_path: Path) -> None:
    async def beating(_: Line, discord: DiscordServer) -> None:
        discord.gateway.heartbeat = 0.5

    async with whole(tmp_path, prepare=beating) as bot:
        await bot.ready()
        bot.discord.gateway.acking = False
        await suffers(bot, "discord", "silent")
        assert "⚠️" in await bot.telegram_answers()
        bot.discord.gateway.acking = True
        await bot.ready()


async def test_a_database_that_is_held_gone_or_replaced_is_told(tmp_path: Path) -> None:
    async with served(tmp_path) as bot:
        file = bot.data / "bot.sqlite3"
        with closing(await hold(file)):
            await suffers(bot, "store", "locked")
            await bot.both_answer()
        await bot.ready()
        whole_file = tmp_path / "whole"
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(whole_file)) as target:
            source.backup(target)
        for one in bot.data.glob("bot.sqlite3*"):
            one.unlink()
        await suffers(bot, "store", "gone")
        await bot.both_answer()
        shutil.copyfile(whole_file, file)
        await bot.ready()
        file.write_text("no database at all" * 100)
        await suffers(bot, "store", "damaged")
        shutil.copyfile(whole_file, file)
        await bot.ready()


async def test_the_gauges_of_faults_are_of_now(tmp_path: Path) -> None:
    async with served(tmp_path) as bot:
        other = await hold(bot.data / "bot.sqlite3")
        await bot.tells(lambda told: not told["store"]["ready"])
        registry = bot.service.metrics.registry
        assert registry.get_sample_value("kusamabot_fault", {"part": "store", "fault": "locked"}) == 1
        assert registry.get_sample_value("kusamabot_ready") == 0
        other.execute("ROLLBACK")
        other.close()
