"""Spans and words as Discord's markup. Words are shown as they are, never read as markup.

A command whose id is known can be pressed: `</name:id>`.
https://docs.discord.com/developers/reference#message-formatting
"""

import re
from collections.abc import Callable, Iterable
from itertools import groupby

from bot.core.spans import Bold, Bullets, ChannelRef, CommandRef, Italic, MessageLink, Paragraph, Slot, Span, Text

LINKS = "https://discord.com/channels"
IdOf = Callable[[str], str | None]
"""The id of a command by its name, None for one that cannot be pressed."""


def warning(text: str, id_of: IdOf) -> str:
    """The warning, which is a writer's own words: the commands it names can be pressed too."""
    words = _COMMAND.split(text)  # words, the command after them, and so on
    pieces = [_command(one, id_of) if at % 2 else _escaped(one) for at, one in enumerate(words)]
    return _one_line("".join(pieces))


def _command(name: str, id_of: IdOf) -> str:
    if id_ := id_of(name):
        return f"</{name}:{id_}>"
    menu = id_of("topics")  # with too many answers not all are commands, and this one finds the others
    return f"</topics:{menu}> {_escaped(name)}" if menu else _escaped(f"/{name}")


def block(shown: Paragraph | Bullets, id_of: IdOf) -> str:
    """A paragraph, or a list with a line for each item."""
    if isinstance(shown, Paragraph):
        return guarded(_spans(shown.spans, id_of).strip())
    return "\n".join(f"- {guarded(_one_line(_spans(item, id_of)))}" for item in shown.items)


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
        case MessageLink(community, channel, thread, message, label):
            where = thread or channel
            if not (community + where + message).isdigit():
                return _escaped(label or f"#{where}")
            return f"[{_escaped(label)}]({LINKS}/{community}/{where}/{message})" if label else f"<#{where}>"
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
_MARKUP = re.compile(r"(?m)\\([^0-9A-Za-z\s])|\*\*|[_\u2060]|^-# ")
_LINE_START = re.compile(r"(?m)^(\s*)(?:([-+])|(\d+)([.)]))(?=\s|$)")


def _escaped(text: str) -> str:
    """The text with a backslash before everything that Discord reads as markup, mention, emoji or link."""
    return _SPECIAL.sub(r"\\\g<0>", _BREAKS.sub("\n", text))


def guarded(words: str) -> str:
    """The words with a backslash before what makes a list or small print at the start of a line."""
    return _LINE_START.sub(lambda m: f"{m[1]}\\{m[2]}" if m[2] else f"{m[1]}{m[3]}\\{m[4]}", words)


def seen(content: str) -> str:
    """The message as people see it, without colours and weights: no backslash and no mark of ours is left."""
    return _MARKUP.sub(r"\1", content)


def line(text: str) -> str:
    """The words in one line."""
    return _one_line(_escaped(text))


def _one_line(words: str) -> str:
    return words.replace("\n", " ").strip()
