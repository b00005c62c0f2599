"""Finds the command in a typed text, in any spelling, and the words after it.

Every function accepts any text without raising, and takes time linear in its length.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

from bot.core.normalise import fold, normalise

SplitCommand = Callable[[str], tuple[str, str]]
"""Splits the words after a slash into a command and the words after that."""

SLASHES: Final = "/／⁄∕⧸╱"
_LONGEST: Final = 240  # characters that are searched for a command's name
_NO_LETTER = re.compile(r"[^a-z0-9]+")
_MENTION = re.compile(r"[^\s@]*@([A-Za-z0-9_]+)")
_NEVER_DROPPED: Final = frozenset(f"{SLASHES}\"'#%&*@\\¡¿")  # characters that may begin a command or a question
_INVISIBLE: Final = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Mn", "Me"})  # categories of invisible characters
_SEPARATORS: Final = _INVISIBLE | {"Pc", "Pd", "Po"}  # and of underscores, dashes and punctuation


def spelling(name: str) -> str:
    """Return what all spellings of a name have in common: its letters and digits, in lower case, without accents."""
    if name.isascii():
        return _NO_LETTER.sub("", name.lower())
    return "".join(char for char in fold(normalise(name)) if char.isalnum())


def visible(text: str, dropped: frozenset[str] = _INVISIBLE) -> str:
    """Remove spaces from both ends of the text, and characters of the Unicode categories `dropped` from its start."""
    drops = (char not in _NEVER_DROPPED and unicodedata.category(char) in dropped for char in text)
    return text[next((index for index, drop in enumerate(drops) if not drop), len(text)) :].rstrip()


def without_separators(text: str) -> str:
    """Remove spaces from both ends of the text, and punctuation from its start, as after the name in `/ask: what?`."""
    return visible(text, _SEPARATORS)


def after_slash(text: str) -> str | None:
    """Return what follows the slash at the start of the text.

    None if the text does not begin with a slash, or if something other than a word follows.
    """
    rest = text.lstrip(SLASHES)
    return rest if rest != text and (not rest or spelling(rest[0])) else None


def addressed(words: str, name: str) -> str | None:
    """Remove `@name` from the words after a slash; None if they address another bot, as in `/help@other_bot`."""
    mention = _MENTION.match(words)
    if mention and mention[1].casefold() != name.casefold():
        return None
    return re.sub(rf"(?<=\w)@{re.escape(name)}(?![A-Za-z0-9_])", "", words, count=1, flags=re.IGNORECASE)


def split_command(words: str, names: Mapping[str, str]) -> tuple[str, str]:
    """Return the command whose name the words begin with, and the words after it.

    `names` maps the `spelling` of each name to its command. The longest name wins: `red vs green` before `red`. A name
    must end at the end of a word, and not within `words_with_underscores`, which may be another bot's command. If the
    words begin with no name, the first word is returned as the command.
    """
    spelled, in_word, command, end = "", False, "", 0
    head = words[:_LONGEST]
    for index, char in enumerate(head):
        letters = spelling(char)
        spelled += letters
        in_word = bool(letters) or (in_word and _is_mark(char))
        if in_word and _ends(char, words[index + 1 : _LONGEST + 1].lstrip("_")[:1]) and (name := names.get(spelled)):
            command, end = name, index + 1
    if end:
        return command, without_separators(words[end:])
    first = head.split(None, 1)[0] if head.strip() else ""
    return first, without_separators(words.lstrip()[len(first) :])


def _ends(char: str, following: str) -> bool:
    """Tell whether a word may end between these characters.

    A Latin word may be followed by Chinese, Japanese or Korean without a space.
    """
    if not following.isalnum():
        return not following or not _is_mark(following)
    return char.isascii() and following > "\u2e7f"


def _is_mark(char: str) -> bool:
    """Tell whether the character combines with the one before it, as an accent does."""
    return unicodedata.category(char).startswith("M")
