"""A sealed reply to the PNG of its picture. Its law: without a warning, or without a sign for each of its words, there
is none; equal digests give equal bytes.
"""

from bot.core.disclaimer import Reply
from bot.core.picture import words_of
from bot.pictures.fonts import Fonts, fonts_for
from bot.pictures.layout import WIDTH, laid_out
from bot.pictures.svg import svg


def paint(reply: Reply) -> bytes | None:
    """The PNG, or None if the reply has no picture that can be drawn. Takes some tenths of a second.

    Raises:
        ImportError: the packages that draw are not installed.
    """
    import resvg_py

    fonts = fonts_for(reply.locale.startswith("zh"))
    drawn = draw(reply, fonts)
    if drawn is None:
        return None
    return bytes(resvg_py.svg_to_bytes(svg_string=drawn, skip_system_fonts=True, font_files=fonts.paths))


def draw(reply: Reply, fonts: Fonts) -> str | None:
    """The picture as SVG, or None as above."""
    if reply.picture is None or reply.warning is None:
        return None
    said = [reply.title, reply.warning, reply.source or "", *(text for _, text in words_of(reply.picture))]
    if not all(map(fonts.cover, said)):
        return None
    height, shapes = laid_out(reply.picture, reply.title, reply.warning, reply.source, fonts.measure)
    return svg(WIDTH, height, shapes, fonts.runs, reply.locale)
