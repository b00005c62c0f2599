"""Normalises texts for comparing: bounded, visible characters only, without disguises.

Every function takes time linear in the length of its text, and none raises.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

LONGEST = 500
"""Characters that `normalise` keeps by default."""

LONGEST_READ = 4_200
"""Characters that are read of a text: the longest message of either platform."""

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_BLANK = re.compile(r"[\t-\r]")
_JOINED = {ord("ı"): "i", ord("đ"): "d", ord("ł"): "l", ord("ø"): "o", ord("’"): "'", ord("`"): "'", ord("´"): "'"}

# Letters of other scripts that look like one of a-z, from Unicode's list of confusables.
_LOOKS_LIKE = str.maketrans(
    "αаьᏏⲥсᏟԁᏧеҽքցһհᏂιіꙇӏᎥϳјⲓոռοσⲟоօρⲣрԛգզᴦⲅгᎱѕᏚυսνѵᏙѡԝաᎳхγуүᏃᎪβвᏴᎠεᎬϝԍᏀᏳηⲏнᎻᎫκⲕкᏦⳑᏞμϻⲙмᎷⲛᏢᎡᏒտᏕτⲧтᎢᏔχⲭⲩᎩᎽζ",
    "aabbcccddeefghhhiiiiijjlnnooooopppqqqrrrrssuuvvvwwwwxyyyzabbbdeefggghhhhjkkkkllmmmmmnprrssttttwxxyyyz",
)
# Letters that are another shape of one of a-z: small capitals and the like, and letters in boxes.
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
_WRITTEN = {
    "LATIN": _LATIN,
    "CYRILLIC": r"\u0400-\u045f\u0490\u0491",
    "CJK": r"\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff",
}
"""The letters that languages are written with today, by script. The rest of Latin and Cyrillic is phonetic, turned
or historical, and serves disguises."""
SCRIPTS = tuple(_WRITTEN)
_FEW = 2
"""So many words with letters and digits mean that a text is disguised; a single one may be a name, like web3."""


def normalise(text: str, longest: int = LONGEST) -> str:
    """The text in NFKC, without control, zero-width, surrogate or unassigned characters, with single spaces.

    At most `longest` characters; a longer text keeps its beginning and its end.
    """
    known = ends(unicodedata.normalize("NFKC", _visible(ends(text, LONGEST_READ))), LONGEST_READ)
    return ends(" ".join(_visible(known).split()), longest)


def fold(text: str) -> str:
    """Lower-case without accents, for comparing."""
    if text.isascii():
        return text.lower().translate(_JOINED)
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(char for char in apart if unicodedata.category(char) != "Mn").translate(_JOINED)


def undisguised(text: str) -> str:
    """A normalised text in lower case without disguises: l e t t e r s apart, look-alike letters, d1g1ts."""
    plain = _HAN_APART.sub("", text.casefold().translate(_SHAPES))
    latin = _is_latin(plain)
    plain = _WORD.sub(lambda word: _one_script(word[0], latin), plain)
    plain = _STOPPED.sub(lambda run: re.sub(r"[^\w]|_", "", run[0]), plain)
    plain = _SPACED.sub(lambda run: _one_script(run[0].replace(" ", ""), latin), plain)
    if len(_DIGITS_FOR_LETTERS.findall(plain)) >= _FEW:
        plain = plain.translate(_DIGITS)
    return plain


def _is_latin(text: str) -> bool:
    """Whether the few letters of other scripts in a text all look like Latin ones."""
    few = 2 * sum(char > "\u036f" for char in text) < sum("a" <= char <= "z" for char in text)
    return few and not _GENUINE.search(text.translate(_LOOKS_LIKE))


def _one_script(word: str, latin: bool) -> str:
    """The word in Latin letters where the rest look like those, or in Cyrillic where only some of it is Latin."""
    as_latin = word.translate(_LOOKS_LIKE)
    mixed = not word.isascii() and any("a" <= char <= "z" for char in word)
    if as_latin.isascii():
        return as_latin if mixed or latin or _NOT_RUSSIAN.search(word) else word
    return word.translate(_CYRILLIC) if mixed and any("а" <= char <= "я" for char in word) else word


def foreign_letter(text: str, scripts: Iterable[str] = SCRIPTS) -> str | None:
    """The first letter, Braille included, that is neither Latin nor of those scripts, or None. Scripts are called as
    Unicode begins the names of their letters: GREEK, HANGUL.
    """
    others = tuple(script for script in scripts if script not in _WRITTEN)
    foreign = _foreign_letters(frozenset(scripts)).findall(text)
    letters = (sign for sign in foreign if sign.isalpha() or "\u2800" <= sign <= "\u28ff")
    return next((sign for sign in letters if not (others and unicodedata.name(sign, "").startswith(others))), None)


@cache
def _foreign_letters(scripts: frozenset[str]) -> re.Pattern[str]:
    """Matches every sign that may be such a letter, numbers of other scripts among them."""
    own = _LATIN + "".join(_WRITTEN.get(script, "") for script in scripts)
    return re.compile(rf"(?![{own}])\w|[\u2800-\u28ff]")


def ends(text: str, longest: int) -> str:
    """The text, or its beginning and its end with a gap between where it has more than `longest` characters."""
    if len(text) <= longest:
        return text
    half = longest // 2
    return f"{text[: longest - half]} {text[-(half - 1) :]}" if half > 1 else text[:longest]


def _visible(text: str) -> str:
    if text.isprintable():  # as nearly every text is: it has no other blank than the space, and nothing invisible
        return text
    plain = _BLANK.sub(" ", text)
    return "".join(char for char in plain if unicodedata.category(char) not in _INVISIBLE)
