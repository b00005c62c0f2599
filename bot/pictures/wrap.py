"""Text to lines that fit a width. Its law: nothing is lost; the lines put together are the text."""

import re
from collections.abc import Callable, Iterator

Measure = Callable[[str, float], float]
"""The width of a text in that size, in pixels."""

_CJK = "\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef"
_CLOSING = "，。；：！？、）】》”’」』…"  # never at the start of a line
_OPENING = "（【《“‘「『"  # never at the end of one
# A piece is what stays together: a word or a single CJK sign, with what clings to it and the blanks behind it.
_PIECE = re.compile(rf"[{_OPENING}]*(?:(?![{_OPENING}])[{_CJK}]|[^ {_CJK}{_OPENING}]+)[{_CLOSING}]*[ ]*|.", re.DOTALL)


def wrap(text: str, size: float, width: float, measure: Measure) -> list[str]:
    """The lines, each at most `width` wide (blanks at its end aside) unless one sign alone is wider."""
    lines = [""]
    for piece in _pieces(text, size, width, measure):
        if lines[-1] and measure((lines[-1] + piece).rstrip(), size) > width:
            lines.append("")
        lines[-1] += piece
    return lines


def _pieces(text: str, size: float, width: float, measure: Measure) -> Iterator[str]:
    """The pieces; one that is wider than a line comes sign by sign."""
    for found in _PIECE.finditer(text):
        if measure(found[0].rstrip(), size) <= width:
            yield found[0]
        else:
            yield from found[0]
