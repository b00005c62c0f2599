"""A raid: fifty thousand members join one guild. What each costs, what is posted, what stays in memory, and how a
command is answered meanwhile.
"""

import asyncio
from functools import cache

from tools.bench.discord import shapes, stage
from tools.bench.discord.pretend import Answer
from tools.bench.discord.stage import COMMAND, Connected
from tools.bench.row import Measured

_JOINS, _ROUNDS = 50_000, 10
_SLICE = _JOINS // _ROUNDS
_PACE, _TICK = 1_000, 0.005  # joins a second while commands are timed, and how often some are sent
_GUILDS = 100  # where commands are timed, so that nobody has to wait for the cooldown
_ASKED = 100  # commands of each round that are timed


@cache
def measured() -> tuple[Measured, Measured, Measured, Measured]:
    """CPU in microseconds a join; messages posted; MiB that stay; and the 99th percentile of a command in
    milliseconds, during a raid and without.
    """
    return asyncio.run(_measured())


async def _measured() -> tuple[Measured, Measured, Measured, Measured]:
    spent: tuple[list[float], list[float]] = [], []
    slow: tuple[list[float], list[float]] = [], []
    void: list[str] = []
    counted, count = None, {"name": COMMAND, "text": "", "buttons": []}
    async with stage.ours(1) as ours, stage.bare(1, count, JOINS="1") as bare:
        await _greeting(ours)
        await stage.rested(ours, bare)
        before = ours.bot.resident()
        for turn in range(_ROUNDS):
            for side, one in enumerate((ours, bare)):
                worked = one.bot.cpu()
                await _flood(one, turn * _SLICE)
                answer = await one.pretend.command(COMMAND)
                spent[side].append((one.bot.cpu() - worked) / _SLICE * 1e6)
                counted = answer.body["data"].get("content")
        if counted != str(_JOINS):
            void.append("the twin missed joins")
        await asyncio.sleep(1)
        grown = (ours.bot.resident() - before) / 1024
        posted = ours.pretend.messages
    if not any(str(_JOINS) in message["content"] for message in posted):
        void.append("no greeting tells how many came")
    told = void[0] if void else None
    during = await _during(slow)
    return (
        Measured(tuple(spent[0]), tuple(spent[1]), told),
        Measured((float(len(posted)),), (), told),
        Measured((grown,), (), told),
        Measured(tuple(slow[0]), tuple(slow[1]), told or during),
    )


async def _during(slow: tuple[list[float], list[float]]) -> str | None:
    """Fill in the percentiles of rounds with and without a raid, of our bot alone; returns why they do not count."""
    void: list[str] = []
    wanted = await asyncio.to_thread(stage.expected)
    async with stage.ours(_GUILDS) as one:
        await _greeting(one)
        await stage.rested(one)
        await _timed(one)
        for turn in range(_ROUNDS):
            quiet = await _timed(one)
            raid = asyncio.create_task(_paced(one, _JOINS + turn * _SLICE))
            busy = await _timed(one)
            raid.cancel()
            slow[0].append(stage.percentile(busy))
            slow[1].append(stage.percentile(quiet))
            void += filter(None, [stage.wrong(busy + quiet, wanted)])
    return void[0] if void else None


async def _greeting(one: Connected) -> None:
    """A moderator turns greetings on."""
    await one.pretend.command("welcome", {"action": "on"}, moderator=True)


async def _timed(one: Connected) -> list[Answer]:
    return [await one.pretend.command(COMMAND) for _ in range(_ASKED)]


async def _flood(one: Connected, first: int) -> None:
    for number in range(first, first + _SLICE):
        await one.pretend.dispatch("GUILD_MEMBER_ADD", shapes.joined(number))


async def _paced(one: Connected, first: int) -> None:
    loop, number = asyncio.get_running_loop(), first
    begun = loop.time()
    while True:
        due = first + int((loop.time() - begun) * _PACE)
        while number < due:
            await one.pretend.dispatch("GUILD_MEMBER_ADD", shapes.joined(number))
            number += 1
        await asyncio.sleep(_TICK)
