"""Loads the two free fonts of the pictures, which are installed as Python packages, and breaks lines by their widths.

System fonts are never used, so a picture looks the same on every machine.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from typing import Final, NamedTuple, final
from unicodedata import category

_VARIATION: Final = "\ufe0f"  # variation selector: asks for an emoji in colour, which neither font has
_SANS: Final = ("Noto Sans", "fontpkg_noto_sans", "files/NotoSans[wdth,wght].ttf")
_CHINESE: Final = ("Noto Sans SC", "pylopdf_fonts_zh_cn", "NotoSansSC-Regular.otf")  # also has the warning sign

_CJK = "\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef"
_CLOSING = "，。；：！？、）】》”’」』…"  # never at the start of a line
_OPENING = "（【《“‘「『"  # never at the end of a line
# A piece stays on one line: a word or a CJK character, with its punctuation and the spaces after it.
_PIECE = re.compile(rf"[{_OPENING}]*(?:(?![{_OPENING}])[{_CJK}]|[^ {_CJK}{_OPENING}]+)[{_CLOSING}]*[ ]*|.", re.DOTALL)


@final
class Font(NamedTuple):
    """A font. `advances` has the width of each character in it, as a fraction of the font size."""

    family: str
    path: str
    advances: Mapping[str, float]


@final
class Fonts:
    """Fonts in order of preference. `families` is SVG's font-family attribute, `paths` are the font files."""

    def __init__(self, *fonts: Font) -> None:
        self._fonts = fonts
        self.families = ", ".join(font.family for font in fonts)
        self.paths = [font.path for font in fonts]

    def cover(self, text: str) -> bool:
        """Tell whether each character of the text is in one of the fonts."""
        return all(self._font(char) for char in text)

    def measure(self, text: str, size: float) -> float:
        """Return the width of the text in pixels, without kerning, which can make it a little narrower."""
        fonts = ((self._font(char), char) for char in text)
        return size * sum(font.advances[char] if font else 1.0 for font, char in fonts)

    def _font(self, char: str) -> Font | None:
        return next((font for font in self._fonts if char in font.advances), None)


def fonts_for(text: str) -> Fonts:
    """Return the fonts for a picture with that text. With Chinese characters in it, the Chinese font comes first.

    The Latin words of a Chinese text are then in the same font as the rest.

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
    """Break the text into lines of at most `width` pixels, not counting spaces at their ends.

    The joined lines are the text. A word wider than a line is broken. A character wider than a line gets its own line.
    """
    lines = [""]
    for piece in _PIECE.finditer(text):
        fits = measure(piece[0].rstrip(), size) <= width
        for part in [piece[0]] if fits else piece[0]:
            if lines[-1] and measure((lines[-1] + part).rstrip(), size) > width:
                lines.append("")
            lines[-1] += part
    return lines
