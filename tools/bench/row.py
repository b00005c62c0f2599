"""The rows that are measured, their goals, and their table in docs/performance.md.

A row is ok only if it was measured, all answers were correct and it meets its goal.
"""

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, final

from tools.bench.process import ROOT

LATEST, PAGE = Path(__file__).parent / "latest.json", ROOT / "docs" / "performance.md"
_OPENING, _END = "<!-- from tools/bench/latest.json -->", "<!-- end of tools/bench/latest.json -->"


@final
@dataclass
class Row:
    """One claim: median(ours) / median(twin) is at most the goal (without `at_most`: at least the goal).

    If `absolute`, there is no twin, and median(ours), in `unit`, is compared with the goal. A scenario adds a value to
    `ours` and to `twin` in each round.
    """

    name: str
    what: str
    unit: str
    goal: float
    at_most: bool = True
    absolute: bool = False
    ours: list[float] = field(default_factory=list)
    twin: list[float] = field(default_factory=list)

    @property
    def sides(self) -> tuple[list[float], list[float]]:
        """The values of the bot and those of the twin."""
        return self.ours, self.twin

    def figures(self) -> dict[str, Any]:
        """The figures for `latest.json`: the medians, their ratio and whether the goal is met."""
        ours, twin = (median(side) if side else None for side in self.sides)
        ratio = ours / twin if ours is not None and twin else None
        value = ours if self.absolute else ratio
        ok = value is not None and (value <= self.goal if self.at_most else value >= self.goal)
        return {"ours": _short(ours), "twin": _short(twin), "ratio": _short(ratio), "goal": self.goal, "ok": ok}


@final
@dataclass(frozen=True, slots=True)
class Scenario:
    """Rows that one function measures together."""

    measure: Callable[..., Awaitable[None]]
    rows: tuple[Row, ...]


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")


def _shown(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def line(row: Row, figures: Mapping[str, Any]) -> str:
    """The row as a line of the Markdown table."""
    values = " | ".join(_shown(figures[key]) for key in ("ours", "twin"))
    goal = f"{'≤' if row.at_most else '≥'} {row.goal:g}{f' {row.unit}' if row.absolute else ''}"
    verdict = "ok" if figures["ok"] else "**not ok**"
    return f"| `{row.name}` | {row.what} | {values} | {row.unit} | {_shown(figures['ratio'])} | {goal} | {verdict} |"


def page(text: str, rows: Iterable[Row], figures: Mapping[str, Any]) -> str:
    """Replace the table between the two marks in the page's text. Raises ValueError if a mark is missing."""
    before, begin, rest = text.partition(_OPENING)
    _, end, after = rest.partition(_END)
    if not (begin and end):
        raise ValueError(f"the page has no “{_OPENING}” and “{_END}”")
    head = ["| row | what | ours | twin | unit | ratio | goal | |", "|---|---|--:|--:|---|--:|--:|---|"]
    lines = [*head, *(line(row, figures[row.name]) for row in rows if row.name in figures)]
    return "\n".join([before + begin, "", *lines, "", end + after])


def read(path: Path = LATEST) -> dict[str, Any]:
    """The stored figures of earlier runs, by name of the row."""
    figures: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return figures


def write(measured: Iterable[Row], known: Sequence[Row], path: Path = LATEST, page_path: Path = PAGE) -> None:
    """Store the figures of the measured rows, keep the stored ones of other known rows, and update the page's table.

    Figures of unknown rows are deleted.
    """
    figures = read(path) | {row.name: row.figures() for row in measured}
    figures = {row.name: figures[row.name] for row in known if row.name in figures}
    lines = [f"  {json.dumps(name)}: {json.dumps(figure)}" for name, figure in figures.items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
    page_path.write_text(page(page_path.read_text("utf-8"), known, figures), "utf-8")
