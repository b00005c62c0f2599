"""Normalises texts for comparison: limits their length, and removes invisible characters and disguises.

Every function takes time linear in the length of its text and never raises.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

LONGEST = 500
"""The number of characters that `normalise` keeps by default."""

LONGEST_READ = 4_200
"""The number of characters that are read of a text; no message on either platform is longer."""

_MOST_MARKS = 30
"""The number of combining marks in a row that are kept, as in Unicode's stream-safe format (UAX #15). Putting a longer
run in order takes time quadratic in its length."""

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_WHITESPACE = re.compile(r"[\t-\r]")
_NO_DECOMPOSITION = dict(zip(map(ord, "ıđłø’`´"), "idlo'''", strict=True))  # characters that NFD does not split

# Letters of other scripts that look like one of a-z, from Unicode's list of confusables.
_LOOKS_LIKE = str.maketrans(
    "αаьᏏⲥсᏟԁᏧеҽքցһհᏂιіꙇӏᎥϳјⲓոռοσⲟоօρⲣрԛգզᴦⲅгᎱѕᏚυսνѵᏙѡԝաᎳхγуүᏃᎪβвᏴᎠεᎬϝԍᏀᏳηⲏнᎻᎫκⲕкᏦⳑᏞμϻⲙмᎷⲛᏢᎡᏒտᏕτⲧтᎢᏔχⲭⲩᎩᎽζ",
    "aabbcccddeefghhhiiiiijjlnnooooopppqqqrrrrssuuvvvwwwwxyyyzabbbdeefggghhhhjkkkkllmmmmmnprrssttttwxxyyyz",
)
# Variants of the letters a-z: small capitals and similar forms, and letters in boxes.
_SHAPES = str.maketrans(
    "ɑƅꬲꬵꞙẝɡᶃƍɩꬽꭇꭈƽꞟꭎꭒʋɯɣᶌỿꭚᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ",
    "abefffgggiorrsuuuuwyyyyabcdefghijklmnopqrstuvwyz",
) | {first + at: 97 + at for first in (0x1F150, 0x1F170, 0x1F1E6) for at in range(26)}
_CYRILLIC = str.maketrans("abcehikmoptxy", "авсенікмортху")
_DIGITS = str.maketrans("01345780@$", "oieastboas")

_WORD = re.compile(r"[^\W\d_]{1,40}")
_STOPPED = re.compile(r"(?<!\w)[^\W_](?:[.\-_*·|~+/][^\W_]){2,40}(?!\w)")
_SPACED = re.compile(r"(?<!\w)[^\W_](?: [^\W_]){2,80}(?!\w)")
_DIGITS_FOR_LETTERS = re.compile(r"\b(?=[a-z]{0,9}[0134578])(?=[0134578]{0,9}[a-z])[a-z0134578]{2,20}\b")
_GENUINE = re.compile(r"[\u0370-\u058f]")  # Greek, Cyrillic or Armenian; searched once the look-alikes are gone
_NOT_RUSSIAN = re.compile(r"[\u0452-\u052f]")
_HAN_APART = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
_LATIN = r"a-zA-Z\u00aa\u00ba\u00c0-\u017f\u01a0\u01a1\u01af\u01b0\u0218-\u021b\u1e9e\u1ea0-\u1ef9"
_MODERN = {
    "LATIN": _LATIN,
    "CYRILLIC": r"\u0400-\u045f\u0490\u0491",
    "CJK": r"\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff",
}
"""The letters of today's languages, by script. The other Latin and Cyrillic letters are phonetic, turned or historical,
and are used for disguises."""
SCRIPTS = tuple(_MODERN)
_FEW = 2
"""From this number of words that mix letters and digits, a text counts as disguised. A single one may be a name, such
as web3."""


def normalise(text: str, longest: int = LONGEST) -> str:
    """Return the text in NFKC with single spaces, without control, zero-width, surrogate or unassigned characters.

    The result has at most `longest` characters; a longer text keeps its beginning and its end.
    """
    safe = _few_marks(_visible(shorten_middle(text, LONGEST_READ)))
    composed = shorten_middle(unicodedata.normalize("NFKC", safe), LONGEST_READ)
    return shorten_middle(" ".join(_visible(composed).split()), longest)


def fold(text: str) -> str:
    """Return the text in lower case and without accents, for comparison."""
    if text.isascii():
        return text.lower().translate(_NO_DECOMPOSITION)
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(char for char in decomposed if unicodedata.category(char) != "Mn").translate(_NO_DECOMPOSITION)


def undisguised(text: str) -> str:
    """Return a normalised text in lower case, without disguises: s p a c e d letters, look-alike letters, d1g1ts."""
    plain = _HAN_APART.sub("", text.casefold().translate(_SHAPES))
    latin = _is_latin(plain)
    plain = _WORD.sub(lambda word: _one_script(word[0], latin), plain)
    plain = _STOPPED.sub(lambda run: re.sub(r"[^\w]|_", "", run[0]), plain)
    plain = _SPACED.sub(lambda run: _one_script(run[0].replace(" ", ""), latin), plain)
    if len(_DIGITS_FOR_LETTERS.findall(plain)) >= _FEW:
        plain = plain.translate(_DIGITS)
    return plain


def _is_latin(text: str) -> bool:
    """Tell whether a text is Latin apart from a few letters of other scripts that look like Latin ones."""
    few = 2 * sum(char > "\u036f" for char in text) < sum("a" <= char <= "z" for char in text)
    return few and not _GENUINE.search(text.translate(_LOOKS_LIKE))


def _one_script(word: str, latin: bool) -> str:
    """Write the word in a single script.

    It becomes Latin if all its letters look Latin and it mixes scripts, belongs to a `latin` text or has Cyrillic
    letters that Russian lacks. A word with genuine Russian letters becomes Cyrillic if it mixes in Latin ones.
    """
    as_latin = word.translate(_LOOKS_LIKE)
    mixed = not word.isascii() and any("a" <= char <= "z" for char in word)
    if as_latin.isascii():
        return as_latin if mixed or latin or _NOT_RUSSIAN.search(word) else word
    return word.translate(_CYRILLIC) if mixed and any("а" <= char <= "я" for char in word) else word


def foreign_letter(text: str, scripts: Iterable[str] = SCRIPTS) -> str | None:
    """Return the first letter that is neither Latin nor of one of the scripts, or None. Braille counts as letters.

    A script is named by the word with which Unicode begins the names of its letters: GREEK, HANGUL.
    """
    others = tuple(script for script in scripts if script not in _MODERN)
    foreign = _foreign_letters(frozenset(scripts)).findall(text)
    letters = (char for char in foreign if char.isalpha() or "\u2800" <= char <= "\u28ff")
    return next((char for char in letters if not (others and unicodedata.name(char, "").startswith(others))), None)


@cache
def _foreign_letters(scripts: frozenset[str]) -> re.Pattern[str]:
    """Return a pattern for every character that may be such a letter; it also matches other scripts' digits."""
    own = _LATIN + "".join(_MODERN.get(script, "") for script in scripts)
    return re.compile(rf"(?![{own}])\w|[\u2800-\u28ff]")


def shorten_middle(text: str, longest: int) -> str:
    """Return the text, shortened to `longest` characters: its beginning and its end with a space between them."""
    if len(text) <= longest:
        return text
    half = longest // 2
    return f"{text[: longest - half]} {text[-(half - 1) :]}" if half > 1 else text[:longest]


def _few_marks(text: str) -> str:
    if text.isascii() or not any(map(unicodedata.combining, text)):
        return text
    run, chars = 0, list[str]()
    for char in text:
        run = run + 1 if unicodedata.combining(char) else 0
        if run <= _MOST_MARKS:
            chars.append(char)
    return "".join(chars)


def _visible(text: str) -> str:
    if text.isprintable():  # a fast path for nearly every text: no whitespace but the space, and nothing invisible
        return text
    spaced = _WHITESPACE.sub(" ", text)
    return "".join(char for char in spaced if unicodedata.category(char) not in _INVISIBLE)
