"""Reads typed words: which command is meant, however it is spelled, and what stands behind it.

Every function takes any text, never raises on it, and takes time linear in its length.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

from bot.core.normalise import fold, normalise

Read = Callable[[str], tuple[str, str]]
"""Splits the words behind a slash into a command and the words behind that."""

SLASHES: Final = "/／⁄∕⧸╱"
_LONGEST: Final = 240  # characters in which a command's name is looked for
_NO_LETTER = re.compile(r"[^a-z0-9]+")
_MENTION = re.compile(r"[^\s@]*@([A-Za-z0-9_]+)")
_KEPT: Final = frozenset(f"{SLASHES}\"'#%&*@\\¡¿")  # signs that may begin what somebody says
_UNSEEN: Final = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Mn", "Me"})  # categories of blanks and of invisible signs
_BETWEEN: Final = _UNSEEN | {"Pc", "Pd", "Po"}  # with underscores, dashes and punctuation


def spelling(name: str) -> str:
    """What all spellings of a name share: its letters and digits, in lower case and without accents."""
    if name.isascii():
        return _NO_LETTER.sub("", name.lower())
    return "".join(sign for sign in fold(normalise(name)) if sign.isalnum())


def visible(text: str, dropped: frozenset[str] = _UNSEEN) -> str:
    """The text without blanks around it and invisible characters before it, or characters of other `dropped` kinds."""
    between = (sign not in _KEPT and unicodedata.category(sign) in dropped for sign in text)
    return text[next((place for place, one in enumerate(between) if not one), len(text)) :].rstrip()


def said(text: str) -> str:
    """The same without punctuation before it: what stands behind a name, as in `/ask: what is it?`."""
    return visible(text, _BETWEEN)


def command(text: str) -> str | None:
    """What stands behind the slash that the text begins with; None if it begins with none, or no word follows it."""
    behind = text.lstrip(SLASHES)
    return behind if behind != text and (not behind or spelling(behind[0])) else None


def addressed(words: str, name: str) -> str | None:
    """The words behind a slash without `@name`, or None if they address another bot: `/help@other_bot`."""
    found = _MENTION.match(words)
    if found and found[1].casefold() != name.casefold():
        return None
    return re.sub(rf"(?<=\w)@{re.escape(name)}(?![A-Za-z0-9_])", "", words, count=1, flags=re.IGNORECASE)


def read(words: str, names: Mapping[str, str]) -> tuple[str, str]:
    """The command whose name the words begin with, and the words behind it. `names` has the commands by `spelling`.

    The longest name wins: `red vs green` is more than `red`. A name ends where a word does, and nowhere
    inside of `words_with_underscores`: that may be another bot's command. Without any name, it is the first word.
    """
    spelled, inside, found = "", False, ("", 0)
    head = words[:_LONGEST]
    for place, sign in enumerate(head):
        letters = spelling(sign)
        spelled += letters
        inside = bool(letters) or (inside and _is_mark(sign))
        if inside and _ends(sign, words[place + 1 : _LONGEST + 1].lstrip("_")[:1]) and (name := names.get(spelled)):
            found = name, place + 1
    if found[1]:
        return found[0], said(words[found[1] :])
    first = head.split(None, 1)[0] if head.strip() else ""
    return first, said(words.lstrip()[len(first) :])


def _ends(sign: str, following: str) -> bool:
    """Whether a word may end between these characters; Chinese, Japanese and Korean go without a blank."""
    if not following.isalnum():
        return not following or not _is_mark(following)
    return sign.isascii() and following > "\u2e7f"


def _is_mark(sign: str) -> bool:
    """Whether it stands above, below or around the letter before it, as an accent does."""
    return unicodedata.category(sign).startswith("M")
