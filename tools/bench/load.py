"""A minute and more on end, free questions beside commands, and one member who sends hundreds of things."""

import asyncio
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.faults.stage import Whole, whole
from tools.bench.process import child
from tools.bench.row import Row, Scenario
from tools.bench.stage import COMMAND, home
from tools.bench.telegram import bot
from tools.bench.telegram_api import GROUPS

_SECONDS, _FLIGHT, _WINDOW = 70.0, 64, 1_000
_QUESTION = "/ask what makes kusama different"
_PAUSE = 1.0  # seconds after which one who was answered, or told to wait, asks again
_MANY, _TIMES = 400, 5
_PROMPT = "/ask what is the canary network?"


async def _steady(row: Row) -> None:
    groups, marks = range(GROUPS.stop - 1_000, GROUPS.stop), list[float]()
    with home(communities=groups) as settings:
        async with bot(settings) as ours:
            await ours.round(2_000, _FLIGHT, groups)
            await ours.program.rest()
            begun = perf_counter()
            while perf_counter() < begun + _SECONDS:
                marks.append((await ours.round(_WINDOW, _FLIGHT, groups)).rate)
    row.ours, row.twin = [min(marks)], [median(marks)]


async def _questions(named: Row, longest: Row) -> None:
    with home(communities=GROUPS) as settings:
        async with bot(settings) as ours:
            await ours.api.ask(_QUESTION)
            await ours.program.rest()
            for _ in range(3):
                named.twin.append((await ours.round(200, 1, GROUPS[1:])).p99)
                waits, over = list[float](), asyncio.Event()

                async def asking(waits: list[float] = waits, over: asyncio.Event = over) -> None:
                    while not over.is_set():
                        waits.append((await ours.api.ask(_QUESTION, GROUPS[0])).clock / 1000)
                        await asyncio.sleep(_PAUSE)

                questions = [asyncio.create_task(asking()) for _ in range(_FLIGHT)]
                named.ours.append((await ours.round(200, 1, GROUPS[1:])).p99)
                over.set()
                await asyncio.gather(*questions)
                longest.ours.append(max(waits))
                await ours.program.rest()


def _messages(text: str) -> Callable[[Whole], None]:
    def send(bot: Whole) -> None:
        chat, member = bot.telegram.chat(), bot.telegram.member()
        for number in range(_MANY):
            bot.telegram.send(chat, member, text.format(number))

    return send


def _inline(bot: Whole) -> None:
    member = bot.telegram.member()
    for number in range(_MANY):
        bot.telegram.inline(member, f"what makes kusama different {number}")


def _completions(bot: Whole) -> None:
    member = bot.guild.member("flood")
    for number in range(_MANY):
        bot.discord.autocomplete(bot.channel, member, "ask", "question", {"question": f"what is {number}"})


def _presses(bot: Whole) -> None:
    chat, member = bot.telegram.chat(), bot.telegram.member()
    for _ in range(_MANY):
        message = bot.telegram.send(chat, bot.telegram.bot, "anything")
        bot.telegram.press(message, "v1:en:settings", member, forged=True)


FLOODS: dict[str, Callable[[Whole], None]] = {
    "nothing": lambda _: None,
    "inline queries": _inline,
    "questions": _messages(_QUESTION + " {}"),
    "named explainers": _messages(f"/{COMMAND}"),
    "guarded commands": _messages("/settings"),
    "forged presses": _presses,
    "completions": _completions,
}


async def floods() -> dict[str, list[float]]:
    """By kind, milliseconds until another's named explainer and another's question are answered.

    The pretended platforms run in this process, so their own work for 400 updates is in the figures too.
    """
    found = dict[str, list[float]]()
    with tempfile.TemporaryDirectory() as folder:
        async with whole(Path(folder)) as bot:
            await bot.telegram_answers(_PROMPT)  # loads the encoder
            for kind, flood in FLOODS.items():
                took: tuple[list[float], list[float]] = [], []
                for _ in range(_TIMES):
                    for times, text in zip(took, (f"/{COMMAND}", _PROMPT), strict=True):
                        flood(bot)
                        began = perf_counter()
                        await bot.telegram_answers(text)
                        times.append(1000 * (perf_counter() - began))
                        await bot.telegram.until_polling(seconds=60)
                found[kind] = [median(times) for times in took]
    return found


async def _flood(*rows: Row) -> None:
    told = await asyncio.to_thread(child, "tools.bench.load")
    for number, row in enumerate(rows):
        row.twin.append(told["nothing"][number])
        row.ours.append(max(times[number] for kind, times in told.items() if kind != "nothing"))


_FLOOD = "while one member sends 400 of the worst kind, beside none"
SCENARIOS = (
    Scenario(
        _steady,
        (Row("steady", "answers per second in 70 s: the slowest 1,000 beside the median", "/s", 0.7, at_most=False),),
    ),
    Scenario(
        _questions,
        (
            Row("ask-named", "99th percentile of a named command with 64 questions under way, beside none", "ms", 3.0),
            Row(
                "ask-longest",
                "the longest that one of 64 questions waits for an answer or for a word",
                "s",
                2.0,
                absolute=True,
            ),
        ),
    ),
    Scenario(
        _flood,
        (
            Row("flood-named", f"another's named explainer {_FLOOD}", "ms", 2.0),
            Row("flood-question", f"another's question {_FLOOD}", "ms", 3.0),
        ),
    ),
)

if __name__ == "__main__":
    print(json.dumps(asyncio.run(floods())))
