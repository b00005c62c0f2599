"""Count the modules and functions of ours that a command, a join and an edit pass: `python -m tools.walk`.

The whole bot runs in this process between the fake Telegram and the fake Discord. Each way is walked several times in a
community that is known already, and what every walk passed is counted, so that a job in the background is left out.
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
    """A function of ours, and the module it is in."""

    module: str
    function: str


class Recorder:
    """Notes each function of `bot/` that is called in any thread while `recording`, once, in the order of first calls.

    `workers` are the tasks that called them, and the functions that no task called. Those in `ignored` are left out.
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
        if code.co_name.startswith("<") or not code.co_flags & CO_OPTIMIZED:  # a comprehension, or a class that is made
            return
        if code.co_code[frame.f_lasti + 1] & 3:  # the argument of RESUME: a coroutine goes on after an await
            return
        worker = _current_task() or code
        if worker not in self.ignored:
            self.workers.add(worker)
            self._codes.setdefault(code)

    async def record(self, way: Callable[[], Awaitable[object]]) -> list[Step]:
        """What is called until `way` has returned and the loop has nothing left to do at once."""
        self._codes, self.workers, self.recording = {}, set(), True
        try:
            await way()
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


class Ways:
    """What is walked, in one group and one guild that have a pin and greet newcomers."""

    def __init__(self, bot: Whole, time: ToldClock, recorder: Recorder) -> None:
        self._bot, self._time, self._recorder = bot, time, recorder
        self._chat = bot.telegram.chat(rights=_RIGHTS)
        self._moderator = bot.telegram.member("Moderator")
        self._chat.put(self._moderator, "administrator", _RIGHTS)
        self._titles, self._numbers = cycle(_TITLES), count(1)
        self._title = next(self._titles)

    async def settle(self) -> None:
        """A moderator pins an explainer and turns greetings on, on both platforms."""
        for text in ("/pin whatisksm", "/welcome on"):
            await self._bot.answered(self._bot.telegram.send(self._chat, self._moderator, text))
        for command, options in (("pin", {"topic": "whatisksm"}), ("welcome", {"action": "on"})):
            await self._bot.discord.slash(self._bot.channel, self._bot.boss, command, options).message()

    async def command_on_telegram(self) -> None:
        """A member who has not asked before asks for an explainer."""
        await self._bot.telegram_answers("/whatisksm", self._chat)
        await self._bot.telegram.until_polling()

    async def command_on_discord(self) -> None:
        """The same on Discord."""
        member = self._bot.guild.member(f"member {next(self._numbers)}")
        await self._bot.discord.slash(self._bot.channel, member, "whatisksm").message()

    async def join_on_telegram(self) -> None:
        """Somebody joins, and is greeted."""
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
        """Let time pass in small steps until one more greeting stands."""
        before = greetings()
        while greetings() == before:
            self.pass_(1)
            await asyncio.sleep(0.01)

    async def edit(self) -> None:
        """A writer changes a title, and the pins on both platforms follow."""
        old, self._title = self._title, next(self._titles)
        self._bot.content.edit("en/answers/whatisksm.yaml", old, self._title)
        pins = [self._chat.messages[one] for one in self._chat.pins]
        pinned = [one for one in self._bot.channel.messages.values() if one.pinned]
        await self._bot.discord.until(
            lambda: all(f"**{self._title}**" in one.content for one in pinned), "the pin on Discord"
        )
        await self._bot.telegram.until(lambda: all(one.text.startswith(self._title) for one in pins) or None)

    def pass_(self, seconds: float) -> None:
        """Time goes by, for the bot and for both platforms."""
        self._bot.discord.advance(seconds)
        self._time.pass_(seconds)

    async def rest(self) -> None:
        """Time goes by and nothing happens."""
        for _ in range(130):
            self.pass_(1)
            await asyncio.sleep(0.001)


@asynccontextmanager
async def _ways(recorder: Recorder) -> AsyncIterator[Ways]:
    time, paces = ToldClock(), dict.fromkeys(("discord", "telegram", "playground"), EditIntervals(0.0, 0.0))
    with tempfile.TemporaryDirectory() as folder:
        async with served(Path(folder), clock=time.clock(), paces=paces) as bot:
            bot.telegram.world.now = lambda: int(bot.discord.world.now.timestamp())
            ways = Ways(bot, time, recorder)
            await ways.settle()
            yield ways


async def measured() -> dict[str, list[Step]]:
    """The functions that each way passes, in the order of their first calls."""
    recorder = Recorder()
    found: dict[str, list[Step]] = {}
    async with _ways(recorder) as ways:
        everything = {
            "/whatisksm on Telegram": ways.command_on_telegram,
            "/whatisksm on Discord": ways.command_on_discord,
            "a join on Telegram": ways.join_on_telegram,
            "a join on Discord": ways.join_on_discord,
            "an edited answer, pinned on both": ways.edit,
        }
        for name, way in everything.items():
            await way()  # what is read once only
            if way in (ways.join_on_telegram, ways.join_on_discord):  # time passes, and what runs by it is no part
                await recorder.record(ways.rest)
                recorder.ignored = recorder.workers
            walks = [await recorder.record(way) for _ in range(_TIMES)]
            found[name] = [step for step in walks[0] if all(step in other for other in walks)]
            recorder.ignored = set()
    return found


def table(found: dict[str, list[Step]]) -> str:
    """A line for each way: how many modules and functions of ours it passes."""
    lines = [f"{'':34}{'modules':>8}{'functions':>10}"]
    lines += [f"{name:34}{len({one.module for one in steps}):8}{len(steps):10}" for name, steps in found.items()]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table, and the functions where they are asked for."""
    parser = argparse.ArgumentParser(prog="python -m tools.walk", description=__doc__)
    parser.add_argument(
        "--list", action="store_true", help="print the functions too, in the order of their first calls"
    )
    options = parser.parse_args(arguments)
    found = asyncio.run(measured())
    print(table(found))
    for name, steps in found.items() if options.list else ():
        print(f"\n{name}", *(f"  {step.module}: {step.function}" for step in steps), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
