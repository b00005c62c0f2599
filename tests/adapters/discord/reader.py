"""A small reader of Discord's markdown, written apart from the renderer: what a message would look like on a screen.

It is stricter than the app: whatever might be taken for markup, a mention or a link counts as such.
"""

import re
from dataclasses import dataclass, field

_INLINE = re.compile(
    r"\\(?P<escaped>[^0-9A-Za-z\s])"
    r"|(?P<code>`+)"
    r"|(?P<spoiler>\|\|)"
    r"|(?P<strike>~~)"
    r"|(?P<bold>\*\*)"
    r"|(?P<under>__)"
    r"|(?P<italic>[*_])"
    r"|(?P<mention><(?:@[!&]?|\#|/[^>]*:)\d+>|@(?:everyone|here))"
    r"|(?P<emoji><a?:\w+:\d+>|:[^\s:]+:)"
    r"|(?P<time><t:-?\d+(?::[a-zA-Z])?>)"
    r"|(?P<guide><id:\w+>)"
    r"|(?P<masked>\[[^\]]*\]\()"
    r"|(?P<link>[A-Za-z][A-Za-z0-9+.-]*://\S|\bwww\.\S|\b(?:discord\.gg|discord\.com)/|<[^\s>]+@[^\s>]+>|<\+\d+>)",
    re.IGNORECASE,
)
_BLOCK = re.compile(
    r"^[^\S\n]*(?:(?P<heading>#{1,3})[^\S\n]|(?P<small>-#)[^\S\n]|(?P<quote>>(?:>>)?)(?:[^\S\n]|$)"
    r"|(?P<bullet>[-+*])[^\S\n]|(?P<number>\d+[.)])[^\S\n])"
)


@dataclass
class Screen:
    """What is seen: the words, and every kind of markup that was met, in order."""

    words: str = ""
    marks: list[str] = field(default_factory=list)


def read(content: str) -> Screen:
    """The message as it would be seen; block markup is read at the start of every line."""
    screen, lines = Screen(), []
    for line in re.split("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", content):
        block = _BLOCK.match(line)
        rest = line
        if block:
            screen.marks.append(str(block.lastgroup))
            rest = line[block.end() :]
        lines.append(_inline(rest, screen.marks))
    screen.words = "\n".join(lines)
    return screen


def _inline(line: str, marks: list[str]) -> str:
    out, end = "", 0
    for token in _INLINE.finditer(line):
        out += line[end : token.start()]
        end = token.end()
        if token["escaped"]:
            out += token["escaped"]
        else:
            marks.append(str(token.lastgroup))
            out += token[0] if token.lastgroup in ("mention", "emoji", "time", "guide", "masked", "link") else ""
    return out + line[end:]
