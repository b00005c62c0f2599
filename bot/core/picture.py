"""What a picture says: a diagram of layers, or a comparison in columns. `bot.pictures` decides how it looks."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
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
    """Layers from top to bottom. `alt` describes the picture for people who cannot see it."""

    alt: str
    layers: tuple[Layer, ...]


@final
@dataclass(frozen=True, slots=True)
class Row:
    """One compared property, with a cell for each column."""

    label: str
    cells: tuple[str, ...]


@final
@dataclass(frozen=True, slots=True)
class Comparison:
    """Rows under the names of what is compared. `alt` describes the picture for people who cannot see it."""

    alt: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@final
@dataclass(frozen=True, slots=True)
class Bars:
    """A number for each day, the oldest first, under a title that says what they count."""

    title: str
    numbers: tuple[int, ...]

    @property
    def alt(self) -> str:
        """The same in words."""
        return f"{self.title} {', '.join(map(str, self.numbers))}"


Picture = Diagram | Comparison


def words_of(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every non-empty text of a picture, or of a part of it, with its path in the writer's file, below `picture`."""
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
    """What a translation shares with its original: the kind, and how many parts there are of each."""
    if isinstance(picture, Comparison):
        return "comparison", len(picture.columns), len(picture.rows)
    return "diagram", *(len(layer.boxes) for layer in picture.layers)
