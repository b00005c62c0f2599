"""Draws a sealed reply's picture: wraps its texts into lines, writes them as SVG and converts that to PNG.

The whole warning is under the title, above everything else. The picture grows with its texts; nothing is cut off.
"""

from typing import Final, NamedTuple, final
from xml.sax.saxutils import escape, quoteattr

from bot.core.disclaimer import Reply
from bot.core.picture import Bars, Comparison, Diagram, Layer, words_of
from bot.pictures.fonts import Fonts, fonts_for, wrap

WIDTH: Final = 1200.0
_MARGIN, _GAP, _PAD = 44.0, 24.0, 24.0
_INNER: Final = WIDTH - 2 * _MARGIN
_FIRST: Final = 210.0  # the width of a comparison's first column
_LEADING: Final = 1.36  # line height relative to the font size, enough for the accents of Vietnamese letters

PAPER, CARD, BOX, HUB, ALARM = "#14161d", "#232733", "#343a4b", "#f1f2f6", "#ffd24a"
PALE, SOFT, DARK, DIM = "#ffffff", "#d5d9e4", "#15171d", "#3c414d"


@final
class _Style(NamedTuple):
    """The look of a text. Bold is drawn by thickening the outlines, because the fonts have only one weight."""

    size: float
    colour: str
    bold: bool = False


_TITLE, _WARNING, _SOURCE = _Style(46, PALE, True), _Style(29, DARK, True), _Style(21, SOFT)
_HUB_LABEL, _HUB_TEXT = _Style(32, DARK, True), _Style(26, DIM)
_LAYER_LABEL, _LAYER_TEXT = _Style(32, PALE, True), _Style(26, SOFT)
_BOX_LABEL, _BOX_TEXT = _Style(26, PALE, True), _Style(24, SOFT)
_COUNT = _Style(16, PALE)
_TALLEST: Final = 300.0  # the height of the highest bar, in pixels
_ROW_LABEL, _CELL = _Style(25, PALE, True), _Style(27, SOFT)


def paint(reply: Reply) -> bytes | None:
    """Return the picture as PNG, or None if `draw` returns None. Replies with equal digests give equal bytes.

    Takes some tenths of a second.

    Raises:
        ImportError: the drawing packages are not installed.
    """
    import resvg_py

    fonts = fonts_for(reply.title)
    svg = draw(reply, fonts)
    if svg is None:
        return None
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=fonts.paths))


def draw(reply: Reply, fonts: Fonts) -> str | None:
    """Return the picture as SVG; None if the reply has no picture or contains a character that no font has."""
    if reply.picture is None:
        return None
    texts = [reply.title, reply.warning or "", reply.source or "", *(text for _, text in words_of(reply.picture))]
    if not all(map(fonts.cover, texts)):
        return None
    sheet = _Sheet(fonts)
    sheet.y = sheet.text(reply.title, _TITLE, _MARGIN, sheet.y - 8, _INNER) + 14
    if reply.warning:
        sheet.band(ALARM, (reply.warning, _WARNING))
    if isinstance(reply.picture, Diagram):
        for layer in reply.picture.layers:
            if layer.boxes:
                _boxes(sheet, layer)
            else:
                sheet.band(HUB, (layer.label, _HUB_LABEL), (layer.text, _HUB_TEXT))
    elif isinstance(reply.picture, Comparison):
        _comparison(sheet, reply.picture)
    else:
        _bars(sheet, reply.picture)
    if reply.source:
        sheet.y = sheet.text(reply.source, _SOURCE, _MARGIN, sheet.y, _INNER) + 10
    return sheet.svg(round(sheet.y + _MARGIN - _GAP), reply.locale)


