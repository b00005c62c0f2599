"""Writes spans in Discord's markup. Text is escaped, so that Discord shows it as it is.

A command whose id is known becomes a link that can be pressed: `</name:id>`.
https://docs.discord.com/developers/reference#message-formatting
"""

import re
from collections.abc import Callable, Iterable
from itertools import groupby

from bot.core.spans import Bold, Bullets, ChannelRef, CommandRef, Italic, MessageLink, Paragraph, Slot, Span, Text

LINKS = "https://discord.com/channels"
IdOf = Callable[[str], str | None]
"""Returns the id of the command with that name, or None, so that it is shown without a link."""


def warning(text: str, id_of: IdOf) -> str:
    """Return the warning in one line. It is plain text, but the commands that it names become links too."""
    words = _COMMAND.split(text)  # text and names of commands in turn
    pieces = [_command(one, id_of) if at % 2 else _escaped(one) for at, one in enumerate(words)]
    return _one_line("".join(pieces))


def _command(name: str, id_of: IdOf) -> str:
    if id_ := id_of(name):
        return f"</{name}:{id_}>"
    menu = id_of("topics")  # if there are too many answers, some are no commands, and /topics finds them
    return f"</topics:{menu}> {_escaped(name)}" if menu else _escaped(f"/{name}")


def block(shown: Paragraph | Bullets, id_of: IdOf) -> str:
    """Return a paragraph, or a list with a line for each item."""
    if isinstance(shown, Paragraph):
        return guarded(_spans(shown.spans, id_of).strip())
    return "\n".join(f"- {guarded(_one_line(_spans(item, id_of)))}" for item in shown.items)


def _spans(spans: Iterable[Span], id_of: IdOf, inside: frozenset[type] = frozenset()) -> str:
    """The spans in Discord's markup. `inside` has the kinds of marks that are open around them."""
    out = ""
    # Neighbours of a kind are joined, because Discord would read two marks of a kind that touch as one broken mark.
    for kind, run in groupby(spans, type):
        if kind is Text:
            piece = _escaped("".join(span.text for span in run if isinstance(span, Text)))
        elif kind in (Bold, Italic):
            inner = _spans(
                (one for span in run if isinstance(span, Bold | Italic) for one in span.spans), id_of, inside | {kind}
            )
            piece = inner if kind in inside else _marked(inner, "**" if kind is Bold else "_")
        else:
            piece = "".join(_reference(span, id_of) for span in run)
        # Discord reads a mark only if no letter touches it, so an invisible joiner is put between them.
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
    """The text between two marks. Whitespace at its ends is moved outside, because Discord reads no mark beside it."""
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
    """The text with a backslash before each character that Discord could read as markup, mention, emoji or link."""
    return _SPECIAL.sub(r"\\\g<0>", _BREAKS.sub("\n", text))


def guarded(words: str) -> str:
    """Return the text with a backslash before characters that begin a list or small print at the start of a line."""
    return _LINE_START.sub(lambda m: f"{m[1]}\\{m[2]}" if m[2] else f"{m[1]}{m[3]}\\{m[4]}", words)


def seen(content: str) -> str:
    """Return the text of a message as members see it, without our marks and backslashes."""
    return _MARKUP.sub(r"\1", content)


def line(text: str) -> str:
    """Return the text, escaped and in one line."""
    return _one_line(_escaped(text))


def _one_line(words: str) -> str:
    return words.replace("\n", " ").strip()
