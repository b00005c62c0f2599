"""The shape of a picture's words in a content file, and what must hold for them. The law: a picture says no more than
the answer it belongs to may say, and a translation draws the same parts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from bot.content.facts import FactCheck
from bot.content.shape import Takes
from bot.content.yaml_file import Document
from bot.core.catalog import Language
from bot.core.errors import Problem
from bot.core.markup import link_in
from bot.core.model import Entry
from bot.core.picture import Box, Comparison, Diagram, Layer, Picture, Row, shape_of, words_of

Name = Annotated[str, Takes(strip=True, least=1, most=60, pattern=r"^[^\n]*$")]
Short = Annotated[str, Takes(strip=True, least=1, most=160, pattern=r"^[^\n]*$")]
Alt = Annotated[str, Takes(strip=True, least=1, most=1000, pattern=r"^[^\n]*$")]


@dataclass(frozen=True, kw_only=True)
class BoxWords:
    """A part of a layer."""

    label: Name
    text: Short | None = None


@dataclass(frozen=True, kw_only=True)
class LayerWords:
    """A layer of a diagram; one without boxes ties those of the layer above together."""

    label: Name
    text: Short | None = None
    boxes: Annotated[tuple[BoxWords, ...], Takes(most=4)] = ()


@dataclass(frozen=True, kw_only=True)
class DiagramWords:
    """Layers from top to bottom."""

    kind: Literal["diagram"]
    alt: Annotated[Alt, Takes(about="The same in words, for whoever does not see the picture.")]
    layers: Annotated[tuple[LayerWords, ...], Takes(least=1, most=4)]


@dataclass(frozen=True, kw_only=True)
class RowWords:
    """One thing that is compared."""

    label: Name
    cells: Annotated[tuple[Short, ...], Takes(least=2, most=3)]


@dataclass(frozen=True, kw_only=True)
class ComparisonWords:
    """Rows under the names of what is compared."""

    kind: Literal["comparison"]
    alt: Annotated[Alt, Takes(about="The same in words, for whoever does not see the picture.")]
    columns: Annotated[tuple[Name, ...], Takes(least=2, most=3)]
    rows: Annotated[tuple[RowWords, ...], Takes(least=1, most=6)]


PictureWords = DiagramWords | ComparisonWords


def picture(words: DiagramWords | ComparisonWords | None) -> Picture | None:
    """The words as the bot passes them on."""
    if words is None:
        return None
    if isinstance(words, ComparisonWords):
        rows = tuple(Row(row.label, tuple(row.cells)) for row in words.rows)
        return Comparison(words.alt, tuple(words.columns), rows)
    layers = (
        Layer(layer.label, layer.text or "", tuple(Box(box.label, box.text or "") for box in layer.boxes))
        for layer in words.layers
    )
    return Diagram(words.alt, tuple(layers))


def wrong_picture(
    document: Document, entry: Entry, language: Language, originals: Mapping[str, Entry], check: FactCheck
) -> list[Problem]:
    """What is wrong with the picture of an answer: its words, the number of its cells, or its likeness to English."""
    if entry.picture is None:
        return []
    problems = []
    for where, text in words_of(entry.picture):
        path = ("picture", *where)
        if link := link_in(text):
            problems.append(document.problem(path, f"“{link}” looks like a link", "Pictures carry no links."))
        for words, what, remedy in check.wrong(text, entry.facts):
            problems.append(Problem(document.file, document.line_of(path, words), what, remedy))
    if isinstance(entry.picture, Comparison):
        wanted = len(entry.picture.columns)
        for number, row in enumerate(entry.picture.rows):
            if len(row.cells) != wanted:
                what = f"the row has {len(row.cells)} cells, and there are {wanted} columns"
                problems.append(document.problem(("picture", "rows", number), what, "Write a cell for each column."))
    original = originals[entry.command].picture
    if language.locale != "en" and (original is None or shape_of(original) != shape_of(entry.picture)):
        remedy = "Translate the English picture part by part, or leave the picture out."
        problems.append(document.problem(("picture",), "is not built like the picture of the English answer", remedy))
    return problems
