"""Measures answers on Discord, many guilds and a raid, compared with minimal bots on discord.py."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

from bot.core.join_window import RAID_PAUSE
from tools.bench.discord_api import MODERATOR, TOKEN, guild_id, listening
from tools.bench.process import Void, running
from tools.bench.row import Row, Scenario
from tools.bench.stage import Bot, explainer, home

_FLIGHT, _COUNT, _ROUNDS = 16, 1_000, 7  # commands at the same time, commands per round, and rounds
_FRESH = 100  # guilds per round in which the bot has not answered before
_MANY = 5_000  # guilds
_JOINS, _SLICES, _PACE = 50_000, 10, 1_000  # joins of a raid, its rounds, and joins per second while timing commands


@asynccontextmanager
async def bot(guilds: int, twin: str | None = None, known: range = range(0)) -> AsyncIterator[Bot]:
    """Run the bot in so many guilds, with stored settings for the `known` ones; or a minimal bot in the mode `twin` of
    `discord_twin`.
    """
    with home("discord", map(guild_id, known)) as settings:
        folder, module = Path(settings["FOLDER"]), ("bot", "run")
        (folder / "answer.json").write_text(json.dumps(explainer()["discord"]), "utf-8")
        async with listening(guilds) as api:
            variables = {**settings, **api.environment, "DISCORD_TOKEN": TOKEN, "SHARDS": "1"}
            command = (
                "-m",
                "tests.fakes.discord_point",
                *(module if twin is None else ("tools.bench.discord_twin", twin)),
            )
            async with running(command, variables, folder, api.connected()) as program:
                api.cpu = lambda: program.cpu
                yield Bot(api, program)


async def _answers(cpu: Row, slow: Row) -> None:
    async with bot(100, known=range(100)) as ours, bot(100, "answer") as twin:
        for one in (ours, twin):
            await one.round(_COUNT, _FLIGHT)
        await asyncio.gather(ours.program.rest(), twin.program.rest())
        for _ in range(_ROUNDS):
            for side, one in enumerate((ours, twin)):
                figures = await one.round(_COUNT, _FLIGHT)
                cpu.sides[side].append(figures.cpu)
                slow.sides[side].append(figures.p99)


async def _first(row: Row) -> None:
    guilds = range(_FRESH * (_ROUNDS + 1))
    async with bot(len(guilds), known=guilds) as ours:
        for _ in range(2):
            await ours.round(_FRESH, 1, guilds[:_FRESH])
        await ours.program.rest()
        for start in guilds[_FRESH::_FRESH]:
            row.ours.append((await ours.round(_FRESH, 1, guilds[start : start + _FRESH])).cpu)
            row.twin.append((await ours.round(_FRESH, 1, guilds[:_FRESH])).cpu)


async def _guilds(memory: Row, cpu: Row, ready: Row) -> None:
    """Measure with one guild and with all. A bot is ready when it has answered a command sent after the last guild."""
    for _ in range(3):
        for side, twin in enumerate((None, "answer")):
            held = list[float]()
            for guilds in (1, _MANY):
                async with bot(guilds, twin) as one:
                    await one.round(1)
                    if guilds == _MANY:
                        cpu.sides[side].append(one.program.cpu - one.api.worked)
                        ready.sides[side].append(perf_counter() - one.api.began)
                    await one.program.rest()
                    held.append(one.program.resident * 1024)
            memory.sides[side].append((held[1] - held[0]) / (_MANY - 1))


async def _growth(row: Row) -> None:
    for _ in range(3):
        for side, guilds in zip(row.sides, (1_000, 100), strict=True):
            async with bot(guilds) as ours:
                await ours.round(1)
                side.append((ours.program.cpu - ours.api.worked) / guilds * 1e6)


async def _raid(cpu: Row, messages: Row, memory: Row) -> None:
    async with bot(1) as ours, bot(1, "joins") as twin:
        await ours.api.ask("welcome", rights=MODERATOR, action="on")
        await asyncio.gather(ours.program.rest(), twin.program.rest())
        before, each, counted = ours.program.resident, _JOINS // _SLICES, ""
        for turn in range(_SLICES):
            for side, one in enumerate((ours, twin)):
                worked = one.program.cpu
                for number in range(turn * each, (turn + 1) * each):
                    await one.api.join(number)
                counted = (await one.api.ask()).body["content"]
                cpu.sides[side].append((one.program.cpu - worked) / each * 1e6)
        memory.ours.append(ours.program.resident - before)
        await asyncio.sleep(RAID_PAUSE + 5)  # then the bot posts how many have joined
        messages.ours.append(len(ours.api.messages))
        if counted != str(_JOINS) or not any(counted in message["content"] for message in ours.api.messages):
            raise Void("not all joins were counted")


async def _during_raid(row: Row) -> None:
    async with bot(100, known=range(100)) as ours:
        await ours.api.ask("welcome", 0, rights=MODERATOR, action="on")
        await ours.round(100)
        await ours.program.rest()
        for turn in range(_SLICES):
            row.twin.append((await ours.round(100)).p99)
            raid = asyncio.create_task(_joins(ours.api, _JOINS * turn))
            row.ours.append((await ours.round(100)).p99)
            raid.cancel()


async def _joins(api: Any, number: int) -> None:
    """Send joins at a regular rate until cancelled."""
    began, first = perf_counter(), number
    while True:
        while number < first + (perf_counter() - began) * _PACE:
            await api.join(number)
            number += 1
        await asyncio.sleep(0.005)


SCENARIOS = (
    Scenario(
        _answers,
        (
            Row("discord-command", "CPU of a slash command, compared with discord.py", "µs", 1.0),
            Row("discord-command-p99", "99th percentile of the time to its answer, 16 at the same time", "ms", 1.0),
        ),
    ),
    Scenario(
        _first,
        (
            Row(
                "discord-first-known",
                "CPU of the first command in a guild since the start, compared with a later one",
                "µs",
                2,
            ),
        ),
    ),
    Scenario(
        _guilds,
        (
            Row("discord-guild", "memory per guild, with 5,000, compared with discord.py and its caches", "KiB", 0.1),
            Row("discord-guilds-cpu", "CPU until 5,000 guilds are served", "s", 1.0),
            Row("discord-guilds-ready", "time until 5,000 guilds are served", "s", 1.0),
        ),
    ),
    Scenario(
        _growth,
        (Row("growth-guilds", "CPU per guild until all are served, with 1,000 compared with 100", "µs", 1.2),),
    ),
    Scenario(
        _raid,
        (
            Row("discord-raid", "CPU of a join, compared with collecting joins without a cache", "µs", 1.2),
            Row("discord-raid-messages", "messages about 50,000 joins", "", 3, absolute=True),
            Row("discord-raid-memory", "memory after 50,000 joins", "MiB", 10, absolute=True),
        ),
    ),
    Scenario(
        _during_raid,
        (Row("discord-raid-p99", "99th percentile of a command during a raid, compared with none", "ms", 3.0),),
    ),
)
