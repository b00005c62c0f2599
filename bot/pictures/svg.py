"""Shapes to SVG. Its law: words become text nodes, never markup, and every stretch of them names the font that has its
signs, so that a picture is the same on every machine. (No font has control characters, which XML could not hold.)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import final
from xml.sax.saxutils import escape, quoteattr


@final
@dataclass(frozen=True, slots=True)
class Panel:
    """A filled rectangle, its corners rounded by `radius`."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    radius: float = 16


@final
@dataclass(frozen=True, slots=True)
class Words:
    """One line of words, from `x` on. A strong one has its outlines thickened, since the fonts come in one weight."""

    x: float
    y: float
    text: str
    size: float
    colour: str
    strong: bool = False


Shape = Panel | Words
Runs = Callable[[str], Sequence[tuple[str, str]]]
"""The stretches of a text, each with the family that has its signs."""


def svg(width: float, height: float, shapes: Sequence[Shape], runs: Runs, locale: str) -> str:
    """The shapes as an SVG document, the first at the back."""
    size = f'width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} xml:lang={quoteattr(locale)}>'
    return "\n".join([head, *(_drawn(shape, runs) for shape in shapes), "</svg>", ""])


def _drawn(shape: Shape, runs: Runs) -> str:
    match shape:
        case Panel(x, y, width, height, fill, radius):
            return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{radius:g}" fill="{fill}"/>'
        case Words(x, y, text, size, colour, strong):
            look = f'font-size="{size:g}" fill="{colour}" xml:space="preserve"'
            look += f' stroke="{colour}" stroke-width="{size * 0.035:.2f}"' if strong else ""
            said = "".join(f"<tspan font-family={quoteattr(name)}>{escape(part)}</tspan>" for name, part in runs(text))
            return f'<text x="{x:g}" y="{y:g}" {look}>{said}</text>'
