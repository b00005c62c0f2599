"""Commands answered while ten thousand pins are edited at Telegram's pace, by the bot as it is run. Its law: stretches
with edits and without take turns in one process, and they count only where the edits leave at that pace.
"""

import asyncio
import tempfile
from functools import cache
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple

from bot.core.sealed_catalog import SealedCatalog
from bot.features.pins import PACES
from bot.runtime.content import read_content
from bot.store.store import open_store
from bot.store.url import address
from tools.bench.child import ROOT, ChildFailed
from tools.bench.inside.house import edit, stored
from tools.bench.row import Measured
from tools.bench.telegram.bots import OURS, Bot, running, words

_PINS, _ROUNDS = 10_000, 6
_ASKED, _EVERY = 240, 1 / 30  # commands of a stretch, and seconds between two: as many as Telegram lets through
_PINNED, _TITLES = "staking", ("What is staking on Kusama?", "How does staking work on Kusama?")
_CALM = 3.5  # seconds: longer than any chat waits for its next edit
_PATIENCE = 90.0  # seconds for each round


class _Slow(NamedTuple):
    """Milliseconds within which all but the slowest hundredth of a stretch's commands were answered: by the clock, and
    what the bot worked meanwhile.
    """

    clock: float
    cpu: float


async def _stretch(bot: Bot, void: list[str]) -> _Slow:
    seconds = await bot.api.paced(_ASKED, _EVERY, bot.cpu)
    void += filter(None, [bot.api.wrong()])
    return _Slow(*(quantiles(values, n=100, method="inclusive")[98] * 1000 for values in zip(*seconds, strict=True)))


async def _idle(bot: Bot, void: list[str]) -> _Slow:
    before = bot.api.edits
    slow = await _stretch(bot, void)
    if bot.api.edits != before:
        void.append("pins were edited that had not changed")
    return slow


async def _edited(bot: Bot, pinned: Path, void: list[str]) -> _Slow:
    """While all pins differ; then they are as they were, and those that were edited are edited back."""
    bot.api.edited.clear()
    edit(pinned, _TITLES[1])
    await bot.api.edited.wait()
    before = bot.api.edits
    slow = await _stretch(bot, void)
    pace, most = (bot.api.edits - before) / (_ASKED * _EVERY), 1 / PACES["telegram"].overall
    if not most / 2 <= pace <= most * 1.1:
        void.append(f"{pace:.1f} edits a second, where Telegram's pace is {most:.0f}")
    edit(pinned, _TITLES[0])
    while bot.api.edited.is_set():
        bot.api.edited.clear()
        await asyncio.sleep(_CALM)
    return slow


async def _measured(folder: Path, number: int, rounds: int) -> tuple[Measured, Measured]:
    edited, idle, void = list[_Slow](), list[_Slow](), list[str]()
    async with open_store(address(None, folder)) as store:
        await stored(store, SealedCatalog(read_content(ROOT / "responses")), range(number), _PINNED)
    async with running(OURS, words(), folder, at_once=1, webhook=False) as bot, asyncio.timeout(_PATIENCE * rounds):
        await _stretch(bot, void)  # the groups are read, and what is done for the first time
        await bot.rest()
        for _ in range(rounds):
            idle.append(await _idle(bot, void))
            edited.append(await _edited(bot, folder / "responses" / "en" / "answers" / f"{_PINNED}.yaml", void))
    told = void[0] if void else None
    clock = Measured(tuple(one.clock for one in edited), tuple(one.clock for one in idle), told)
    return clock, Measured(tuple(one.cpu for one in edited), tuple(one.cpu for one in idle), told)


@cache
def measured(number: int = _PINS, rounds: int = _ROUNDS) -> tuple[Measured, Measured]:
    """Milliseconds by the clock, and of the bot's own work, while pins are edited and while none is; void where an
    answer is wrong, where pins were edited before anything changed, too fast, or hardly at all.
    """
    with tempfile.TemporaryDirectory() as folder:
        try:
            return asyncio.run(_measured(Path(folder), number, rounds))
        except TimeoutError as error:
            raise ChildFailed("a command was not answered in time") from error


def cpu() -> Measured:
    """What the bot worked from a question to its answer."""
    return measured()[1]


def clock() -> Measured:
    """The time that passed."""
    return measured()[0]
