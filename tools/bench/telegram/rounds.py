"""Rounds of all bots in turns, measured once for all rows. Its law: a bot is measured only when it has come to rest
after its start, and a round whose answers are not right counts for nothing.
"""

import asyncio
from contextlib import AsyncExitStack
from functools import cache
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from tools.bench.row import Measured
from tools.bench.telegram.bots import AIOGRAM, OURS, PTB, TELEBOT, Bot, held, running, words

KINDS: Final = (OURS, PTB, AIOGRAM, TELEBOT)
_WARM: Final = 512  # updates before the first round
_HELD: Final = 1024  # updates in each of the three rounds under a watch
# Updates a round and rounds, by how many are under way.
_ROUNDS: Final = {1: (500, 9), 256: (1024, 7)}


class Taken(NamedTuple):
    """What was measured with one number under way: by bot, CPU microseconds and updates per second of each round, and
    why a bot's rounds do not count; and for how many milliseconds ours held its event loop.
    """

    cpu: dict[str, tuple[float, ...]]
    rate: dict[str, tuple[float, ...]]
    void: dict[str, str]
    hold: float


def cpu(webhook: bool, at_once: int, peer: str) -> Measured:
    """CPU microseconds of an update."""
    taken = measured(webhook, at_once)
    return Measured(taken.cpu[OURS], taken.cpu[peer], _void(taken, peer), (taken.hold,))


def rate(webhook: bool, at_once: int, peer: str) -> Measured:
    """Updates per second."""
    taken = measured(webhook, at_once)
    return Measured(taken.rate[OURS], taken.rate[peer], _void(taken, peer))


def _void(taken: Taken, peer: str) -> str | None:
    return next((f"{kind}: {taken.void[kind]}" for kind in (OURS, peer) if kind in taken.void), None)


@cache
def measured(webhook: bool, at_once: int) -> Taken:
    """All rounds, for all rows that want them."""
    with TemporaryDirectory() as folder:
        return asyncio.run(_measured(webhook, at_once, Path(folder)))


async def _measured(webhook: bool, at_once: int, folder: Path) -> Taken:
    text, (number, turns) = words(), _ROUNDS[at_once]
    values: dict[str, list[tuple[float, float]]] = {kind: [] for kind in KINDS}
    void: dict[str, str] = {}
    async with AsyncExitStack() as stack:
        bots: dict[str, Bot] = {}
        for kind in KINDS:
            (folder / kind).mkdir()
            context = running(kind, text, folder / kind, at_once=at_once, webhook=webhook)
            bots[kind] = await stack.enter_async_context(context)
        for bot in bots.values():
            await bot.answer(_WARM, at_once)
        await asyncio.gather(*(bot.rest() for bot in bots.values()))
        for turn in range(turns):
            for kind in KINDS if turn % 2 else reversed(KINDS):
                worked, passed, wrong = await bots[kind].answer(number, at_once)
                values[kind].append((worked * 1e6, 1 / passed))
                if wrong:
                    void[kind] = wrong
    (folder / "held").mkdir()
    hold = await held(text, folder / "held", _HELD, at_once=at_once, webhook=webhook)
    worked_by = {kind: tuple(one for one, _ in pairs) for kind, pairs in values.items()}
    rate_by = {kind: tuple(one for _, one in pairs) for kind, pairs in values.items()}
    return Taken(worked_by, rate_by, void, hold)


if __name__ == "__main__":
    for hook in (False, True):
        for crowd in _ROUNDS:
            found = measured(hook, crowd)
            for name in KINDS:
                print(
                    f"{'hook' if hook else 'poll'} {crowd:4} {name:22}"
                    f" {median(found.cpu[name]):7.0f} µs {median(found.rate[name]):7.0f}/s {found.void.get(name, '')}"
                )
            print(f"held {found.hold:.1f} ms", flush=True)
