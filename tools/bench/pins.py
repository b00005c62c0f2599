"""Measures a change of the content: how much it delays commands, and what ten thousand pins cost."""

import asyncio

from tools.bench.process import Void
from tools.bench.row import Row, Scenario
from tools.bench.stage import TITLES, Answer, Bot, edit, home, percentile
from tools.bench.telegram import bot
from tools.bench.telegram_api import GROUPS

_PINS, _ROUNDS = 10_000, 5
_ASKED, _EVERY = 240, 1 / 30  # commands in a series, and seconds between two: the most that Telegram allows
_CALM = 3.5  # seconds without an edit after which all are done: longer than the pause between two edits in a chat
_PACE = range(8, 31)  # expected edits per second: fewer are too little load, and Telegram allows no more
_GROUPS = range(GROUPS.stop - _PINS, GROUPS.stop)


async def _series(ours: Bot, every: float = _EVERY) -> list[Answer]:
    """Send commands at regular intervals of `every` seconds."""
    async with asyncio.TaskGroup() as group:
        asking = list[asyncio.Task[Answer]]()
        for _ in range(_ASKED):
            asking.append(group.create_task(ours.api.ask()))
            await asyncio.sleep(every)
    ours.check(answers := [one.result() for one in asking])
    return answers


async def _during_edits(clock: Row, cpu: Row) -> None:
    with home(communities=_GROUPS, pinned=_PINS) as settings:
        async with bot(settings) as ours:
            await _series(ours)
            await ours.program.rest()
            if ours.api.edits:
                raise Void("the bot edited pins that had not changed")
            for _ in range(_ROUNDS):
                for side, title in ((1, None), (0, TITLES[1])):
                    if title:
                        edit(settings, title)
                        await asyncio.wait_for(ours.api.edited.wait(), 60)
                    before = ours.api.edits
                    answers = await _series(ours)
                    clock.sides[side].append(percentile(one.clock for one in answers))
                    cpu.sides[side].append(percentile(one.cpu for one in answers))
                    pace = (ours.api.edits - before) / (_ASKED * _EVERY)
                    if round(pace) not in (_PACE if title else (0,)):
                        raise Void(f"{pace:.1f} edits a second")
                edit(settings, TITLES[0])
                while ours.api.edited.is_set():
                    ours.api.edited.clear()
                    await asyncio.sleep(_CALM)


async def _reload(row: Row) -> None:
    """The loop counts as blocked for the time until an answer, but at most for the bot's CPU time until then."""
    with home(communities=GROUPS) as settings:
        async with bot(settings) as ours:
            await _series(ours)
            for turn in range(_ROUNDS):
                for side, title in ((1, None), (0, TITLES[(turn + 1) % 2])):
                    await ours.program.rest()
                    if title:
                        edit(settings, title)
                    answers = await _series(ours, 1 / 100)  # 2.4 s: the bot sees the change within 1 s, reads it in 1 s
                    row.sides[side].append(max(min(one.clock, one.cpu) for one in answers))


async def _unchanged(row: Row) -> None:
    for side, pins in zip(row.sides, (_PINS, 0), strict=True):
        with home(communities=_GROUPS, pinned=pins) as settings:
            async with bot(settings) as ours:
                for turn in range(_ROUNDS + 1):
                    await ours.program.rest()
                    before = ours.program.cpu
                    edit(settings, f"What is Kusama{', then' * (turn % 2)}?", "whatiskusama")
                    await ours.program.rest()
                    side.append(ours.program.cpu - before)
                del side[0]
                if ours.api.edits:
                    raise Void("the bot edited pins that had not changed")


async def _growth(row: Row) -> None:
    for side, pins in zip(row.sides, (300, 30), strict=True):
        with home(communities=_GROUPS[:pins], pinned=pins) as settings:
            async with bot(settings) as ours:
                for turn in range(3):
                    await ours.program.rest()
                    before, done = ours.program.cpu, ours.api.edits + pins
                    edit(settings, TITLES[(turn + 1) % 2])
                    while ours.api.edits < done:
                        ours.api.edited.clear()
                        await asyncio.wait_for(ours.api.edited.wait(), 60)
                    side.append((ours.program.cpu - before) / pins * 1e6)


_EDITING = "while 10,000 pins are edited at Telegram's pace, compared with no edits"
SCENARIOS = (
    Scenario(
        _during_edits,
        (
            Row("pins-meanwhile", f"99th percentile of a command {_EDITING}", "ms", 2.0),
            Row("pins-meanwhile-cpu", f"the bot's CPU time from a command to its answer {_EDITING}", "ms", 2.0),
        ),
    ),
    Scenario(
        _reload,
        (
            Row(
                "reload-hold",
                "longest time the event loop is blocked while six languages are reloaded, compared with no reload",
                "ms",
                10,
            ),
        ),
    ),
    Scenario(
        _unchanged,
        (Row("pins-unchanged", "CPU of a change to another explainer, 10,000 pins compared with none", "s", 1.3),),
    ),
    Scenario(_growth, (Row("growth-edits", "CPU per edited pin, with 300 pins compared with 30", "µs", 1.2),)),
)
