"""The fonts that pictures are set in: two free ones that come as packages. Its law: what they have no sign for is not
drawn at all, and the system's own fonts are never asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Final, final
from unicodedata import category

_WIDTHLESS: Final = "\ufe0f"  # asks for the coloured form of the sign before it, which no font of ours has
_SANS: Final = ("Noto Sans", "fontpkg_noto_sans", "files/NotoSans[wdth,wght].ttf")
_CHINESE: Final = ("Noto Sans SC", "pylopdf_fonts_zh_cn", "NotoSansSC-Regular.otf")  # has the warning sign, too


@final
@dataclass(frozen=True, slots=True)
class Font:
    """A font by its family's name. `advances` tells for each sign it has how wide that is, as a part of the size."""

    family: str
    path: str
    advances: Mapping[str, float]


@final
class Fonts:
    """Fonts in the order in which they are asked for a sign."""

    def __init__(self, fonts: Sequence[Font]) -> None:
        self._fonts = tuple(fonts)

    @property
    def paths(self) -> list[str]:
        """The files."""
        return [font.path for font in self._fonts]

    def cover(self, text: str) -> bool:
        """Whether there is a sign for everything in the text."""
        return all(self._font(sign) for sign in text if sign != _WIDTHLESS)

    def measure(self, text: str, size: float) -> float:
        """How wide the text is, without the kerning that makes some of it a little narrower."""
        found = ((self._font(sign), sign) for sign in text if sign != _WIDTHLESS)
        return size * sum(font.advances[sign] if font else 1.0 for font, sign in found)

    def runs(self, text: str) -> list[tuple[str, str]]:
        """The stretches of the text, each with the family that has its signs."""
        runs: list[tuple[str, str]] = []
        for sign in text:
            family = runs[-1][0] if runs and sign == _WIDTHLESS else (self._font(sign) or self._fonts[0]).family
            if runs and runs[-1][0] == family:
                runs[-1] = (family, runs[-1][1] + sign)
            else:
                runs.append((family, sign))
        return runs

    def _font(self, sign: str) -> Font | None:
        return next((font for font in self._fonts if sign in font.advances), None)


@lru_cache(2)
def fonts_for(chinese: bool) -> Fonts:
    """The fonts, the Chinese one first where the text is Chinese, so that its Latin words match.

    Raises:
        ImportError: a font's package is not installed.
    """
    names = (_CHINESE, _SANS) if chinese else (_SANS, _CHINESE)
    return Fonts([_read(*name) for name in names])


@lru_cache(2)
def _read(family: str, package: str, file: str) -> Font:
    from fontTools.ttLib import TTFont

    path = str(resources.files(package).joinpath(file))
    with TTFont(path, lazy=True) as font:
        unit, widths = font["head"].unitsPerEm, font["hmtx"].metrics
        signs = {chr(code): glyph for code, glyph in font.getBestCmap().items()}
        advances = {sign: widths[glyph][0] / unit for sign, glyph in signs.items() if category(sign) != "Cc"}
    return Font(family, path, advances)
