"""The results as pictures, in plain SVG. Its law: every bar and line is drawn from figures that were measured."""

from collections.abc import Callable, Iterable, Mapping
from html import escape
from math import floor, log10
from pathlib import Path
from typing import Any

from tools.bench.row import Curves, Row

_GOOD, _BAD, _INK, _FAINT = "#0a7a5c", "#b3261e", "#1f2328", "#d0d7de"
_COLOURS = ("#0a7a5c", "#7a3ea8", "#b35900", "#0b5cad", "#a3195b", "#5c6b00", "#006b75", "#8c4a4a")
_BAR, _LEFT, _WIDE, _RIGHT = 26, 290, 420, 150


def bars(rows: Iterable[Row], figures: Mapping[str, Any]) -> str:
    """A bar a row: how much of its goal it takes, so that all that ends before the line is ok."""
    shown = [(row, figures[row.name]) for row in rows if row.name in figures]
    height = _BAR * len(shown) + 60
    parts = [_text(10, 24, "How much of its goal each row takes (shorter is better; the line is the goal)", 14)]
    for number, (row, figure) in enumerate(shown):
        top = 44 + number * _BAR
        part = _part(row, figure)
        colour = _GOOD if figure["ok"] else _BAD
        width = min(part or 0.0, 1.5) / 1.5 * _WIDE
        said = "void" if part is None else f"{part:.0%}"
        parts += [
            _text(_LEFT - 8, top + 14, row.name, 12, "end"),
            f'<rect x="{_LEFT}" y="{top + 3}" width="{width:.1f}" height="{_BAR - 10}" fill="{colour}"/>',
            _text(_LEFT + width + 6, top + 14, said, 12),
        ]
    goal = _LEFT + _WIDE / 1.5
    parts.append(f'<path d="M{goal:.1f} 38V{height - 12}" stroke="{_INK}" stroke-dasharray="4 3"/>')
    return _picture(_LEFT + _WIDE + _RIGHT, height, parts)


def _part(row: Row, figure: Mapping[str, Any]) -> float | None:
    held = figure["ours"] if row.absolute else figure["ratio"]
    if not held or not row.goal:
        return None if held is None else 0.0
    return float(held / row.goal if row.at_most else row.goal / held)


def growth(curves: Curves) -> str:
    """What each thing costs by its number, both axes by powers of ten: a line that does not steepen grows as it
    should.
    """
    points = [point for curve in curves.values() for point in curve]
    if not points:
        return _picture(400, 60, [_text(10, 24, "nothing was measured", 14)])
    across, up = _axis([x for x, _ in points], 90, 620), _axis([y for _, y in points], 400, 50)
    parts = [_text(10, 24, "Cost by number (CPU seconds; both axes by powers of ten)", 14)]
    parts += _grid(points, across, up)
    for number, (name, curve) in enumerate(curves.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        line = " ".join(f"{across(x):.1f},{up(y):.1f}" for x, y in curve)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{across(x):.1f}" cy="{up(y):.1f}" r="3" fill="{colour}"/>' for x, y in curve]
        parts.append(_text(640, 60 + number * 20, name, 12, colour=colour))
    return _picture(920, 440, parts)


def _grid(
    points: Iterable[tuple[float, float]], across: Callable[[float], float], up: Callable[[float], float]
) -> list[str]:
    parts = []
    for x in sorted({10.0 ** floor(log10(x)) for x, _ in points}):
        parts.append(f'<path d="M{across(x):.1f} 50V400" stroke="{_FAINT}"/>')
        parts.append(_text(across(x), 418, f"{x:g}", 12, "middle"))
    for y in sorted({10.0 ** floor(log10(y)) for _, y in points}):
        parts.append(f'<path d="M90 {up(y):.1f}H620" stroke="{_FAINT}"/>')
        parts.append(_text(82, up(y) + 4, f"{y:g}", 12, "end"))
    return parts


def _axis(values: list[float], start: float, end: float) -> Callable[[float], float]:
    """Where a value stands between two edges, by powers of ten."""
    low, high = floor(log10(min(values))), log10(max(values))
    return lambda value: start + (log10(value) - low) / ((high - low) or 1) * (end - start)


def _text(x: float, y: float, words: str, size: int, anchor: str = "start", *, colour: str = _INK) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{colour}"'
    return f"<text {place}>{escape(words)}</text>"


def _picture(width: float, height: float, parts: Iterable[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" font-family="sans-serif">'
    paper = f'<rect width="{width:g}" height="{height:g}" fill="#ffffff"/>'
    return "\n".join([head, paper, *parts, "</svg>"]) + "\n"


def write(path: Path, picture: str) -> None:
    """Put the picture there."""
    path.write_text(picture, "utf-8")
