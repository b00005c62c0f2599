"""The buttons that confirm `/privacy forget` and `/post all`, pressed by whoever should not, on both platforms."""

import asyncio
from functools import partial
from pathlib import Path
from typing import Any

from tests.fakes.discord_rights import Right as Bit
from tests.fakes.telegram import Chat, Member, Message
from tests.faults.stage import Whole, served
from tests.security.test_rights import stored
from tests.waiting import PATIENCE

RIGHTS = ("can_change_info", "can_pin_messages")
ALL = Bit.MANAGE_GUILD | Bit.PIN_MESSAGES


async def pressed(bot: Whole, message: Message, data: str, member: Member) -> str:
    """What Telegram's bubble says."""
    query = bot.telegram.press(message, data, member, forged=True)
    return str((await bot.telegram.until(partial(bot.telegram.answer_to, query)))["text"])


async def test_on_telegram_a_confirmation_is_its_askers_alone_and_needs_the_right_at_the_press(tmp_path: Path) -> None:
    async with served(tmp_path) as bot, asyncio.timeout(PATIENCE):
        telegram = bot.telegram
        other, plain = telegram.member("Other"), telegram.member("Plain")
        home, elsewhere = (telegram.chat("supergroup", rights=RIGHTS) for _ in range(2))

        def promote(chat: Chat, *members: Member) -> None:
            for one in members:
                chat.put(one, "administrator", RIGHTS)

        promote(home, other)
        promote(elsewhere, other)
        for chat in (home, elsewhere):
            await bot.answered(telegram.send(chat, other, "/settings cooldown off"))
        for command in ("/privacy forget", "/post all"):
            promote(home, mod := telegram.member("Mod"))
            await bot.answered(telegram.send(home, mod, command))
            asked, before = home.said(telegram.bot)[-1], stored(bot)
            data = asked.buttons[0][0]["callback_data"]
            theirs = await bot.answered(telegram.send(elsewhere, other, "/whatisksm"))
            there = next(one for one in elsewhere.said(telegram.bot) if one.text == theirs)
            assert "Only the person who asked" in await pressed(bot, asked, data, other)
            for forged in (data, data.replace(str(mod.id), str(plain.id))):
                assert "You need the right" in await pressed(bot, asked, forged, plain)
            assert "You need the right" in await pressed(bot, there, data, mod), "no moderator there"
            later = ":".join((*data.split(":")[:-1], "99999999999"))
            assert "too old" in await pressed(bot, asked, later, mod)
            home.put(mod)
            assert "You need the right" in await pressed(bot, asked, data, mod)
            anonymous = await bot.answered(telegram.send(home, mod, command, sender_chat=home))
            assert "yourself" in anonymous or "anonymous" in anonymous.lower()
            assert stored(bot) == before
        await bot.answered(telegram.send(home, other, "/post all"))
        asked = home.said(telegram.bot)[-1]
        for _ in range(2):
            assert "one after another" in await pressed(bot, asked, asked.buttons[0][0]["callback_data"], other)
        parts = [one.text for one in home.said(telegram.bot) if one.text.startswith("Topics")]
        assert len(parts) == len(set(parts)) > 0
        await telegram.until_polling()


async def test_on_discord_a_confirmation_is_its_askers_alone_and_needs_the_right_at_the_press(tmp_path: Path) -> None:
    async with served(tmp_path) as bot, asyncio.timeout(PATIENCE):
        discord, guild, hall = bot.discord, bot.guild, bot.channel
        mod, other = (guild.member(name, permissions=ALL) for name in ("mod", "other"))
        plain, strangers = guild.member("plain"), discord.guild("Other")

        async def told(message: Any, custom_id: str, who: Any) -> str:
            return (await discord.press(message, custom_id, who, forged=True).message()).content

        await discord.slash(hall, mod, "settings", {"name": "cooldown", "value": "off"}).message()
        for command, options in (("privacy", {"action": "forget"}), ("post", {"topic": "all"})):
            asked = await discord.slash(hall, mod, command, options).message()
            before, data = stored(bot), asked.buttons[0][1]
            guest = strangers.member(f"guest of {command}")
            there = await discord.slash(strangers.channel(), guest, "whatisksm").message()
            assert "Only the person who asked" in await told(asked, data, other)
            for forged in (data, data.replace(str(mod.id), str(plain.id))):
                assert "You need the right" in await told(asked, forged, plain)
            other_guest = strangers.member(f"another guest of {command}")
            theirs = data.replace(str(mod.id), str(other_guest.id))
            assert "You need the right" in await told(there, theirs, other_guest)
            later = ":".join((*data.split(":")[:-1], "99999999999"))
            assert "too old" in await told(asked, later, mod)
            for role in mod.roles:
                guild.set_permissions(role, 0)
            assert "You need the right" in await told(asked, data, mod)
            assert stored(bot) == before
            for role in mod.roles:
                guild.set_permissions(role, ALL)
        asked = await discord.slash(hall, mod, "post", {"topic": "all"}).message()
        for _ in range(2):
            assert "one after another" in await told(asked, asked.buttons[0][1], mod)
        parts = [one.content for one in hall.messages.values() if one.content.startswith("**Topics")]
        assert len(parts) == len(set(parts)) > 0
