"""Telegram's own words about a call it refuses, made fit for a log. Its law: they are one short line of plain letters,
without what anybody wrote, is called or is numbered by.
"""

import re
from typing import Final

LONGEST: Final = 120  # characters
_QUOTED: Final = re.compile(r"[\"“”„«»`][^\"“”„«»`]*(?:[\"“”„«»`]|$)")
_NAMED: Final = re.compile(r"://|@|t\.me/|\d{5,}")  # a word with that is an address, a handle or an id
_ODD: Final = re.compile(r"[^A-Za-z0-9 _.,:;()'/=-]+")


def bounded(words: str) -> str:
    """The words as far as they are Telegram's own; what they quote, name or number is left out."""
    own = _QUOTED.sub(" ", words[: 8 * LONGEST]).split()
    plain = _ODD.sub(" ", " ".join(word for word in own if not _NAMED.search(word)))
    line = " ".join(plain.split()) or "refused without a word"
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
