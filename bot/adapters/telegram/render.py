"""A sealed reply as Telegram shows it: text, entities and a keyboard, no parse mode that words could break out of.

The warning is a line of its own, under the title and before everything else.
"""

from dataclasses import dataclass
from typing import Literal, final

from bot.core.buttons import Button
from bot.core.disclaimer import Reply
from bot.core.reply_cache import kept
from bot.core.spans import Block, Bold, ChannelRef, CommandRef, Italic, MessageLink, Paragraph, Slot, Span, Text, units

LONGEST = 4096  # UTF-16 units of a message's text
LONGEST_DATA = 64  # bytes of a button's data
BUBBLE = 200  # UTF-16 units that answerCallbackQuery shows

_HALF_ROW = 18  # characters of a label that half a phone's width still shows


@final
@dataclass(frozen=True, slots=True)
class Entity:
    """A part of the text in bold, in italics, or that leads to `url`. `offset` and `length` count UTF-16 units, as
    Telegram does."""

    kind: Literal["bold", "italic", "text_link"]
    offset: int
    length: int
    url: str | None = None


@final
@dataclass(frozen=True, slots=True)
class Message:
    """What is sent. `keyboard` has rows of (label, data that a press sends back)."""

    text: str
    entities: tuple[Entity, ...]
    keyboard: tuple[tuple[tuple[str, str], ...], ...]


def command_name(command: str) -> str:
    """A command as Telegram takes it: a hyphen would end it early."""
    return command.replace("-", "_")


@kept(1024)  # explainers in six languages, with ratings and without
def render(reply: Reply, *, shared: bool = False) -> Message:
    """The message for that reply; equal digests give the same one. To several readers (`shared`) it offers to be shown
    in another language.
    """
    paper = _Paper()
    if not reply.is_notice:
        if reply.title:
            paper.marked("bold", (Text(reply.title),), "\n" if reply.warning else "\n\n")
        if reply.warning:
            paper.marked("bold", (Text(reply.warning),), "\n\n")
        if isinstance(reply.quote, Text):
            paper.marked("italic", (Text(f"“{reply.quote.text}”"),), "\n\n")
    for number, block in enumerate(reply.body):
        paper.write("\n\n" if number else "")
        paper.block(block)
    if reply.source:
        paper.write("\n\n")
        paper.marked("italic", (Text(reply.source),))
    return Message("".join(paper.words), tuple(paper.entities), _keyboard(_buttons(reply, shared=shared)))


def room(reply: Reply) -> int:
    """How many UTF-16 units are left in its message."""
    return LONGEST - units(render(reply).text)


def overflow(reply: Reply) -> str | None:
    """Why Telegram would refuse the reply, or None. Content is checked with it: nothing is cut when it is sent."""
    if (left := room(reply)) < 0:
        return f"{LONGEST - left} characters with its warning, where Telegram takes {LONGEST}"
    for button in _buttons(reply, shared=True):
        if (size := len(button.id.encode())) > LONGEST_DATA:
            return f"the button for /{button.command} needs {size} bytes, where Telegram takes {LONGEST_DATA}"
    return None


def fits_bubble(reply: Reply) -> bool:
    """Whether the reply is a notice that the bubble over a pressed button can show."""
    return reply.is_notice and not reply.buttons and units(render(reply).text) <= BUBBLE


@final
class _Paper:
    """Words and entities while they are written; `end` counts UTF-16 units."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.entities: list[Entity] = []
        self.end = 0

    def write(self, words: str) -> None:
        self.words.append(words)
        self.end += units(words)

    def marked(self, kind: Literal["bold", "italic"], spans: tuple[Span, ...], after: str = "") -> None:
        """Write the spans with an entity around them; an outer entity stands before those inside it."""
        start, index = self.end, len(self.entities)
        self.spans(spans)
        if self.end > start:
            self.entities.insert(index, Entity(kind, start, self.end - start))
        self.write(after)

    def spans(self, spans: tuple[Span, ...]) -> None:
        for span in spans:
            match span:
                case Text(text):
                    self.write(text)
                case CommandRef(command):
                    self.write(f"/{command_name(command)}")  # Telegram's apps find commands and make them tappable
                case ChannelRef(channel):
                    self.write(f"#{channel}")
                case MessageLink(label=label):
                    self.link(_address(span), label)
                case Slot(name):
                    self.write(f"{{{name}}}")
                case Bold(inner):
                    self.marked("bold", inner)
                case Italic(inner):
                    self.marked("italic", inner)

    def link(self, address: str, label: str) -> None:
        """The label as a link; without one, the bare address, which Telegram's apps make tappable."""
        if label and address:
            self.entities.append(Entity("text_link", self.end, units(label), f"https://{address}"))
        self.write(label or address)

    def block(self, block: Block) -> None:
        if isinstance(block, Paragraph):
            self.spans(block.spans)
            return
        for number, spans in enumerate(block.items):
            self.write("\n• " if number else "• ")
            self.spans(spans)


def _buttons(reply: Reply, *, shared: bool) -> tuple[Button, ...]:
    """Topics, the button for another language, then the ratings or what turns the page."""
    topics = sum(not one.stands_below for one in reply.buttons)
    translation = (reply.translation,) if shared and reply.translation else ()
    return (*reply.buttons[:topics], *translation, *reply.buttons[topics:])


def _address(link: MessageLink) -> str:
    """The link to a message or topic of a supergroup or channel, for its members; empty for a chat as such, and in a
    small group, which has no links.
    https://core.telegram.org/api/links#message-links
    """
    chat = link.channel.removeprefix("-100")
    if chat == link.channel or not (link.thread or link.message):
        return ""
    return "/".join(filter(None, ("t.me/c", chat, link.thread, link.message)))


def _keyboard(buttons: tuple[Button, ...]) -> tuple[tuple[tuple[str, str], ...], ...]:
    """Two buttons a row where both labels are short, else one: a phone cuts a longer one. Ratings, and what turns the
    page, stand in a row of their own.
    """
    rows: list[tuple[tuple[str, str], ...]] = []
    rest = buttons
    while rest:
        both = len(rest) > 1 and all(len(b.label) <= _HALF_ROW for b in rest[:2])
        both = both and rest[0].stands_below == rest[1].stands_below
        row, rest = (rest[:2], rest[2:]) if both else (rest[:1], rest[1:])
        rows.append(tuple((button.label, button.id) for button in row))
    return tuple(rows)
