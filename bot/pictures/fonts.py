"""The two free fonts that pictures are set in, installed as packages, and line breaking by their measures.

The system's fonts are never used, so a picture looks the same on every machine.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from typing import Final, NamedTuple, final
from unicodedata import category

_VARIATION: Final = "\ufe0f"  # asks for the coloured form of the character before it, which neither font has
_SANS: Final = ("Noto Sans", "fontpkg_noto_sans", "files/NotoSans[wdth,wght].ttf")
_CHINESE: Final = ("Noto Sans SC", "pylopdf_fonts_zh_cn", "NotoSansSC-Regular.otf")  # has the warning sign, too

_CJK = "\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef"
_CLOSING = "，。；：！？、）】》”’」』…"  # never at the start of a line
_OPENING = "（【《“‘「『"  # never at the end of one
# A piece is not broken: a word or one CJK character, with its punctuation and the spaces after it.
_PIECE = re.compile(rf"[{_OPENING}]*(?:(?![{_OPENING}])[{_CJK}]|[^ {_CJK}{_OPENING}]+)[{_CLOSING}]*[ ]*|.", re.DOTALL)


@final
class Font(NamedTuple):
    """A font. `advances` maps each character it has to its width, as a fraction of the font size."""

    family: str
    path: str
    advances: Mapping[str, float]


@final
class Fonts:
    """Fonts in order of preference. `families` names them as SVG does, `paths` are their files."""

    def __init__(self, *fonts: Font) -> None:
        self._fonts = fonts
        self.families = ", ".join(font.family for font in fonts)
        self.paths = [font.path for font in fonts]

    def cover(self, text: str) -> bool:
        """Whether some font has each character of the text."""
        return all(self._font(char) for char in text)

    def measure(self, text: str, size: float) -> float:
        """The width of the text in pixels. Kerning is ignored; it makes some text a little narrower."""
        found = ((self._font(char), char) for char in text)
        return size * sum(font.advances[char] if font else 1.0 for font, char in found)

    def _font(self, char: str) -> Font | None:
        return next((font for font in self._fonts if char in font.advances), None)


def fonts_for(text: str) -> Fonts:
    """The fonts, the Chinese one first for a text with Chinese characters, so that its Latin words match.

    Raises:
        ImportError: a font's package is not installed.
    """
    names = (_CHINESE, _SANS) if re.search(f"[{_CJK}]", text) else (_SANS, _CHINESE)
    return Fonts(*(_read(*name) for name in names))


@cache
def _read(family: str, package: str, file: str) -> Font:
    from fontTools.ttLib import TTFont

    path = str(resources.files(package).joinpath(file))
    with TTFont(path, lazy=True) as font:
        unit, widths = font["head"].unitsPerEm, font["hmtx"].metrics
        chars = {chr(code): glyph for code, glyph in font.getBestCmap().items()}
        advances = {char: widths[glyph][0] / unit for char, glyph in chars.items() if category(char) != "Cc"}
    return Font(family, path, {**advances, _VARIATION: 0.0})


def wrap(text: str, size: float, width: float, measure: Callable[[str, float], float]) -> list[str]:
    """Break the text into lines of at most `width` pixels, spaces at their ends aside; joined, they are the text.

    A word that is wider than a line is broken; a single character that is wider stands on a line of its own.
    """
    lines = [""]
    for found in _PIECE.finditer(text):
        fits = measure(found[0].rstrip(), size) <= width
        for piece in [found[0]] if fits else found[0]:
            if lines[-1] and measure((lines[-1] + piece).rstrip(), size) > width:
                lines.append("")
            lines[-1] += piece
    return lines
