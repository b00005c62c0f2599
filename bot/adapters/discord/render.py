"""A sealed reply as Discord shows it: plain content and buttons. Text is shown as it is, never read as markup.

A command whose id is known can be pressed: `</name:id>`.
https://docs.discord.com/developers/reference#message-formatting
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import final

from bot.core.disclaimer import Reply
from bot.core.model import Button, Member
from bot.core.reply_cache import kept
from bot.core.spans import Bold, Bullets, ChannelRef, CommandRef, Italic, Paragraph, Slot, Span, Text

CONTENT, LABEL, CUSTOM_ID, ROW, ROWS = 2000, 80, 100, 5, 5  # Discord's limits; lengths are counted in UTF-16 units
_MENTION = len("<@>\n") + 20  # a mention of the longest id may be put above any answer
_CACHED = 2048  # explainers in all languages at all risk floors
_LONGEST_ID = "9" * 20

IdOf = Callable[[str], str | None]
"""The id of a command by its name, None for one that cannot be pressed."""
Rows = tuple[tuple[tuple[str, str], ...], ...]


@final
@dataclass(frozen=True, slots=True)
class Message:
    """What goes to Discord: `rows` of (label, custom_id); `mention` is the one member id that it may ping. `file` and
    `alt` are the name and the description of its picture, if it has one.
    """

    content: str
    rows: Rows
    mention: str | None
    file: str | None = None
    alt: str | None = None


@final
class Renderer:
    """Renders replies; their commands can be pressed as soon as their ids are known."""

    def __init__(self) -> None:
        self._ids: Mapping[str, str] = {}
        self._cached_text = kept(_CACHED)(self._text)

    @property
    def knows(self) -> bool:
        """Whether any command's id is known."""
        return bool(self._ids)

    def learn(self, ids: Mapping[str, str]) -> None:
        """Use these ids of commands, by name, instead of those before."""
        if ids != self._ids:
            self._ids = ids
            self._cached_text = kept(_CACHED)(self._text)

    def render(self, reply: Reply, *, shared: bool = False) -> Message:
        """The reply as Discord shows it: whom it is for, title, warning, body, source. To several readers (`shared`) it
        offers to be shown in another language.
        """
        content, rows = self._cached_text(reply), _rows(reply, shared=shared)
        file, alt = (f"{reply.command}.png", reply.picture.alt) if reply.picture and reply.warning else (None, None)
        id_ = reply.to.id if isinstance(reply.to, Member) and reply.warning else ""
        if id_.isascii() and id_.isdigit():
            return Message(f"<@{id_}>\n{content}", rows, id_, file, alt)
        return Message(content, rows, None, file, alt)

    def _text(self, reply: Reply) -> str:
        """A long list of a notice may fit only with commands that cannot be pressed."""
        content = _content(reply, self._ids.get)
        return content if _units(content) + _MENTION <= CONTENT else _content(reply, _unknown)


def _unknown(_: str) -> None: ...


render = Renderer().render
"""Renders a reply as long as no command's id is known."""


def overflow(reply: Reply) -> str | None:
    """What Discord would refuse because of its size, with a mention above the reply; None if all of it fits."""
    length = _units(_content(reply, lambda _: _LONGEST_ID)) + _MENTION
    if length > CONTENT:
        return f"its message has {length} characters on Discord, at most {CONTENT} fit"
    if (used := len(_rows(reply, shared=False))) > ROWS:
        return f"it needs {used} rows of buttons, Discord shows at most {ROWS} rows of {ROW}"
    for label, custom_id in (button for row in _rows(reply, shared=True) for button in row):
        if not 0 < _units(label) <= LABEL:
            return f"the button “{label}” needs a label of 1 to {LABEL} characters on Discord"
        if len(custom_id) > CUSTOM_ID:
            return f"the button “{label}” has an id of more than {CUSTOM_ID} characters"
    return None


def _content(reply: Reply, id_of: IdOf) -> str:
    body = "\n\n".join(filter(None, (_block(block, id_of) for block in reply.body)))
    head = [f"**{title}**"] if (title := _line(reply.title)) else []
    if reply.warning is not None:
        head.append(f"**{_warning(reply.warning, id_of)}**")
    parts = ["\n".join(head), body, f"-# {_line(reply.source)}" if reply.source else ""]
    return "\n\n".join(filter(None, parts))


