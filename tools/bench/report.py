"""Results as a table for the terminal and as `latest.json`. Its law: what is shown is what was measured."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tools.bench.row import Curves, Result, spread

HERE = Path(__file__).parent
LATEST, CURVES = HERE / "latest.json", HERE / "growth.json"

_HEAD = ("row", "ours", "±", "floor", "±", "unit", "ratio", "goal", "")


def table(results: Sequence[Result]) -> str:
    """A line a row: medians, their spread (quartiles' distance by median), ratio and goal."""
    lines = [_HEAD, *map(_line, results)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEAD))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)


def _line(result: Result) -> tuple[str, ...]:
    row, measured = result.row, result.measured
    goal = f"{'≤' if row.at_most else '≥'} {row.goal:g}"
    verdict = f"VOID: {result.void}" if result.void else "ok" if result.ok else "NOT OK"
    values = (shown(result.ours), _percent(measured.ours), shown(result.floor), _percent(measured.floor))
    return (row.name, *values, row.unit, shown(result.ratio), goal, verdict)


def shown(value: float | None) -> str:
    """A figure with three digits that count."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _percent(values: tuple[float, ...]) -> str:
    part = spread(values)
    return "" if part is None else f"{part:.0%}"


def read(path: Path = LATEST) -> dict[str, Any]:
    """The figures of the runs before, by row (or, of `CURVES`, the curves by name); none where there was no run."""
    found: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return found


def write(results: Sequence[Result], known: Sequence[str], path: Path = LATEST) -> None:
    """Put the results beside those of rows that were not measured this time; rows not `known` any more are dropped."""
    figures = read(path) | {result.row.name: result.figures() for result in results}
    _put(path, {name: figures[name] for name in known if name in figures})


def drawn(results: Sequence[Result], path: Path = CURVES) -> Curves:
    """Put the results' curves beside those that were not measured this time; returns all."""
    curves = read(path) | {name: curve for one in results for name, curve in one.measured.curves.items()}
    _put(path, curves)
    return curves


def _put(path: Path, figures: Mapping[str, Any]) -> None:
    lines = [f"  {json.dumps(name)}: {json.dumps(figure)}" for name, figure in figures.items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
