"""The content of pictures: diagrams of layers, comparisons in columns, bar charts. `bot.pictures` draws them."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import final


@final
@dataclass(frozen=True, slots=True)
class Box:
    """A part of a layer: its name and what it does, which may be empty."""

    label: str
    text: str = ""


@final
@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of a diagram. A layer without boxes is drawn as a bright band."""

    label: str
    text: str = ""
    boxes: tuple[Box, ...] = ()


@final
@dataclass(frozen=True, slots=True)
class Diagram:
    """A diagram of layers, from top to bottom. `alt` describes the picture for people who cannot see it."""

    alt: str
    layers: tuple[Layer, ...]


@final
@dataclass(frozen=True, slots=True)
class Row:
    """A compared property, with a cell for each column."""

    label: str
    cells: tuple[str, ...]


@final
@dataclass(frozen=True, slots=True)
class Comparison:
    """A table that compares things. `columns` are their names; `alt` is for people who cannot see the picture."""

    alt: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@final
@dataclass(frozen=True, slots=True)
class Bars:
    """A bar chart: a number for each day, the oldest first, with a title that says what was counted."""

    title: str
    numbers: tuple[int, ...]

    @property
    def alt(self) -> str:
        """The chart in words: its title and all numbers."""
        return f"{self.title} {', '.join(map(str, self.numbers))}"


Picture = Diagram | Comparison


def words_of(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield every non-empty text of a picture, or of a part of one, with its path below `picture` in the YAML file."""
    if isinstance(value, str):
        if value:
            yield path, value
    elif isinstance(value, tuple):
        for number, part in enumerate(value):
            yield from words_of(part, (*path, number))
    elif isinstance(value, Diagram | Layer | Box | Comparison | Row | Bars):
        for field in fields(value):
            yield from words_of(getattr(value, field.name), (*path, field.name))


def shape_of(picture: Picture) -> tuple[object, ...]:
    """Return what a translated picture must share with its original: the kind, and how many parts of each it has."""
    if isinstance(picture, Comparison):
        return "comparison", len(picture.columns), len(picture.rows)
    return "diagram", *(len(layer.boxes) for layer in picture.layers)
