"""The tree of spans that represents every text. It contains words, never a platform's markup."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text. Every renderer escapes it."""

    text: str


@dataclass(frozen=True, slots=True)
class CommandRef:
    """One of the bot's commands within a text, rendered as members of the platform type it."""

    command: str


@dataclass(frozen=True, slots=True)
class ChannelRef:
    """The platform's id of a channel, rendered as a link to it if the platform has such links."""

    channel: str


@dataclass(frozen=True, slots=True)
class MessageLink:
    """One of the bot's messages, rendered as the platform's link to it. All ids are the platform's.

    Without a `label`, the platform's form of its channel is shown, so that two links can be told apart.
    """

    community: str
    channel: str
    thread: str | None
    message: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """A placeholder that code replaces before the text is sealed."""

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
    """A paragraph. Its line breaks are kept."""

    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    """A bulleted list with one item per line."""

    items: tuple[tuple[Span, ...], ...]


Block = Paragraph | Bullets
Body = tuple[Block, ...]


def lines(block: Block) -> tuple[tuple[Span, ...], ...]:
    """Return the spans of each item of a list, or those of a paragraph as the only line."""
    return (block.spans,) if isinstance(block, Paragraph) else block.items


def flatten(body: Body, command: Callable[[str], str] = "/{}".format) -> str:
    """Return the body as plain text. `command` turns a command's name into text."""
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
    """Yield every span of the body; a bold or italic span comes before those inside it."""
    for block in body:
        for spans in lines(block):
            yield from _inside(spans)


def _inside(spans: tuple[Span, ...]) -> Iterator[Span]:
    for span in spans:
        yield span
        if isinstance(span, Bold | Italic):
            yield from _inside(span.spans)


def fill(body: Body, values: Mapping[str, tuple[Span, ...]]) -> Body:
    """Replace every slot of the body by its value.

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
    """Replace every slot of the spans by its value; see `fill`."""
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
    """Return the length of a text in UTF-16 code units, the unit of both platforms' limits."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
