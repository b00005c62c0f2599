"""A picture has the whole warning in it, in every language and at every level, and is the same on every machine."""

import re
import struct
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest

from bot.core.catalog import without_pictures
from bot.core.disclaimer import Reply, seal
from bot.core.model import Answer, Notice, Outcome, Risk
from bot.core.notices import Chart
from bot.core.picture import Bars, Box, Comparison, Diagram, Layer, Picture, Row, words_of
from bot.core.sealed_catalog import SealedCatalog
from bot.pictures.drawing import WIDTH, draw, paint
from bot.pictures.fonts import fonts_for
from tests.builders import shipped

SVG = "{http://www.w3.org/2000/svg}"
EDITION = SealedCatalog(shipped())
PICTURED = ("how-kusama-works", "kusama-vs-polkadot")
CASES = list(product(shipped().languages, PICTURED, Risk))
HOSTILE = "</text><script>alert(1)</script> & <b> \"'> ]]> &#x41;"


def explainer(locale: str, command: str, floor: Risk) -> Reply:
    reply = EDITION.explainer(command, shipped().languages[locale], floor)
    assert reply is not None
    return reply


def drawn(reply: Reply) -> ET.Element:
    """The picture's SVG, read again."""
    made = draw(reply, fonts_for(reply.title))
    assert made is not None
    return ET.fromstring(made)


def texts(svg: ET.Element) -> list[str]:
    """Every line of words."""
    return ["".join(one.itertext()) for one in svg.iter(f"{SVG}text")]


def sealed(picture: Picture) -> Reply:
    """An answer with that picture."""
    answer = Answer("x", Outcome.EXPLAINER, "Title", (), Risk.GENERAL, picture=picture)
    return seal(answer, shipped().default, Risk.GENERAL)


@pytest.mark.parametrize(("locale", "command", "floor"), CASES)
def test_the_whole_warning_and_every_word_stand_in_the_picture(locale: str, command: str, floor: Risk) -> None:
    reply = explainer(locale, command, floor)
    assert reply.warning is not None
    assert reply.picture is not None
    lines = texts(drawn(reply))
    said = "".join(lines)
    assert said.startswith(reply.title + reply.warning), "the warning stands whole, under the title"
    for where, words in words_of(reply.picture):
        assert words in said or where == ("alt",)
    assert lines[-1] == reply.source


@pytest.mark.parametrize(("locale", "command", "floor"), CASES)
def test_all_words_stand_on_the_sheet_and_can_be_read(locale: str, command: str, floor: Risk) -> None:
    reply = explainer(locale, command, floor)
    svg, fonts = drawn(reply), fonts_for(reply.title)
    for one in svg.iter(f"{SVG}text"):
        x, y, size = float(one.attrib["x"]), float(one.attrib["y"]), float(one.attrib["font-size"])
        line = "".join(one.itertext()).rstrip()
        behind = panel_behind(svg, x, y)
        left, width = float(behind.attrib["x"]), float(behind.attrib["width"])
        assert left < x, line
        assert x + fonts.measure(line, size) <= left + width, line
        assert y + size * 0.3 <= float(behind.attrib["y"]) + float(behind.attrib["height"]), line
        assert contrast(one.attrib["fill"], behind.attrib["fill"]) >= 7, line
        assert size >= 21


def panel_behind(svg: ET.Element, x: float, y: float) -> ET.Element:
    """The topmost rectangle at that point."""

    def holds(one: ET.Element) -> bool:
        left, top = float(one.attrib["x"]), float(one.attrib["y"])
        inside = left <= x <= left + float(one.attrib["width"])
        return inside and top <= y <= top + float(one.attrib["height"])

    return [one for one in svg.iter(f"{SVG}rect") if holds(one)][-1]


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio of two colours."""

    def light(colour: str) -> float:
        parts = [int(part, 16) / 255 for part in re.findall("[0-9a-f]{2}", colour)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_measure_of_contrast_is_that_of_black_on_white() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("locale", list(shipped().languages))
def test_every_language_becomes_the_same_png_each_time(locale: str) -> None:
    reply = explainer(locale, "kusama-vs-polkadot", Risk.HIGH)
    png, again = paint(reply), paint(reply)
    assert png is not None
    assert png == again
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    assert (width, height) == (WIDTH, float(drawn(reply).attrib["height"]))
    assert len(png) < 400_000


@pytest.mark.parametrize("locale", list(shipped().languages))
def test_a_chart_has_a_column_for_each_day_with_its_number_unless_it_is_0(locale: str) -> None:
    rows = (Notice("stats-daily", {"chart": Chart((0, 3, 1234)), "count": 1234}),)
    reply = seal(Notice("stats", {"days": 3}, rows), shipped().languages[locale], Risk.GENERAL)
    assert isinstance(reply.picture, Bars)
    svg = drawn(reply)
    assert texts(svg)[-2:] == ["3", "1234"]
    assert " ".join(texts(svg)[:-2]) == reply.picture.title
    columns = [float(one.attrib["height"]) for one in svg.iter(f"{SVG}rect")][1:]
    assert columns == [2, 2, 300]
    assert paint(reply) is not None


def test_where_pictures_are_left_out_charts_are_too() -> None:
    rows = (Notice("stats-daily", {"chart": Chart((1,)), "count": 1}),)
    reply = seal(Notice("stats", {"days": 1}, rows), without_pictures(shipped()).default, Risk.GENERAL)
    assert reply.picture is None


def hostile() -> Iterator[Picture]:
    yield Diagram("alt", (Layer(HOSTILE, HOSTILE, (Box(HOSTILE, HOSTILE), Box("b"))), Layer(HOSTILE)))
    yield Comparison("alt", (HOSTILE, "b"), (Row(HOSTILE, (HOSTILE, "c")),))


@pytest.mark.parametrize("picture", list(hostile()), ids=["diagram", "comparison"])
def test_words_that_look_like_markup_stay_words(picture: Picture) -> None:
    svg = drawn(sealed(picture))
    assert {one.tag.removeprefix(SVG) for one in svg.iter()} <= {"svg", "rect", "text"}
    assert HOSTILE in "".join(texts(svg))
    assert paint(sealed(picture)) is not None


def test_signs_that_no_font_has_leave_no_picture_with_holes() -> None:
    assert paint(sealed(Comparison("alt", ("a", "b"), (Row("ሰላም", ("c", "d")),)))) is None
    assert paint(sealed(Comparison("alt", ("a", "b"), (Row("\x00", ("c", "d")),)))) is None


def test_without_a_warning_or_a_picture_nothing_is_drawn() -> None:
    assert paint(seal(Notice("settings-saved"), shipped().default, Risk.HIGH)) is None
    assert paint(explainer("en", "whatisksm", Risk.HIGH)) is None


def test_another_picture_is_another_digest() -> None:
    picture = Comparison("alt", ("a", "b"), (Row("c", ("d", "e")),))
    assert sealed(picture).digest != sealed(replace(picture, alt="other")).digest