@final
class _Sheet:
    """Collects the elements of the SVG from top to bottom. `y` is the upper edge of the next part, in pixels."""

    def __init__(self, fonts: Fonts) -> None:
        self._fonts = fonts
        self.elements: list[str] = []
        self.y = _MARGIN

    def height(self, text: str, style: _Style, width: float) -> float:
        """Return the height of the text when it is wrapped to that width."""
        return len(self._lines(text, style, width)) * style.size * _LEADING

    def text(self, text: str, style: _Style, x: float, y: float, width: float) -> float:
        """Add the wrapped text, escaped; returns the y at which it ends."""
        look = f'font-size="{style.size:g}" fill="{style.colour}" xml:space="preserve"'
        look += f' stroke="{style.colour}" stroke-width="{style.size * 0.035:.2f}"' if style.bold else ""
        for line in self._lines(text, style, width):
            self.elements.append(
                f'<text x="{x:g}" y="{round(y + style.size * 1.06, 1):g}" {look}>{escape(line)}</text>'
            )
            y += style.size * _LEADING
        return y

    def row(self, height: float, fill: str) -> None:
        """Add a panel over the whole width at the current y. Does not move y."""
        self.elements.append(_panel(_MARGIN, self.y, _INNER, height, fill))

    def band(self, fill: str, *texts: tuple[str, _Style]) -> None:
        """Add a panel with the texts below each other, and move y below it."""
        width = _INNER - 2 * _PAD
        height = sum(self.height(text, style, width) for text, style in texts) + 2 * _PAD - 8
        self.row(height, fill)
        y = self.y + _PAD - 6
        for text, style in texts:
            y = self.text(text, style, _MARGIN + _PAD, y, width)
        self.y += height + _GAP

    def svg(self, height: float, locale: str) -> str:
        """Return the whole document."""
        size = f'width="{WIDTH:g}" height="{height:g}" viewBox="0 0 {WIDTH:g} {height:g}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} xml:lang={quoteattr(locale)}'
        head += f" font-family={quoteattr(self._fonts.families)}>"
        return "\n".join([head, _panel(0, 0, WIDTH, height, PAPER, radius=0), *self.elements, "</svg>", ""])

    def _lines(self, text: str, style: _Style, width: float) -> list[str]:
        return wrap(text, style.size, width, self._fonts.measure) if text else []


def _panel(x: float, y: float, width: float, height: float, fill: str, *, radius: float = 16) -> str:
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{radius:g}" fill="{fill}"/>'


def _boxes(sheet: _Sheet, layer: Layer) -> None:
    """Add a layer as a dark panel with its boxes side by side."""
    behind, top, left, inner = len(sheet.elements), sheet.y, _MARGIN + _PAD, _INNER - 2 * _PAD
    y = sheet.text(layer.label, _LAYER_LABEL, left, top + _PAD - 6, inner)
    y = sheet.text(layer.text, _LAYER_TEXT, left, y, inner) + 12
    width = (inner - 16 * (len(layer.boxes) - 1)) / len(layer.boxes)
    room = width - 36
    labels = [sheet.height(box.label, _BOX_LABEL, room) for box in layer.boxes]
    texts = [sheet.height(box.text, _BOX_TEXT, room) for box in layer.boxes]
    height = max(map(sum, zip(labels, texts, strict=True))) + 28
    for number, box in enumerate(layer.boxes):
        x = left + number * (width + 16)
        sheet.elements.append(_panel(x, y, width, height, BOX, radius=12))
        end = sheet.text(box.label, _BOX_LABEL, x + 18, y + 12, room)
        sheet.text(box.text, _BOX_TEXT, x + 18, end, room)
    bottom = y + height + _PAD
    sheet.elements.insert(behind, _panel(_MARGIN, top, _INNER, bottom - top, CARD))
    sheet.y = bottom + _GAP


def _bars(sheet: _Sheet, bars: Bars) -> None:
    """Add a bar for each number, with the number above it unless it is 0."""
    sheet.y = sheet.text(bars.title, _LAYER_LABEL, _MARGIN, sheet.y, _INNER) + _GAP
    width, most = _INNER / len(bars.numbers), max(*bars.numbers, 1)
    for index, number in enumerate(bars.numbers):
        x, height = _MARGIN + index * width, max(_TALLEST * number / most, 2.0)
        top = sheet.y + _TALLEST - height
        if number:
            sheet.text(f"{number}", _COUNT, x + 3, top, _INNER)
        sheet.elements.append(_panel(x + 3, top + 30, width - 6, height, ALARM, radius=2))
    sheet.y += _TALLEST + 30 + _GAP


def _comparison(sheet: _Sheet, comparison: Comparison) -> None:
    """Add a bright header with the names of the columns, and a panel for each row."""
    width = (_INNER - _FIRST) / len(comparison.columns)
    starts = [_MARGIN + _FIRST + number * width for number in range(len(comparison.columns))]
    room = width - _PAD
    height = max(sheet.height(name, _HUB_LABEL, room) for name in comparison.columns) + 24
    sheet.row(height, HUB)
    for x, name in zip(starts, comparison.columns, strict=True):
        sheet.text(name, _HUB_LABEL, x, sheet.y + 10, room)
    sheet.y += height + 10
    narrow = _FIRST - _PAD - 12
    for row in comparison.rows:
        cells = [sheet.height(cell, _CELL, room) for cell in row.cells]
        height = max(*cells, sheet.height(row.label, _ROW_LABEL, narrow)) + 28
        sheet.row(height, CARD)
        sheet.text(row.label, _ROW_LABEL, _MARGIN + _PAD, sheet.y + 13, narrow)
        for x, cell in zip(starts, row.cells, strict=True):
            sheet.text(cell, _CELL, x, sheet.y + 12, room)
        sheet.y += height + 10
    sheet.y += _GAP - 10
