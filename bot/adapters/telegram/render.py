"""Renders a sealed reply for Telegram as text, entities and a keyboard, without a parse mode that words could break.

The warning stands on a line of its own, below the title and above everything else.
"""

from dataclasses import dataclass
from typing import Literal, final

from bot.core.buttons import Button
from bot.core.disclaimer import Reply
from bot.core.reply_cache import cache_by_reply
from bot.core.spans import Block, Bold, ChannelRef, CommandRef, Italic, MessageLink, Paragraph, Slot, Span, Text, units

LONGEST = 4096  # UTF-16 units of a message's text
LONGEST_DATA = 64  # bytes of a button's data
BUBBLE = 200  # UTF-16 units that answerCallbackQuery shows

_HALF_ROW = 18  # the longest label, in characters, that fits half the width of a phone


@final
@dataclass(frozen=True, slots=True)
class Entity:
    """A part of the text that is bold, italic or a link to `url`. `offset` and `length` count UTF-16 units, as Telegram
    does.
    """

    kind: Literal["bold", "italic", "text_link"]
    offset: int
    length: int
    url: str | None = None


@final
@dataclass(frozen=True, slots=True)
class Message:
    """A message to send. Each row of `keyboard` has pairs of a label and the data that a press sends back."""

    text: str
    entities: tuple[Entity, ...]
    keyboard: tuple[tuple[tuple[str, str], ...], ...]


def command_name(command: str) -> str:
    """Return the command's name on Telegram, with underscores, because a hyphen would end it early."""
    return command.replace("-", "_")


@cache_by_reply(1024)  # explainers in six languages, with ratings and without
def render(reply: Reply, *, shared: bool = False) -> Message:
    """Return the message that shows the reply; reviewed replies with the same digest share one. With `shared`, for
    several readers, it has the button that shows the answer in another language.
    """
    text = _TextBuilder()
    if not reply.is_notice:
        if reply.title:
            text.marked("bold", (Text(reply.title),), "\n" if reply.warning else "\n\n")
        if reply.warning:
            text.marked("bold", (Text(reply.warning),), "\n\n")
        if isinstance(reply.quote, Text):
            text.marked("italic", (Text(f"“{reply.quote.text}”"),), "\n\n")
    for number, block in enumerate(reply.body):
        text.write("\n\n" if number else "")
        text.block(block)
    if reply.source:
        text.write("\n\n")
        text.marked("italic", (Text(reply.source),))
    return Message("".join(text.words), tuple(text.entities), _keyboard(_buttons(reply, shared=shared)))


def room(reply: Reply) -> int:
    """Return how many UTF-16 units the reply's message has left; negative if it is too long."""
    return LONGEST - units(render(reply).text)


def overflow(reply: Reply) -> str | None:
    """Return why Telegram would refuse the reply, or None. All content is checked with it, as nothing is cut when it is
    sent.
    """
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
class _TextBuilder:
    """Collects the parts of a text and its entities. `end` is the length so far in UTF-16 units."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.entities: list[Entity] = []
        self.end = 0

    def write(self, words: str) -> None:
        self.words.append(words)
        self.end += units(words)

    def marked(self, kind: Literal["bold", "italic"], spans: tuple[Span, ...], after: str = "") -> None:
        """Write the spans with an entity around them. An outer entity comes before those inside it."""
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
        """Write the label as a link, or without a label the bare address, which Telegram's apps make tappable."""
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
    """The topics, the button for another language, then the ratings or the buttons that turn the page."""
    topics = sum(not one.stands_below for one in reply.buttons)
    translation = (reply.translation,) if shared and reply.translation else ()
    return (*reply.buttons[:topics], *translation, *reply.buttons[topics:])


def _address(link: MessageLink) -> str:
    """The link to a message or topic of a supergroup or channel, for its members. "" for a chat itself, and in a small
    group, which has no links.
    https://core.telegram.org/api/links#message-links
    """
    chat = link.channel.removeprefix("-100")
    if chat == link.channel or not (link.thread or link.message):
        return ""
    return "/".join(filter(None, ("t.me/c", chat, link.thread, link.message)))


def _keyboard(buttons: tuple[Button, ...]) -> tuple[tuple[tuple[str, str], ...], ...]:
    """The rows: two buttons where both labels are short, else one, because a phone cuts longer labels. Ratings and the
    buttons that turn the page never share a row with topics.
    """
    rows: list[tuple[tuple[str, str], ...]] = []
    rest = buttons
    while rest:
        both = len(rest) > 1 and all(len(b.label) <= _HALF_ROW for b in rest[:2])
        both = both and rest[0].stands_below == rest[1].stands_below
        row, rest = (rest[:2], rest[2:]) if both else (rest[:1], rest[1:])
        rows.append(tuple((button.label, button.id) for button in row))
    return tuple(rows)
