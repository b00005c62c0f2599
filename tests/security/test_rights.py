"""A right is checked when a command is used, whatever a client was offered: nothing changes for who lacks it."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

from tests.faults.stage import PATIENCE, Whole, served

ON_DISCORD: list[tuple[str, dict[str, Any]]] = [
    ("pin", {"topic": "whatisksm"}),
    ("unpin", {"topic": "whatisksm"}),
    ("pins", {}),
    ("settings", {"name": "risk", "value": "high"}),
    ("settings", {"name": "cooldown", "value": "77"}),
    ("stats", {}),
    ("diagnose", {}),
]
ON_TELEGRAM = [
    *("/pin whatisksm", "/unpin whatisksm", "/pins", "/welcome on", "/welcome message hi", "/welcome off"),
    *("/settings risk high", "/settings cooldown 77", "/stats", "/diagnose", "/privacy forget"),
]


def stored(bot: Whole) -> list[Any]:
    """All rows of what moderators decide."""
    with sqlite3.connect(bot.data / "bot.sqlite3") as base:
        tables = [name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        kept = [name for name in tables if not name.startswith(("alembic", "sqlite", "counts", "offers", "editions"))]
        return [(name, base.execute(f"SELECT * FROM {name}").fetchall()) for name in kept]  # table names of our own


async def test_a_member_without_the_right_is_refused_every_moderators_command_and_nothing_changes(
    tmp_path: Path,
) -> None:
    async with served(tmp_path) as bot, asyncio.timeout(60):
        before = stored(bot)
        told = set()
        for number, (name, options) in enumerate(ON_DISCORD):
            member = bot.guild.member(f"plain{number}")
            asked = bot.discord.slash(bot.guild.channel(f"r{number}"), member, name, options, forged=True)
            message = await asked.message()
            assert asked.ephemeral, name
            assert "⚠️" not in message.content
            told.add(message.content)
        assert len(told) <= 2, "each is told the right that is missing, and nothing else"
        for text in ON_TELEGRAM:
            chat = bot.telegram.chat("supergroup")
            asked_there = bot.telegram.send(chat, bot.telegram.member(), text)
            answer = await bot.answered(asked_there)
            assert "⚠️" not in answer, text
        assert not bot.discord.done("PUT", r"/pins/")
        assert not bot.telegram.of("pinChatMessage")
        assert [rows for _, rows in stored(bot)] == [rows for _, rows in before]
        await bot.telegram.until_polling(seconds=PATIENCE)
