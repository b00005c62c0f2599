"""Renders a sealed reply for Discord as plain content and buttons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import final

from bot.adapters.discord.markdown import LINKS, IdOf, block, guarded, line, warning
from bot.core.buttons import Button
from bot.core.disclaimer import Reply
from bot.core.model import Member, MessageRef
from bot.core.reply_cache import cache_by_reply
from bot.core.settings_export import NAME
from bot.core.spans import units

CONTENT, LABEL, CUSTOM_ID, ROW, ROWS = 2000, 80, 100, 5, 5  # Discord's limits; lengths are counted in UTF-16 units
_MENTION = len("<@>\n") + 20  # room for a mention of the longest id above the answer
_CACHED = 2048  # explainers in all languages at all risk floors
_LONGEST_ID = "9" * 20

Rows = tuple[tuple[tuple[str, str], ...], ...]


@final
@dataclass(frozen=True, slots=True)
class Message:
    """A message to send. Each row of `rows` has pairs of (label, custom_id). `mention` is the id of the only member
    whom the message may ping. `file` is the name of its file and `alt` the description of its picture, if it has one.
    """

    content: str
    rows: Rows
    mention: str | None
    file: str | None = None
    alt: str | None = None


@final
class Renderer:
    """Renders replies. Commands in them are links once their ids are known. `offer` is the hash of the registered
    commands that these ids belong to.
    """

    def __init__(self) -> None:
        self.offer: str | None = None
        self._ids: Mapping[str, str] = {}
        self._cached = cache_by_reply(_CACHED)(self._make)

    @property
    def knows(self) -> bool:
        """Whether the id of any command is known."""
        return bool(self._ids)

    def learn(self, ids: Mapping[str, str]) -> None:
        """Replace the ids of the commands, which are given by name."""
        if ids != self._ids:
            self._ids = ids
            self._cached = cache_by_reply(_CACHED)(self._make)

    def render(self, reply: Reply, *, shared: bool = False) -> Message:
        """Return the message that shows the reply: a mention of its receiver, then title, warning, quote, body and
        source. With `shared`, in a chat of several readers, it has the button that shows the answer in another
        language, unless the reply is private.
        """
        message = self._cached(reply, shared and not reply.private)
        id_ = reply.to.id if isinstance(reply.to, Member) and not reply.is_notice else ""
        if id_.isascii() and id_.isdigit():
            return replace(message, content=f"<@{id_}>\n{message.content}", mention=id_)
        return message

    def _make(self, reply: Reply, shared: bool) -> Message:
        """The message without the mention. If it is too long, as with a long list in a notice, its commands become
        plain text, which is shorter.
        """
        head, rest = _content(reply, self._ids.get)
        if _room(head, rest) < 0:
            head, rest = _content(reply, lambda _: None)
        quote = _quote(reply, _room(head, rest)) if reply.quote else ""
        file, alt = (f"{reply.command or 'chart'}.png", reply.picture.alt) if reply.picture else (None, None)
        rows = _rows(reply, shared=shared)
        return Message(_joined(head, quote, rest), rows, None, NAME if reply.settings else file, alt)


render = Renderer().render
"""Renders a reply without links to commands."""


def room(reply: Reply) -> int:
    """Return how many UTF-16 units the reply's message has left, with a mention above it and links to its commands.
    Negative if it is too long.
    """
    return _room(*_content(reply, lambda _: _LONGEST_ID))


def overflow(reply: Reply) -> str | None:
    """Return which part of the reply is too large for Discord, with a mention above it, or None. All content is checked
    with it.
    """
    left = room(reply)
    if left < 0:
        return f"its message has {CONTENT - left} characters on Discord, at most {CONTENT} fit"
    if (used := len(_rows(reply, shared=False))) > ROWS:
        return f"it needs {used} rows of buttons, Discord shows at most {ROWS} rows of {ROW}"
    for label, custom_id in (button for row in _rows(reply, shared=True) for button in row):
        if not 0 < units(label) <= LABEL:
            return f"the button “{label}” needs a label of 1 to {LABEL} characters on Discord"
        if len(custom_id) > CUSTOM_ID:
            return f"the button “{label}” has an id of more than {CUSTOM_ID} characters"
    return None


def _content(reply: Reply, id_of: IdOf) -> tuple[str, str]:
    """The title with the warning, and the body with the source."""
    body = "\n\n".join(filter(None, (block(one, id_of) for one in reply.body)))
    head = [f"**{title}**"] if (title := line(reply.title)) else []
    if reply.warning is not None:
        head.append(f"**{warning(reply.warning, id_of)}**")
    return "\n".join(head), _joined(body, f"-# {line(reply.source)}" if reply.source else "")


def _joined(*parts: str) -> str:
    return "\n\n".join(filter(None, parts))


def _room(head: str, rest: str) -> int:
    """How many UTF-16 units a message with a mention has left."""
    return CONTENT - _MENTION - units(_joined(head, rest))


def _quote(reply: Reply, room: int) -> str:
    """The message or question that the reply answers, as one quoted line: a link to the message, or as much of the
    question as fits into `room` UTF-16 units.
    """
    if isinstance(reply.quote, MessageRef):
        place = reply.quote.place
        return f"> {LINKS}/{place.community or '@me'}/{place.thread or place.channel}/{reply.quote.message}"
    words = reply.quote.text if reply.quote else ""
    for end in range(len(words), 0, -1):
        quoted = f"> {guarded(line(words if end == len(words) else f'{words[:end]}…'))}"
        if units(quoted) + len("\n\n") <= room:
            return quoted
    return ""


def _rows(reply: Reply, *, shared: bool) -> Rows:
    """The topics, with the button for another language if there is room, then the ratings or the buttons that turn the
    page in rows of their own.
    """
    last = [one for one in reply.buttons if one.stands_below]
    topics = [one for one in reply.buttons if not one.stands_below]
    if shared and reply.translation:
        for rows in (_in_rows([*topics, reply.translation], last), _in_rows(topics, [*last, reply.translation])):
            if len(rows) <= ROWS:
                return rows
    return _in_rows(topics, last)


def _in_rows(*kinds: Sequence[Button]) -> Rows:
    shown = ([(one.label, one.id) for one in kind] for kind in kinds)
    return tuple(tuple(kind[start : start + ROW]) for kind in shown for start in range(0, len(kind), ROW))
