"""Many guilds: what each holds in memory, and the work until the bot can answer in all of them."""

import asyncio
import time
from dataclasses import replace
from functools import cache

from tools.bench.discord import stage
from tools.bench.discord.stage import COMMAND, Connected
from tools.bench.row import Measured, grown

_GUILDS, _ROUNDS = 5_000, 3
_SIZES = (1, 10, 100, 1_000, _GUILDS)


@cache
def measured() -> tuple[Measured, Measured, Measured]:
    """KiB a guild; CPU seconds from IDENTIFY until a command that follows the last guild is answered; and that in
    seconds of the clock.
    """
    return asyncio.run(_measured())


async def _measured() -> tuple[Measured, Measured, Measured]:
    wanted = await asyncio.to_thread(stage.expected)
    kib: tuple[list[float], list[float]] = [], []
    cpu: tuple[list[float], list[float]] = [], []
    clock: tuple[list[float], list[float]] = [], []
    void: list[str] = []
    for _ in range(_ROUNDS):
        for side in (0, 1):
            empty = 0.0
            for guilds in (1, _GUILDS):
                async with stage.bare(guilds, wanted) if side else stage.ours(guilds) as one:
                    worked, waited, problem = await _ready(one, wanted)
                    await stage.rested(one)
                    void += filter(None, [problem])
                    if guilds == 1:
                        empty = one.bot.resident()
                    else:
                        kib[side].append((one.bot.resident() - empty) / (guilds - 1))
                        cpu[side].append(worked)
                        clock[side].append(waited)
    told = void[0] if void else None
    figures = [Measured(tuple(mine), tuple(theirs), told) for mine, theirs in (kib, cpu, clock)]
    return figures[0], figures[1], figures[2]


def growing(sizes: tuple[int, ...] = _SIZES, rounds: int = _ROUNDS) -> Measured:
    """Microseconds of CPU a guild until ours can answer in all: each of a thousand beside each of a hundred."""
    told, void = list[dict[int, float]](), list[str]()
    for _ in range(rounds):
        ready = {size: asyncio.run(_alone(size)) for size in sizes}
        told.append({size: worked for size, (worked, _, _) in ready.items()})
        void += [problem for _, _, problem in ready.values() if problem]
    return replace(grown("guilds", told, 1_000, 100), void=void[0] if void else None)


async def _alone(guilds: int) -> tuple[float, float, str | None]:
    wanted = await asyncio.to_thread(stage.expected)
    async with stage.ours(guilds) as one:
        return await _ready(one, wanted)


async def _ready(one: Connected, wanted: dict[str, object]) -> tuple[float, float, str | None]:
    """CPU and seconds since IDENTIFY, once a command that was sent behind everything is answered."""
    answer = await one.pretend.command(COMMAND)
    worked, waited = one.bot.cpu() - one.pretend.worked, time.perf_counter() - one.pretend.begun
    return worked, waited, stage.wrong([answer], wanted)
