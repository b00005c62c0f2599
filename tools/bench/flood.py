"""What one member's flood costs others: `python -m tools.bench.flood` prints how many times longer they wait.

The bot runs whole, with the encoder, between pretended platforms in the same process. While one member sends 400
things of a kind, another asks for a named explainer, and a third asks a question. What the pretended platforms do for
400 updates is in the figures too (their checks of each Discord call most of all), so they are upper bounds.
"""

import asyncio
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from tests.faults.stage import Whole, whole

_MANY, _TIMES = 400, 9
Flood = Callable[[Whole], None]


def _messages(text: str) -> Flood:
    def send(bot: Whole) -> None:
        chat, member = bot.telegram.chat(), bot.telegram.member()
        for number in range(_MANY):
            bot.telegram.send(chat, member, text.format(number))

    return send


def _inline(bot: Whole) -> None:
    member = bot.telegram.member()
    for number in range(_MANY):
        bot.telegram.inline(member, f"what makes kusama different {number}")


def _completion(bot: Whole) -> None:
    member = bot.guild.member("flood")
    for number in range(_MANY):
        bot.discord.autocomplete(bot.channel, member, "ask", "question", {"question": f"what is {number}"})


def _presses(bot: Whole) -> None:
    chat, member = bot.telegram.chat(), bot.telegram.member()
    for _ in range(_MANY):
        message = bot.telegram.send(chat, bot.telegram.bot, "anything")
        bot.telegram.press(message, "v1:en:settings", member, forged=True)


FLOODS: dict[str, Flood] = {
    "nothing": lambda _: None,
    "inline queries": _inline,
    "questions": _messages("/ask what makes kusama different {}"),
    "named explainers": _messages("/whatisksm"),
    "guarded commands": _messages("/settings"),
    "forged presses": _presses,
    "completions": _completion,
}


async def _timed(bot: Whole, text: str) -> float:
    begun = perf_counter()
    await bot.telegram_answers(text)
    return 1000 * (perf_counter() - begun)


async def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        async with whole(Path(folder)) as bot:
            await bot.telegram_answers("/ask what is the canary network?")  # loads the encoder
            alone = (1.0, 1.0)
            print(f"{'400 of one member':20} {'named ms':>9} {'ratio':>6} {'question ms':>12} {'ratio':>6}")
            for kind, flood in FLOODS.items():
                took: list[list[float]] = [[], []]
                for _ in range(_TIMES):
                    for times, text in zip(took, ("/whatisksm", "/ask what is the canary network?"), strict=True):
                        flood(bot)
                        times.append(await _timed(bot, text))
                        await bot.telegram.until_polling(seconds=60)
                named, question = map(statistics.median, took)
                alone = (named, question) if kind == "nothing" else alone
                ratios = named / alone[0], question / alone[1]
                print(f"{kind:20} {named:9.1f} {ratios[0]:6.2f} {question:12.1f} {ratios[1]:6.2f}", flush=True)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
