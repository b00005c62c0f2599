"""Counts the bot's modules and functions that run for a command, a join and an edit: `python -m tools.walk`.

The whole bot runs in this process, connected to a fake Telegram and a fake Discord. Each scenario runs several times in
a community that the bot already knows. Only functions that run every time are counted, to leave out background jobs.
"""

import argparse
import asyncio
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from inspect import CO_OPTIMIZED
from itertools import count, cycle
from pathlib import Path
from types import CodeType, FrameType
from typing import NamedTuple

from bot.features.pins import EditIntervals
from tests.fakes.told import ToldClock
from tests.faults.stage import Whole, served

_BOT = Path(__file__).parents[1] / "bot"
_TIMES = 3
_RIGHTS = ("can_pin_messages", "can_change_info", "can_delete_messages")
_TITLES = ("What is KSM?", "What is KSM, plainly?")


class Step(NamedTuple):
    """A function of the bot, and its module."""

    module: str
    function: str


class Recorder:
    """Records each function of `bot/` that is called in any thread while `recording`, once, in order of the first call.

    `workers` are the tasks that called these functions, and the functions that were called outside of a task. Calls by
    workers in `ignored` are left out.
    """

    def __init__(self) -> None:
        self.recording = False
        self.workers: set[object] = set()
        self.ignored: set[object] = set()
        self._codes: dict[CodeType, None] = {}
        threading.setprofile(self._on_event)
        sys.setprofile(self._on_event)

    def _on_event(self, frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if not self.recording or event != "call" or not code.co_filename.startswith(str(_BOT)):
            return
        if code.co_name.startswith("<") or not code.co_flags & CO_OPTIMIZED:  # a comprehension or a class body
            return
        if code.co_code[frame.f_lasti + 1] & 3:  # the argument of RESUME: a coroutine continues after an await
            return
        worker = _current_task() or code
        if worker not in self.ignored:
            self.workers.add(worker)
            self._codes.setdefault(code)

    async def record(self, scenario: Callable[[], Awaitable[object]]) -> list[Step]:
        """Run the scenario, and the event loop until it is idle; returns the functions that were called."""
        self._codes, self.workers, self.recording = {}, set(), True
        try:
            await scenario()
            for _ in range(50):
                await asyncio.sleep(0)
        finally:
            self.recording = False
        return [_step(code) for code in self._codes]


def _current_task() -> asyncio.Task[object] | None:
    try:
        return asyncio.current_task()
    except RuntimeError:  # a thread without a loop
        return None


def _step(code: CodeType) -> Step:
    parts = Path(code.co_filename).relative_to(_BOT.parent).with_suffix("").parts
    return Step(".".join(parts).removesuffix(".__init__"), code.co_qualname)


class Scenarios:
    """The scenarios, in one Telegram group and one Discord guild that have a pin and greet newcomers."""

    def __init__(self, bot: Whole, time: ToldClock, recorder: Recorder) -> None:
        self._bot, self._time, self._recorder = bot, time, recorder
        self._chat = bot.telegram.chat(rights=_RIGHTS)
        self._moderator = bot.telegram.member("Moderator")
        self._chat.put(self._moderator, "administrator", _RIGHTS)
        self._titles, self._numbers = cycle(_TITLES), count(1)
        self._title = next(self._titles)

    async def settle(self) -> None:
        """On both platforms, a moderator pins an explainer and turns greetings on."""
        for text in ("/pin whatisksm", "/welcome on"):
            await self._bot.answered(self._bot.telegram.send(self._chat, self._moderator, text))
        for command, options in (("pin", {"topic": "whatisksm"}), ("welcome", {"action": "on"})):
            await self._bot.discord.slash(self._bot.channel, self._bot.boss, command, options).message()

    async def command_on_telegram(self) -> None:
        """A member who has not used the bot before asks for an explainer."""
        await self._bot.telegram_answers("/whatisksm", self._chat)
        await self._bot.telegram.until_polling()

    async def command_on_discord(self) -> None:
        """The same on Discord."""
        member = self._bot.guild.member(f"member {next(self._numbers)}")
        await self._bot.discord.slash(self._bot.channel, member, "whatisksm").message()

    async def join_on_telegram(self) -> None:
        """A newcomer joins and is greeted."""
        telegram = self._bot.telegram
        telegram.join(self._chat, telegram.member("Newcomer"), announce=False)
        await telegram.until_polling()
        await self._greeted(lambda: sum(" joined." in one.text for one in telegram.of("sendMessage")))

    async def join_on_discord(self) -> None:
        """The same on Discord."""
        discord = self._bot.discord
        discord.join(self._bot.guild, f"newcomer {next(self._numbers)}")
        await self._greeted(
            lambda: sum(" joined." in call.body["content"] for call in discord.done("POST", "/messages$"))
        )

    async def _greeted(self, greetings: Callable[[], int]) -> None:
        """Let time pass in small steps until another greeting has been posted."""
        before = greetings()
        while greetings() == before:
            self.advance(1)
            await asyncio.sleep(0.01)

    async def edit(self) -> None:
        """A writer changes a title, and the bot edits the pins on both platforms."""
        old, self._title = self._title, next(self._titles)
        self._bot.content.edit("en/answers/whatisksm.yaml", old, self._title)
        pins = [self._chat.messages[one] for one in self._chat.pins]
        pinned = [one for one in self._bot.channel.messages.values() if one.pinned]
        await self._bot.discord.until(
            lambda: all(f"**{self._title}**" in one.content for one in pinned), "the pin on Discord"
        )
        await self._bot.telegram.until(lambda: all(one.text.startswith(self._title) for one in pins) or None)

    def advance(self, seconds: float) -> None:
        """Advance the clocks of the bot and of both platforms."""
        self._bot.discord.advance(seconds)
        self._time.pass_(seconds)

    async def rest(self) -> None:
        """Time passes and nothing happens."""
        for _ in range(130):
            self.advance(1)
            await asyncio.sleep(0.001)


@asynccontextmanager
async def _scenarios(recorder: Recorder) -> AsyncIterator[Scenarios]:
    time, paces = ToldClock(), dict.fromkeys(("discord", "telegram", "playground"), EditIntervals(0.0, 0.0))
    with tempfile.TemporaryDirectory() as folder:
        async with served(Path(folder), clock=time.clock(), paces=paces) as bot:
            bot.telegram.world.now = lambda: int(bot.discord.world.now.timestamp())
            scenarios = Scenarios(bot, time, recorder)
            await scenarios.settle()
            yield scenarios


async def measured() -> dict[str, list[Step]]:
    """The functions that run in each scenario, in order of the first call."""
    recorder = Recorder()
    results: dict[str, list[Step]] = {}
    async with _scenarios(recorder) as scenarios:
        named = {
            "/whatisksm on Telegram": scenarios.command_on_telegram,
            "/whatisksm on Discord": scenarios.command_on_discord,
            "a join on Telegram": scenarios.join_on_telegram,
            "a join on Discord": scenarios.join_on_discord,
            "an edited answer, pinned on both": scenarios.edit,
        }
        for name, scenario in named.items():
            await scenario()  # once before recording: some data is read only the first time
            if scenario in (scenarios.join_on_telegram, scenarios.join_on_discord):  # these let time pass, so leave out
                await recorder.record(scenarios.rest)  # what runs whenever time passes
                recorder.ignored = recorder.workers
            runs = [await recorder.record(scenario) for _ in range(_TIMES)]
            results[name] = [step for step in runs[0] if all(step in other for other in runs)]
            recorder.ignored = set()
    return results


def table(results: dict[str, list[Step]]) -> str:
    """A line for each scenario with its number of modules and functions."""
    lines = [f"{'':34}{'modules':>8}{'functions':>10}"]
    lines += [f"{name:34}{len({one.module for one in steps}):8}{len(steps):10}" for name, steps in results.items()]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table and, with `--list`, the functions."""
    parser = argparse.ArgumentParser(prog="python -m tools.walk", description=__doc__)
    parser.add_argument("--list", action="store_true", help="also print the functions, in order of the first call")
    options = parser.parse_args(arguments)
    results = asyncio.run(measured())
    print(table(results))
    for name, steps in results.items() if options.list else ():
        print(f"\n{name}", *(f"  {step.module}: {step.function}" for step in steps), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
