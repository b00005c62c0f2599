"""The rows of answers, pins, reloading and growth."""

from collections.abc import Callable
from functools import cache, partial
from statistics import median
from typing import Any

from tools.bench.child import child
from tools.bench.inside import growth, meanwhile
from tools.bench.row import Measured, Row

_ANSWERS = 5_000
_PINS = 10_000
_RELOADS = 5


@cache
def _told(times: int, rounds: int) -> tuple[dict[str, Any], ...]:
    """Three rows are read from the same programs."""
    return tuple(child("tools.bench.inside.answer", times) for _ in range(rounds))


def answers(figure: str, times: int = _ANSWERS, rounds: int = 5) -> Measured:
    """Microseconds of one step of an answer."""
    told = _told(times, rounds)
    wrong = [one for one in told if one["right"] != one["asked"] or one["queries"] or one["opened"]]
    void = f"{wrong[0]}" if wrong else None
    return Measured(tuple(one[figure] for one in told), void=void, holds=tuple(one["held"] for one in told))


def unchanged(number: int = _PINS, rounds: int = 5) -> Measured:
    """Milliseconds of a look at all pins where nothing changed; void where one was edited."""
    told = [child("tools.bench.inside.pins", number) for _ in range(rounds)]
    wrong = [one for one in told if one["edits"]]
    void = f"{wrong[0]}" if wrong else None
    return Measured(tuple(one["spent"] for one in told), void=void, holds=tuple(one["held"] for one in told))


def reloading(times: int = _RELOADS, rounds: int = 5) -> Measured:
    """The longest hold of each process that reloads again and again."""
    told = [child("tools.bench.inside.reload", times) for _ in range(rounds)]
    wrong = [one for one in told if one["revisions"] != times or one["languages"] != 6]
    holds = tuple(max(one["holds"]) for one in told)
    return Measured(holds, void=f"{wrong[0]}" if wrong else None, holds=(median(holds),))


def _row(name: str, what: str, unit: str, goal: float, measure: Callable[[], Measured]) -> Row:
    return Row(name, what, unit, goal, at_most=True, measure=measure, absolute=True)


_EDITING = "p99 while 10,000 pins are edited at Telegram's pace, beside the same process idle"

ROWS = (
    _row("answer", "from Request to Reply for an explainer; no query, no file", "µs", 25, partial(answers, "answer")),
    _row("render-discord", "a reply rendered for Discord", "µs", 25, partial(answers, "discord")),
    _row("render-telegram", "a reply rendered for Telegram", "µs", 25, partial(answers, "telegram")),
    _row("pins-unchanged", "a look at 10,000 pins where nothing changed, without a call", "ms", 50, unchanged),
    Row(
        "pins-meanwhile-cpu",
        f"what the bot works from a question to its answer, {_EDITING}",
        "ms",
        2.0,
        True,
        meanwhile.cpu,
    ),
    Row("pins-meanwhile", f"time from a question to its answer, {_EDITING}", "ms", 2.0, True, meanwhile.clock),
    _row("reload-hold", "the longest hold of the loop while six languages are reloaded", "ms", 10, reloading),
    *growth.ROWS,
)
