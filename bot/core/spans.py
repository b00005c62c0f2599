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


def flatten(body: Body, command: Callable[[str], str] = "/{}".format) -> str:
    """The body as plain words, for people and machines that see no markup. `command` spells a command's name."""

    def words(spans: tuple[Span, ...]) -> str:
        return "".join(map(word, spans))

    def word(span: Span) -> str:
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
                return words(inner)

    def block(part: Block) -> str:
        return words(part.spans) if isinstance(part, Paragraph) else "\n".join(f"• {words(i)}" for i in part.items)

    return "\n\n".join(map(block, body))


def walk(body: Body) -> Iterator[Span]:
    """Every span of the body, outermost first."""

    def inside(spans: tuple[Span, ...]) -> Iterator[Span]:
        for span in spans:
            yield span
            if isinstance(span, Bold | Italic):
                yield from inside(span.spans)

    for part in body:
        for spans in (part.spans,) if isinstance(part, Paragraph) else part.items:
            yield from inside(spans)


def fill(body: Body, values: Mapping[str, tuple[Span, ...]]) -> Body:
    """The body with every slot replaced.

    Raises:
        KeyError: a slot has no value (names it); the content check makes sure that pages and notices have only
            the slots that code fills.
    """

    def spans_of(spans: tuple[Span, ...]) -> tuple[Span, ...]:
        return tuple(new for span in spans for new in one(span))

    def one(span: Span) -> tuple[Span, ...]:
        match span:
            case Slot(name):
                return values[name]
            case Bold(inner):
                return (Bold(spans_of(inner)),)
            case Italic(inner):
                return (Italic(spans_of(inner)),)
            case _:
                return (span,)

    return tuple(
        Paragraph(spans_of(part.spans)) if isinstance(part, Paragraph) else Bullets(tuple(map(spans_of, part.items)))
        for part in body
    )
