"""What is measured, and what came of it. Its law: a row is `ok` only where it was measured and its goal is met."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import final

Curves = Mapping[str, tuple[tuple[float, float], ...]]
"""By name, what a thing costs (second) at each size (first), in one unit."""


@final
@dataclass(frozen=True, slots=True)
class Measured:
    """One value a round of ours and of the twin that is the floor, taken in turns.

    `void` tells why the row counts for nothing, such as a wrong number of answers. `holds` has the longest time in
    milliseconds that each process held its event loop; `curves` are drawn in the plot.
    """

    ours: tuple[float, ...]
    floor: tuple[float, ...] = ()
    void: str | None = None
    holds: tuple[float, ...] = ()
    curves: Curves = field(default_factory=dict)


@final
@dataclass(frozen=True, slots=True)
class Row:
    """One claim. `goal` is held against median(ours) / median(floor), or, where `absolute`, against ours itself in
    `unit`; `at_most` tells whether less is better. `measure` runs all its rounds and blocks meanwhile.
    """

    name: str
    what: str
    unit: str
    goal: float
    at_most: bool
    measure: Callable[[], Measured]
    absolute: bool = False


@final
@dataclass(frozen=True, slots=True)
class Result:
    """A row and what was measured for it."""

    row: Row
    measured: Measured

    @property
    def void(self) -> str | None:
        """Why the row counts for nothing, or None."""
        if self.measured.void:
            return self.measured.void
        if not self.measured.ours:
            return "nothing was measured"
        if not self.row.absolute and not (self.measured.floor and median(self.measured.floor) > 0):
            return "there is no floor"
        return None

    @property
    def ours(self) -> float | None:
        """The median of our rounds."""
        return median(self.measured.ours) if self.measured.ours else None

    @property
    def floor(self) -> float | None:
        """The median of the twin's rounds; None where the row has none."""
        return median(self.measured.floor) if self.measured.floor and not self.row.absolute else None

    @property
    def ratio(self) -> float | None:
        """Ours by the floor, or None where there is nothing to divide."""
        return self.ours / self.floor if self.ours is not None and self.floor else None

    @property
    def ok(self) -> bool:
        """Whether the row counts and its goal is met."""
        held = self.ours if self.row.absolute else self.ratio
        if self.void or held is None:
            return False
        return held <= self.row.goal if self.row.at_most else held >= self.row.goal

    def figures(self) -> dict[str, float | bool | None]:
        """What `latest.json` has of it."""
        return {
            "ours": _short(self.ours),
            "floor": _short(self.floor),
            "ratio": _short(self.ratio),
            "goal": self.row.goal,
            "ok": self.ok,
        }


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")


def spread(values: tuple[float, ...]) -> float | None:
    """The distance between the quartiles as a part of the median; None for fewer than two values, or a median of 0."""
    if len(values) < 2 or not median(values):
        return None
    first, _, third = quantiles(values, n=4, method="inclusive")
    return (third - first) / median(values)


def grown(thing: str, told: Sequence[Mapping[int, float]], many: int, few: int) -> Measured:
    """From CPU seconds by size, one mapping a round: microseconds of each of many (ours) and of each of few (floor),
    and the curve of the medians.
    """
    ours, floor = (tuple(one[size] / size * 1e6 for one in told) for size in (many, few))
    return Measured(
        ours, floor, curves={thing: tuple((float(size), median(one[size] for one in told)) for size in told[0])}
    )


def in_turns(rounds: int, ours: Callable[[], float], floor: Callable[[], float]) -> Measured:
    """Both measured `rounds` times in turns, so that what else the machine does meets both alike."""
    mine, theirs = list[float](), list[float]()
    for number in range(rounds):
        both = [(mine, ours), (theirs, floor)]
        for values, once in both if number % 2 else reversed(both):
            values.append(once())
    return Measured(tuple(mine), tuple(theirs))
