"""The tables of docs/performance.md, from `latest.json` and `shares.json`. Its law: no figure is typed by hand."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tools.bench.child import ROOT
from tools.bench.report import shown
from tools.bench.row import Row
from tools.bench.start import shares

PAGE = ROOT / "docs" / "performance.md"
_ROWS, _SHARES = "tools/bench/latest.json", "tools/bench/shares.json"


def table(rows: Iterable[Row], figures: Mapping[str, Any]) -> str:
    """A Markdown table of every row that was measured."""
    lines = ["| row | what | ours | floor | unit | ratio | goal | |", "|---|---|--:|--:|---|--:|--:|---|"]
    for row in rows:
        if figure := figures.get(row.name):
            values = (figure["ours"], figure["floor"], figure["ratio"])
            ours, floor, ratio = map(shown, values)
            goal = f"{'≤' if row.at_most else '≥'} {row.goal:g}{f' {row.unit}' if row.absolute else ''}"
            verdict = "ok" if figure["ok"] else "**not ok**"
            lines.append(
                f"| `{row.name}` | {row.what} | {ours} | {floor} | {row.unit} | {ratio} | {goal} | {verdict} |"
            )
    return "\n".join(lines)


def written(page: str, rows: Iterable[Row], figures: Mapping[str, Any]) -> str:
    """The page with the tables of these figures, and of what a start is made of, each between its two marks.

    Raises:
        ValueError: the page lacks a mark.
    """
    return _between(_between(page, _ROWS, table(rows, figures)), _SHARES, shares.table())


def _between(page: str, name: str, table: str) -> str:
    opening, closing = f"<!-- from {name} -->", f"<!-- end of {name} -->"
    before, begin, rest = page.partition(opening)
    _, end, after = rest.partition(closing)
    if not (begin and end):
        raise ValueError(f"the page has no “{opening}” and “{closing}”")
    return f"{before}{begin}\n\n{table}\n\n{end}{after}"


def write(rows: Iterable[Row], figures: Mapping[str, Any], path: Path = PAGE) -> None:
    """Put the tables of these figures into the page."""
    path.write_text(written(path.read_text("utf-8"), rows, figures), "utf-8")
