"""The tree of spans that every text is made of. It contains words, never a platform's markup."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """Plain words; every renderer escapes them."""

    text: str


@dataclass(frozen=True, slots=True)
class CommandRef:
    """One of our commands inside a text, rendered the way the platform's members type it."""

    command: str


@dataclass(frozen=True, slots=True)
class ChannelRef:
    """A channel by its platform id, rendered as the platform's own link to it where it has one."""

    channel: str


@dataclass(frozen=True, slots=True)
class MessageLink:
    """One of our own messages, rendered as the platform's link to it. Without a `label`, what stands for its channel on
    that platform, so that two of them can be told apart. Ids are the platform's own.
    """

    community: str
    channel: str
    thread: str | None
    message: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a text that code fills before the text is sealed."""

    name: str


@dataclass(frozen=True, slots=True)
class Bold:
    """Spans in bold."""

    spans: "tuple[Span, ...]"


@dataclass(frozen=True, slots=True)
class Italic:
    """Spans in italics."""

    spans: "tuple[Span, ...]"


Span = Text | CommandRef | ChannelRef | MessageLink | Slot | Bold | Italic


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; line breaks inside are kept."""

    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list, one item a line."""

    items: tuple[tuple[Span, ...], ...]


Block = Paragraph | Bullets
Body = tuple[Block, ...]


def lines(block: Block) -> tuple[tuple[Span, ...], ...]:
    """The spans of each line of a list, or those of a paragraph."""
    return (block.spans,) if isinstance(block, Paragraph) else block.items


def flatten(body: Body, command: Callable[[str], str] = "/{}".format) -> str:
    """The body as plain text. `command` spells a command's name."""
    blocks = []
    for block in body:
        if isinstance(block, Paragraph):
            blocks.append(_words(block.spans, command))
        else:
            blocks.append("\n".join([f"• {_words(item, command)}" for item in block.items]))
    return "\n\n".join(blocks)


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
        case MessageLink():
            return span.label or f"#{span.thread or span.channel}"
        case Slot(name):
            return f"{{{name}}}"
        case Bold(inner) | Italic(inner):
            return _words(inner, command)


def walk(body: Body) -> Iterator[Span]:
    """Every span of the body, outermost first."""
    for block in body:
        for spans in lines(block):
            yield from _inside(spans)


def _inside(spans: tuple[Span, ...]) -> Iterator[Span]:
    for span in spans:
        yield span
        if isinstance(span, Bold | Italic):
            yield from _inside(span.spans)


def fill(body: Body, values: Mapping[str, tuple[Span, ...]]) -> Body:
    """The body with every slot replaced.

    Raises:
        KeyError: a slot has no value (its name); the content check allows only slots that code fills.
    """
    return tuple(
        Paragraph(fill_spans(block.spans, values))
        if isinstance(block, Paragraph)
        else Bullets(tuple(fill_spans(item, values) for item in block.items))
        for block in body
    )


def fill_spans(spans: tuple[Span, ...], values: Mapping[str, tuple[Span, ...]]) -> tuple[Span, ...]:
    """The spans with every slot replaced; see `fill`."""
    filled: list[Span] = []
    for span in spans:
        if isinstance(span, Slot):
            filled += values[span.name]
        elif isinstance(span, Bold | Italic):
            filled.append(type(span)(fill_spans(span.spans, values)))
        else:
            filled.append(span)
    return tuple(filled)


def units(text: str) -> int:
    """The length of a text in UTF-16 units, in which both platforms give their limits."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
