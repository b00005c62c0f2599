"""Where everything of a picture stands. Its law: the whole warning is in it, under the title and above the rest, and
the picture grows with the words: nothing is cut.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, final

from bot.core.picture import Box, Comparison, Diagram, Layer, Picture, Row
from bot.pictures.svg import Panel, Shape, Words
from bot.pictures.wrap import Measure, wrap

WIDTH: Final = 1200.0
_MARGIN, _GAP, _PAD = 44.0, 24.0, 24.0
_INNER: Final = WIDTH - 2 * _MARGIN
_FIRST: Final = 210.0  # the width of a comparison's first column
_LEADING: Final = 1.36  # of a line, in its size: room for the marks above and below Vietnamese letters

PAPER, CARD, BOX, HUB, ALARM = "#14161d", "#232733", "#343a4b", "#f1f2f6", "#ffd24a"
PALE, SOFT, DARK, DIM = "#ffffff", "#d5d9e4", "#15171d", "#3c414d"


@final
@dataclass(frozen=True, slots=True)
class _Ink:
    """How words look."""

    size: float
    colour: str
    strong: bool = False


_TITLE, _WARNING, _SOURCE = _Ink(46, PALE, True), _Ink(29, DARK, True), _Ink(21, SOFT)
_HUB_LABEL, _HUB_TEXT = _Ink(32, DARK, True), _Ink(26, DIM)
_LAYER_LABEL, _LAYER_TEXT = _Ink(32, PALE, True), _Ink(26, SOFT)
_BOX_LABEL, _BOX_TEXT = _Ink(26, PALE, True), _Ink(24, SOFT)
_ROW_LABEL, _CELL = _Ink(25, PALE, True), _Ink(27, SOFT)


@final
class _Sheet:
    """Shapes while they are placed; `y` is where the next one goes."""

    def __init__(self, measure: Measure) -> None:
        self.measure = measure
        self.shapes: list[Shape] = []
        self.y = _MARGIN

    def lines(self, text: str, ink: _Ink, width: float) -> list[str]:
        return wrap(text, ink.size, width, self.measure) if text else []

    def height(self, text: str, ink: _Ink, width: float) -> float:
        return len(self.lines(text, ink, width)) * ink.size * _LEADING

    def words(self, text: str, ink: _Ink, x: float, y: float, width: float) -> float:
        """Put the text there, wrapped; returns where it ends."""
        for line in self.lines(text, ink, width):
            self.shapes.append(Words(x, round(y + ink.size * 1.06, 1), line, ink.size, ink.colour, ink.strong))
            y += ink.size * _LEADING
        return y

    def panel(self, height: float, fill: str) -> None:
        """A panel over the whole width, from here on down."""
        self.shapes.append(Panel(_MARGIN, self.y, _INNER, height, fill))


def laid_out(
    picture: Picture, title: str, warning: str, source: str | None, measure: Measure
) -> tuple[float, list[Shape]]:
    """The picture's height and its shapes."""
    sheet = _Sheet(measure)
    sheet.y = sheet.words(title, _TITLE, _MARGIN, sheet.y - 8, _INNER) + 14
    _band(sheet, ALARM, [(warning, _WARNING)])
    if isinstance(picture, Diagram):
        _diagram(sheet, picture)
    else:
        _comparison(sheet, picture)
    if source:
        sheet.y = sheet.words(source, _SOURCE, _MARGIN, sheet.y, _INNER) + 10
    height = round(sheet.y + _MARGIN - _GAP)
    return height, [Panel(0, 0, WIDTH, height, PAPER, 0), *sheet.shapes]


def _band(sheet: _Sheet, fill: str, texts: Sequence[tuple[str, _Ink]]) -> None:
    """A panel with texts below each other."""
    width = _INNER - 2 * _PAD
    height = sum(sheet.height(text, ink, width) for text, ink in texts) + 2 * _PAD - 8
    sheet.panel(height, fill)
    y = sheet.y + _PAD - 6
    for text, ink in texts:
        y = sheet.words(text, ink, _MARGIN + _PAD, y, width)
    sheet.y += height + _GAP


def _diagram(sheet: _Sheet, diagram: Diagram) -> None:
    for layer in diagram.layers:
        if layer.boxes:
            _boxed(sheet, layer)
        else:
            _band(sheet, HUB, [(layer.label, _HUB_LABEL), (layer.text, _HUB_TEXT)])


def _boxed(sheet: _Sheet, layer: Layer) -> None:
    """A dark panel with boxes side by side."""
    place, top, left, inner = len(sheet.shapes), sheet.y, _MARGIN + _PAD, _INNER - 2 * _PAD
    y = sheet.words(layer.label, _LAYER_LABEL, left, top + _PAD - 6, inner)
    y = sheet.words(layer.text, _LAYER_TEXT, left, y, inner) + 12
    width = (inner - 16 * (len(layer.boxes) - 1)) / len(layer.boxes)
    height = max(_box_height(sheet, box, width - 36) for box in layer.boxes)
    for number, box in enumerate(layer.boxes):
        x = left + number * (width + 16)
        sheet.shapes.append(Panel(x, y, width, height, BOX, 12))
        end = sheet.words(box.label, _BOX_LABEL, x + 18, y + 12, width - 36)
        sheet.words(box.text, _BOX_TEXT, x + 18, end, width - 36)
    bottom = y + height + _PAD
    sheet.shapes.insert(place, Panel(_MARGIN, top, _INNER, bottom - top, CARD))
    sheet.y = bottom + _GAP


def _box_height(sheet: _Sheet, box: Box, width: float) -> float:
    return sheet.height(box.label, _BOX_LABEL, width) + sheet.height(box.text, _BOX_TEXT, width) + 28


def _comparison(sheet: _Sheet, comparison: Comparison) -> None:
    """A bright head with what is compared, and a band for every row."""
    width = (_INNER - _FIRST) / len(comparison.columns)
    starts = [_MARGIN + _FIRST + number * width for number in range(len(comparison.columns))]
    room = width - _PAD
    head = max(sheet.height(name, _HUB_LABEL, room) for name in comparison.columns) + 24
    sheet.panel(head, HUB)
    for x, name in zip(starts, comparison.columns, strict=True):
        sheet.words(name, _HUB_LABEL, x, sheet.y + 10, room)
    sheet.y += head + 10
    for row in comparison.rows:
        _row(sheet, row, starts, room)
    sheet.y += _GAP - 10


def _row(sheet: _Sheet, row: Row, starts: Sequence[float], room: float) -> None:
    narrow = _FIRST - _PAD - 12
    heights = [sheet.height(cell, _CELL, room) for cell in row.cells]
    height = max(*heights, sheet.height(row.label, _ROW_LABEL, narrow)) + 28
    sheet.panel(height, CARD)
    sheet.words(row.label, _ROW_LABEL, _MARGIN + _PAD, sheet.y + 13, narrow)
    for x, cell in zip(starts, row.cells, strict=True):
        sheet.words(cell, _CELL, x, sheet.y + 12, room)
    sheet.y += height + 10
