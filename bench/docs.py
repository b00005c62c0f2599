"""The table of docs/performance.md, written from `latest.json`. Its law: no figure of it is typed by hand."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bench.child import ROOT
from bench.report import shown
from bench.row import Row

PAGE = ROOT / "docs" / "performance.md"
_BEGIN, _END = "<!-- from bench/latest.json -->", "<!-- end of bench/latest.json -->"


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
    """The page with the table of these figures between its two marks.

    Raises:
        ValueError: the page lacks a mark.
    """
    before, begin, rest = page.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not (begin and end):
        raise ValueError(f"the page has no “{_BEGIN}” and “{_END}”")
    return f"{before}{begin}\n\n{table(rows, figures)}\n\n{end}{after}"


def write(rows: Iterable[Row], figures: Mapping[str, Any], path: Path = PAGE) -> None:
    """Put the table of these figures into the page."""
    path.write_text(written(path.read_text("utf-8"), rows, figures), "utf-8")
