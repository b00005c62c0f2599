"""Checks the moderators' own line of a greeting: no link, no mention, no advice."""

import re
from collections.abc import Callable

from bot.core.errors import BadInput
from bot.core.markup import FULL_STOPS
from bot.core.normalise import normalise

NAMES = "{names}"  # the only placeholder, allowed once: several times the names would not fit a message
LONGEST_LINE = 240  # characters
READY = ("1", "2", "3")  # a line that is one of these numbers stands for the language's ready line of that number

_CHINESE = "[\u2e80-\u9fff]"
_MENTION = re.compile(r"@\w|<[@#&]|(?<!\w)@(?=\S)")
_LINK = re.compile(
    r"(?i)\w:/|//|\bwww\.|\]\s*\(|\b(?:mailto|tel|tg|ton|javascript):"
    r"|[^\W_]\.(?:[^\W\d_]{2,}|xn--)"  # discord.gg, t.me, example.рф
    rf"|(?!{_CHINESE})[^\W_][{FULL_STOPS}](?!{_CHINESE})[^\W\d_]{{2,}}"  # example。network, but no end of a sentence
    r"|\b\d{1,3}(?:\.\d{1,3}){3}\b"
)


def checked(line: str, fault: Callable[[str], str | None]) -> str:
    """The line as it is stored: one line without invisible characters. `fault` gives the part of it that advises,
    urges, promises or weakens the warning (the matcher's `fault_in_line`); it may block for some milliseconds.

    Raises:
        BadInput: it is too long, or has a link, a mention, advice, an unknown placeholder or the known one twice, or
            is a number without a ready line.
    """
    if len(line) > LONGEST_LINE:
        raise BadInput("welcome-message-too-long", {"limit": LONGEST_LINE})
    kept = normalise(line, LONGEST_LINE)
    bare, named = kept.replace(NAMES, " "), kept.replace(NAMES, "Ada")
    if not kept or "{" in bare or "}" in bare or kept.count(NAMES) > 1:
        raise BadInput("welcome-message-placeholder")
    if kept.isdecimal() and kept not in READY:
        raise BadInput("welcome-ready")
    if _LINK.search(named):
        raise BadInput("welcome-message-link")
    if _MENTION.search(named):
        raise BadInput("welcome-message-mention")
    if fault(bare):
        raise BadInput("welcome-message-advice")
    return kept
