"""What a picture says, in the writer's words: a diagram of layers, or a comparison in columns. Its law: it holds words
alone; where they stand and how they look is decided by whoever draws.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import final


@final
@dataclass(frozen=True, slots=True)
class Box:
    """A part of a layer: its name, and what it does (may be empty)."""

    label: str
    text: str = ""


@final
@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of a diagram; one without boxes is shown as a bright band."""

    label: str
    text: str = ""
    boxes: tuple[Box, ...] = ()


@final
@dataclass(frozen=True, slots=True)
class Diagram:
    """Layers from top to bottom. `alt` says the same to whoever does not see it."""

    alt: str
    layers: tuple[Layer, ...]


@final
@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is compared: a cell for each column."""

    label: str
    cells: tuple[str, ...]


@final
@dataclass(frozen=True, slots=True)
class Comparison:
    """Rows under the names of what is compared. `alt` says the same to whoever does not see it."""

    alt: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


Picture = Diagram | Comparison

Where = tuple[str | int, ...]
"""The way to a word in the writer's file, below `picture`."""


def words_of(picture: Picture) -> Iterator[tuple[Where, str]]:
    """Every word of the picture with the way to it; empty ones are left out."""
    return ((where, text) for where, text in _all_words(picture) if text)


def _all_words(picture: Picture) -> Iterator[tuple[Where, str]]:
    yield ("alt",), picture.alt
    if isinstance(picture, Comparison):
        yield from ((("columns", number), name) for number, name in enumerate(picture.columns))
        for number, row in enumerate(picture.rows):
            yield ("rows", number, "label"), row.label
            yield from ((("rows", number, "cells", place), cell) for place, cell in enumerate(row.cells))
        return
    for number, layer in enumerate(picture.layers):
        yield ("layers", number, "label"), layer.label
        yield ("layers", number, "text"), layer.text
        for place, box in enumerate(layer.boxes):
            yield ("layers", number, "boxes", place, "label"), box.label
            yield ("layers", number, "boxes", place, "text"), box.text


def shape_of(picture: Picture) -> tuple[object, ...]:
    """What a translation shares with its original: the kind, and how many parts there are of each."""
    if isinstance(picture, Comparison):
        return "comparison", len(picture.columns), len(picture.rows)
    return "diagram", *(len(layer.boxes) for layer in picture.layers)
