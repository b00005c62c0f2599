"""The tree of spans that every text is: frozen, walked, filled and flattened. Its law: it holds words, never markup."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import final


@final
@dataclass(frozen=True, slots=True)
class Text:
    """Plain words; every renderer escapes them."""

    text: str


@final
@dataclass(frozen=True, slots=True)
class CommandRef:
    """One of our commands, named inside a text; a platform renders it the way its members type it."""

    command: str


@final
@dataclass(frozen=True, slots=True)
class ChannelRef:
    """A channel by its platform id, rendered as the platform's own link to it where it has one."""

    channel: str


@final
@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a page, a notice or a greeting that code fills before the text is sealed."""

    name: str


@final
@dataclass(frozen=True, slots=True)
class Bold:
    """Spans shown in bold."""

    spans: "tuple[Span, ...]"


@final
@dataclass(frozen=True, slots=True)
class Italic:
    """Spans shown in italics."""

    spans: "tuple[Span, ...]"


Span = Text | CommandRef | ChannelRef | Slot | Bold | Italic


@final
@dataclass(frozen=True, slots=True)
class Paragraph:
    """Spans that stand together, line breaks inside kept."""

    spans: tuple[Span, ...]


@final
@dataclass(frozen=True, slots=True)
class Bullets:
    """A list, one item a row."""

    items: tuple[tuple[Span, ...], ...]


Block = Paragraph | Bullets
Body = tuple[Block, ...]


# Each of these passes along what it needs: functions inside a function that call one another are a circle, which only
# the collector takes away, and reading content makes thousands of such calls.


def flatten(body: Body, command: Callable[[str], str] = "/{}".format) -> str:
    """The body as plain words, for people and machines that see no markup. `command` spells a command's name."""
    return "\n\n".join([_block_words(part, command) for part in body])


def _block_words(part: Block, command: Callable[[str], str]) -> str:
    if isinstance(part, Paragraph):
        return _words(part.spans, command)
    return "\n".join([f"• {_words(item, command)}" for item in part.items])


def _words(spans: tuple[Span, ...], command: Callable[[str], str]) -> str:
    return "".join([_word(span, command) for span in spans])


def _word(span: Span, command: Callable[[str], str]) -> str:
    match span:
        case Text(text):
            return text
        case CommandRef(name):
            return command(name)
        case ChannelRef(channel):
            return f"#{channel}"
        case Slot(name):
            return f"{{{name}}}"
        case Bold(inner) | Italic(inner):
            return _words(inner, command)


def walk(body: Body) -> Iterator[Span]:
    """Every span of the body, outermost first."""
    for part in body:
        for spans in (part.spans,) if isinstance(part, Paragraph) else part.items:
            yield from _inside(spans)


def _inside(spans: tuple[Span, ...]) -> Iterator[Span]:
    for span in spans:
        yield span
        if isinstance(span, Bold | Italic):
            yield from _inside(span.spans)


def fill(body: Body, values: Mapping[str, tuple[Span, ...]]) -> Body:
    """The body with every slot replaced.

    Raises:
        KeyError: a slot has no value (names it); the content check makes sure that pages and notices have only
            the slots that code fills.
    """
    return tuple(
        Paragraph(fill_spans(part.spans, values))
        if isinstance(part, Paragraph)
        else Bullets(tuple(fill_spans(item, values) for item in part.items))
        for part in body
    )


def fill_spans(spans: tuple[Span, ...], values: Mapping[str, tuple[Span, ...]]) -> tuple[Span, ...]:
    """The spans with every slot replaced; see `fill`."""
    return tuple(new for span in spans for new in _replaced(span, values))


def _replaced(span: Span, values: Mapping[str, tuple[Span, ...]]) -> tuple[Span, ...]:
    match span:
        case Slot(name):
            return values[name]
        case Bold(inner):
            return (Bold(fill_spans(inner, values)),)
        case Italic(inner):
            return (Italic(fill_spans(inner, values)),)
        case _:
            return (span,)
