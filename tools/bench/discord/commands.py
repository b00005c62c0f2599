"""Slash commands: what one costs, and how long the slowest of a hundred takes with sixteen in flight."""

import asyncio
from functools import cache
from statistics import median

from tools.bench.discord import stage
from tools.bench.discord.stage import COMMAND, Connected
from tools.bench.row import Measured

_GUILDS, _AT_ONCE = 100, 16
_WARM, _ROUNDS, _COUNT = 300, 24, 250
_LATENCIES = 4  # rounds whose latencies are looked at together: of 250 the slowest hundredth is two


@cache
def measured() -> tuple[Measured, Measured]:
    """CPU in microseconds a command, and the 99th percentile in milliseconds, both of the same rounds."""
    return asyncio.run(_measured())


async def _measured() -> tuple[Measured, Measured]:
    wanted = await asyncio.to_thread(stage.expected)
    void: list[str] = []
    async with stage.ours(_GUILDS) as ours, stage.bare(_GUILDS, wanted) as bare:
        both = (ours, bare)
        for one in both:
            await one.pretend.commands(COMMAND, _WARM, _AT_ONCE)
        await stage.rested(*both)
        spent: dict[Connected, list[float]] = {one: [] for one in both}
        slow: dict[Connected, list[float]] = {one: [] for one in both}
        for _ in range(_ROUNDS):
            for one in both:
                before = one.bot.cpu()
                answers = await one.pretend.commands(COMMAND, _COUNT, _AT_ONCE)
                spent[one].append((one.bot.cpu() - before) / _COUNT * 1e6)
                slow[one].append(stage.percentile(answers))
                void += filter(None, [stage.wrong(answers, wanted)])
    told = void[0] if void else None
    cpu = Measured(tuple(spent[ours]), tuple(spent[bare]), told)
    return cpu, Measured(_together(slow[ours]), _together(slow[bare]), told)


def _together(values: list[float]) -> tuple[float, ...]:
    return tuple(median(values[at : at + _LATENCIES]) for at in range(0, len(values), _LATENCIES))
