"""How long the event loop is held while much comes at once: five thousand guilds, then commands, then a raid."""

import asyncio
from functools import cache

from tools.bench.discord import shapes, stage
from tools.bench.discord.pretend import pretending
from tools.bench.discord.process import ours
from tools.bench.discord.stage import COMMAND, Connected

_GUILDS, _COMMANDS, _AT_ONCE, _JOINS = 5_000, 1_000, 16, 20_000


@cache
def longest() -> tuple[float, ...]:
    """Milliseconds, of each of the three."""
    return asyncio.run(_longest())


async def _longest() -> tuple[float, ...]:
    async with pretending(_GUILDS) as pretend, ours(pretend, WATCHED="1") as bot:
        one, found = Connected(pretend, bot), list[float]()
        await pretend.command(COMMAND)
        await stage.rested(one)  # what is loaded in its first seconds is the start's, and has rows of its own
        await bot.runtime.leased()  # what it holds is watched from here on
        await pretend.begin_anew()
        await pretend.command(COMMAND)
        found.append(await bot.runtime.leased())
        await pretend.commands(COMMAND, _COMMANDS, _AT_ONCE)
        found.append(await bot.runtime.leased())
        await pretend.command("welcome", {"action": "on"}, moderator=True)
        for number in range(_JOINS):
            await pretend.dispatch("GUILD_MEMBER_ADD", shapes.joined(number))
        await pretend.command(COMMAND)
        found.append(await bot.runtime.leased())
    return tuple(found)