def _rows(reply: Reply, *, shared: bool) -> Rows:
    """Topics, with the button for another language if there is room for it; then the ratings in a row of their own."""
    topics = [one for one in reply.buttons if one.rating is None]
    ratings = [one for one in reply.buttons if one.rating is not None]
    if shared and reply.translation:
        rows = _in_rows([*topics, reply.translation], ratings)
        if len(rows) <= ROWS:
            return rows
    return _in_rows(topics, ratings)


def _in_rows(*kinds: Sequence[Button]) -> Rows:
    shown = ([(one.label, one.id) for one in kind] for kind in kinds)
    return tuple(tuple(kind[start : start + ROW]) for kind in shown for start in range(0, len(kind), ROW))


def _warning(text: str, id_of: IdOf) -> str:
    """The warning, which is a writer's own words: the commands it names can be pressed too."""
    words = _COMMAND.split(text)  # words, the command after them, and so on
    pieces = [_command(one, id_of) if at % 2 else _escaped(one) for at, one in enumerate(words)]
    return _one_line("".join(pieces))


def _command(name: str, id_of: IdOf) -> str:
    id_ = id_of(name)
    return f"</{name}:{id_}>" if id_ else _escaped(f"/{name}")


def _block(block: Paragraph | Bullets, id_of: IdOf) -> str:
    if isinstance(block, Paragraph):
        return _guarded(_spans(block.spans, id_of).strip())
    return "\n".join(f"- {_guarded(_one_line(_spans(item, id_of)))}" for item in block.items)


def _spans(spans: Iterable[Span], id_of: IdOf, inside: frozenset[type] = frozenset()) -> str:
    """The spans as Discord's markup; `inside` has the marks that are open around them."""
    out = ""
    for kind, run in groupby(spans, type):  # two marks of a kind that touch would read as one broken mark
        if kind is Text:
            piece = _escaped("".join(span.text for span in run if isinstance(span, Text)))
        elif kind in (Bold, Italic):
            inner = _spans(
                (one for span in run if isinstance(span, Bold | Italic) for one in span.spans), id_of, inside | {kind}
            )
            piece = inner if kind in inside else _marked(inner, "**" if kind is Bold else "_")
        else:
            piece = "".join(_reference(span, id_of) for span in run)
        # A mark is one only where no letter touches it: an invisible joiner keeps them apart.
        out += f"\u2060{piece}" if _touching(out, piece) else piece
    return out


def _reference(span: Span, id_of: IdOf) -> str:
    match span:
        case CommandRef(command):
            return _command(command, id_of)
        case ChannelRef(channel) if channel.isascii() and channel.isdigit():
            return f"<#{channel}>"
        case ChannelRef(channel):
            return _escaped(f"#{channel}")
        case Slot(name):
            return _escaped(f"{{{name}}}")
        case _:
            raise TypeError(f"not a reference: {type(span).__name__}")


def _marked(inner: str, mark: str) -> str:
    """The words between two marks. White space at their ends stands outside: Discord reads no mark beside it."""
    core = inner.strip()
    if not core:
        return inner
    start = inner.index(core)
    return f"{inner[:start]}{mark}{core}{mark}{inner[start + len(core) :]}"


def _touching(before: str, after: str) -> bool:
    last, first = before[-1:], after[:1]
    return (last in _MARKS and (first in _MARKS or first.isalnum())) or (first in _MARKS and last.isalnum())


_MARKS = frozenset("*_")
_COMMAND = re.compile(r"(?<![\w/:.])/([a-z0-9]+(?:-[a-z0-9]+)*)(?![\w/-])")
_BREAKS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_SPECIAL = re.compile(
    r"[\\*_~`|<>#\[\]@]"
    r"|:(?=\S)"  # :emoji:, http://
    r"|\.(?=[^\W\d_]|\u2060)"  # discord.gg, www.
)
_LINE_START = re.compile(r"(?m)^(\s*)(?:([-+])|(\d+)([.)]))(?=\s|$)")


def _escaped(text: str) -> str:
    """The text with a backslash before everything that Discord reads as markup, mention, emoji or link."""
    return _SPECIAL.sub(r"\\\g<0>", _BREAKS.sub("\n", text))


def _guarded(words: str) -> str:
    """The words with a backslash before what makes a list or small print at the start of a line."""
    return _LINE_START.sub(lambda m: f"{m[1]}\\{m[2]}" if m[2] else f"{m[1]}{m[3]}\\{m[4]}", words)


def _line(text: str) -> str:
    return _one_line(_escaped(text))


def _one_line(words: str) -> str:
    return words.replace("\n", " ").strip()


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
