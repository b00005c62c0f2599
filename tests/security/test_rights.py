"""A right is checked when a command is used, whatever a client was offered: nothing changes for who lacks it."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.fakes.discord_rights import Right as Bit
from tests.faults.stage import Whole, served
from tests.waiting import PATIENCE

ON_DISCORD: list[tuple[str, dict[str, Any]]] = [
    ("pin", {"topic": "whatisksm"}),
    ("unpin", {"topic": "whatisksm"}),
    ("pins", {}),
    ("settings", {"name": "risk", "value": "high"}),
    ("settings", {"name": "cooldown", "value": "77"}),
    ("settings", {"name": "language", "value": "es"}),
    ("settings", {"name": "channels", "value": "here"}),
    ("welcome", {"action": "on"}),
    ("welcome", {"action": "message", "text": "hi {names}"}),
    ("welcome", {"action": "preview"}),
    ("welcome", {"action": "cleanup", "text": "off"}),
    ("welcome", {"action": "off"}),
    ("privacy", {"action": "forget"}),
    ("stats", {}),
    ("diagnose", {}),
]
ON_TELEGRAM = [
    *("/pin whatisksm", "/unpin whatisksm", "/pins", "/welcome on", "/welcome message hi", "/welcome off"),
    *("/welcome preview", "/welcome cleanup off", "/settings language es", "/settings channels here"),
    *("/settings risk high", "/settings cooldown 77", "/stats", "/diagnose", "/privacy forget"),
]
SECRET = ("/settings", "/stats", "/diagnose")  # an app sends these so that the bot alone sees them


def stored(bot: Whole) -> list[Any]:
    """All rows of what moderators decide."""
    with closing(sqlite3.connect(bot.data / "bot.sqlite3")) as base:
        tables = [name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        kept = [name for name in tables if not name.startswith(("alembic", "sqlite", "counts", "offers", "editions"))]
        return [(name, base.execute(f"SELECT * FROM {name}").fetchall()) for name in kept]  # table names of our own


async def test_a_member_without_the_right_is_refused_every_moderators_command_and_nothing_changes(
    tmp_path: Path,
) -> None:
    async with served(tmp_path) as bot, asyncio.timeout(PATIENCE):
        chosen = bot.discord.slash(bot.channel, bot.boss, "settings", {"name": "cooldown", "value": "9"})
        assert "9" in (await chosen.message()).content  # so that there is something to forget
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
            asked_there = bot.telegram.send(chat, bot.telegram.member(), text, ephemeral=text.startswith(SECRET))
            answer = await bot.answered(asked_there)
            assert "⚠️" not in answer, text
        assert not bot.discord.done("PUT", r"/pins/")
        assert not bot.telegram.of("pinChatMessage")
        assert [rows for _, rows in stored(bot)] == [rows for _, rows in before]
        await bot.telegram.until_polling()


async def test_a_right_that_was_taken_away_is_missing_at_the_very_next_use(tmp_path: Path) -> None:
    async with served(tmp_path) as bot, asyncio.timeout(PATIENCE):
        guild, telegram = bot.guild, bot.telegram
        moderator = guild.member("mod", permissions=Bit.MANAGE_GUILD | Bit.PIN_MESSAGES)

        async def on_discord(value: str) -> str:
            asked = bot.discord.slash(
                guild.channel(value), moderator, "settings", {"name": "cooldown", "value": value}, forged=True
            )
            return (await asked.message()).content

        assert "11" in await on_discord("11")
        for role in moderator.roles:
            guild.set_permissions(role, 0)
        assert "12" not in await on_discord("12")
        chat, admin = telegram.chat("supergroup"), telegram.member()
        chat.put(admin, "administrator", ["can_change_info", "can_pin_messages"])

        async def on_telegram(value: str) -> str:
            return await bot.answered(telegram.send(chat, admin, f"/settings cooldown {value}", ephemeral=True))

        assert "13" in await on_telegram("13")
        telegram.change(chat, admin, "member")
        assert "14" not in await on_telegram("14")
        cooldowns = {row for name, rows in stored(bot) if name == "communities" for row in rows}
        assert len(cooldowns) == 2
        assert not [row for row in cooldowns if 12 in row or 14 in row]
