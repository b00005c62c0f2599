"""Measures the bot under load: commands for over a minute, free questions beside commands, and floods by one member."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from statistics import median
from time import perf_counter

from tools.bench.discord import bot as discord_bot
from tools.bench.row import Row, Scenario
from tools.bench.stage import COMMAND, Answer, home, percentile
from tools.bench.telegram import bot
from tools.bench.telegram_api import BOT, GROUPS, BotApi, Update, message

_SECONDS, _FLIGHT, _WINDOW = 70.0, 64, 1_000
_CROWD = 20_000  # groups; so many that none reaches Telegram's limit of messages
_QUESTION = "/ask what makes kusama different"
_PAUSE = 1.0  # seconds after an answer (or a notice to wait) until the member asks again
_NAMED = 2_000  # commands per round, which take some seconds: time for every member to ask more than once
_MANY, _AT_ONCE, _TIMES = 400, 10, 5  # updates of one member in a second, how many of them at once, and rounds
_BREATH = 0.005  # seconds between an answer and the next question of another member
_PROMPT = "/ask what is the canary network?"
_ONE = {"id": 4_999_999_999, "is_bot": False, "first_name": "One", "language_code": "en"}
_ELSEWHERE = GROUPS.stop + 1  # a group without stored settings, so with the default cooldown


async def _steady(row: Row) -> None:
    groups, marks = range(GROUPS.stop - _CROWD, GROUPS.stop), list[float]()
    with home(communities=groups) as settings:
        async with bot(settings) as ours:
            await ours.round(_CROWD, _FLIGHT, groups)
            await ours.program.rest()
            begun = perf_counter()
            while perf_counter() < begun + _SECONDS:
                start = len(marks) * _WINDOW % _CROWD
                marks.append((await ours.round(_WINDOW, _FLIGHT, groups[start : start + _WINDOW])).rate)
    row.ours, row.twin = [min(marks)], [median(marks)]


async def _questions(named: Row, longest: Row) -> None:
    with home(communities=GROUPS) as settings:
        async with bot(settings) as ours:
            await ours.api.ask(_QUESTION)
            await ours.program.rest()
            for _ in range(3):
                named.twin.append((await ours.round(_NAMED, 1, GROUPS[_FLIGHT:])).p99)
                waits, over = list[float](), asyncio.Event()

                async def asking(group: int, waits: list[float] = waits, over: asyncio.Event = over) -> None:
                    while not over.is_set():
                        waits.append((await ours.api.ask(_QUESTION, group)).clock / 1000)
                        await asyncio.sleep(_PAUSE)

                questions = [asyncio.create_task(asking(group)) for group in GROUPS[:_FLIGHT]]
                named.ours.append((await ours.round(_NAMED, 1, GROUPS[_FLIGHT:])).p99)
                over.set()
                await asyncio.gather(*questions)
                longest.ours.append(max(waits))
                await ours.program.rest()


def _message(text: str) -> Callable[[int], Update]:
    """Makes messages of one member in a separate group; `text` may include the number."""
    return lambda number: {
        "message": message(number, _ELSEWHERE, text.format(number)) | {"from": _ONE, "message_id": 100_000 + number}
    }


def _inline(number: int) -> Update:
    return {
        "inline_query": {
            "id": str(number),
            "from": _ONE,
            "query": f"what makes kusama different {number}",
            "offset": "",
        }
    }


def _press(number: int) -> Update:
    under = message(number, _ELSEWHERE, "anything") | {"from": BOT}
    return {
        "callback_query": {
            "id": str(number), "from": _ONE, "message": under, "chat_instance": "1", "data": "v1:en:settings"
        }
    }  # fmt: skip


FLOODS: dict[str, Callable[[int], Update]] = {
    "inline queries": _inline,
    "questions": _message(_QUESTION + " {}"),
    "named explainers": _message(f"/{COMMAND}"),
    "guarded commands": _message("/settings"),
    "forged presses": _press,
}
"""The kinds of floods, each with a function from a number to an update of Telegram without its id."""


async def _flood(*rows: Row) -> None:
    """Measure a named explainer and a question, without a flood and during the worst flood."""
    with home(communities=GROUPS) as settings:
        async with bot(settings) as ours:
            await ours.round(2_000, _FLIGHT)
            await ours.api.ask(_PROMPT)
            await ours.program.rest()
            for row, text in zip(rows, (f"/{COMMAND}", _PROMPT), strict=True):
                slow: dict[str, list[float]] = {kind: [] for kind in ("", *FLOODS)}
                for _ in range(_TIMES):
                    for kind, times in slow.items():
                        times.append(await _ask_during(_sender(ours.api, kind), partial(ours.api.ask, text)))
                        await ours.api.drained.wait()
                row.twin = slow.pop("")
                row.ours = max(slow.values(), key=median)


def _sender(api: BotApi, kind: str) -> Callable[[range], Awaitable[None]]:
    async def send(numbers: range) -> None:
        if flood := FLOODS.get(kind):
            api.flood(map(flood, numbers))

    return send


async def _completions(row: Row) -> None:
    async with discord_bot(2, known=range(2)) as ours:
        await ours.round(2_000, 16)
        await ours.program.rest()

        async def nothing(_: range) -> None:
            pass

        async def complete(numbers: range) -> None:
            for number in numbers:
                await ours.api.complete("ask", f"what is {number}")

        for _ in range(_TIMES):
            row.twin.append(await _ask_during(nothing, ours.api.ask))
            row.ours.append(await _ask_during(complete, ours.api.ask))


async def _ask_during(send: Callable[[range], Awaitable[None]], ask: Callable[[], Awaitable[Answer]]) -> float:
    """Ask again and again while 400 updates are sent in one second. Returns the 90th percentile of the time to answer,
    in milliseconds.
    """
    answers, sending = list[Answer](), asyncio.create_task(_evenly(send))
    while not sending.done():
        answers.append(await ask())
        await asyncio.sleep(_BREATH)
    await sending
    return percentile((one.clock for one in answers), 0.9)


async def _evenly(send: Callable[[range], Awaitable[None]]) -> None:
    for start in range(0, _MANY, _AT_ONCE):
        await send(range(start, start + _AT_ONCE))
        await asyncio.sleep(_AT_ONCE / _MANY)


_FLOOD = "while one member sends 400 updates of the worst kind in a second, compared with none"
SCENARIOS = (
    Scenario(
        _steady,
        (
            Row(
                "steady",
                "answers per second during 70 s: the slowest 1,000 compared with the median",
                "/s",
                0.7,
                at_most=False,
            ),
        ),
    ),
    Scenario(
        _questions,
        (
            Row(
                "ask-named",
                "99th percentile of a command while 64 members ask questions, compared with none",
                "ms",
                3.0,
            ),
            Row(
                "ask-longest",
                "longest wait of 64 members who ask questions, for an answer or a notice to wait",
                "s",
                2.0,
                absolute=True,
            ),
        ),
    ),
    Scenario(
        _flood,
        (
            Row("flood-named", f"another member's named explainer {_FLOOD}", "ms", 2.0),
            Row("flood-question", f"another member's question {_FLOOD}", "ms", 3.0),
        ),
    ),
    Scenario(
        _completions,
        (
            Row(
                "flood-completions",
                "another member's command on Discord while one member types 400 times in a second, compared with none",
                "ms",
                2.0,
            ),
        ),
    ),
)
