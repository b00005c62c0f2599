"""What a text says once its disguise is off: look-alike letters, s p e l l e d out words, d.o.t.s and 1337.

Its one law: it only offers the rules a second reading; the text as it was written is read all the same.
"""

from __future__ import annotations

import re

_LOOKS_LIKE = str.maketrans("аеорсухіѕјԁһвкмнтεοαρνυικτ", "aeopcyxisjdhbkmhteoapvuikt")
_DIGITS = str.maketrans("01345780@$", "oieastbo" + "as")
_MIXED = re.compile(r"\b(?=\w{0,30}[a-z])(?=\w{0,30}[а-яѐ-ӿԁһα-ω])\w{2,30}\b")
_STOPPED = re.compile(r"(?<!\w)[^\W_](?:[.\-_*·|~+][^\W_]){2,40}(?!\w)")
_SPACED = re.compile(r"(?<!\w)[^\W_](?: [^\W_]){4,80}(?!\w)")
_LEET = re.compile(r"\b(?=[a-z]{0,9}[0134578])(?=[0134578]{0,9}[a-z])[a-z0134578]{2,20}\b")
_WORDS = re.compile(
    r"(should|shall|would|worth|you|buy|sell|hold|invest|stake|now|price|predict|today|seed|phrase|"
    r"private|key|ksm|kusama|what|cuanto|vale|comprar|vender|стоит|ли|покупать|продавать|цена|прогноз|fiyat|kac|gia|"
    r"mua|ban)"
)
_ALWAYS = str.maketrans("ѕіјһԁ", "sijhd")
_APART = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
_FEW = 2
"""So many words mixed of letters and digits make a text 1337; one alone is a name, as web3 is."""


def undisguised(read: str) -> str:
    """The folded text with its disguises off; the same text where it wears none. Linear time."""
    plain = _MIXED.sub(lambda word: word[0].translate(_LOOKS_LIKE), _APART.sub("", read)).translate(_ALWAYS)
    plain = _STOPPED.sub(lambda run: re.sub(r"[^\w]|_", "", run[0]), plain)
    plain = _SPACED.sub(_closed, plain)
    if len(_LEET.findall(plain)) >= _FEW:
        plain = plain.translate(_DIGITS)
    return plain


def _closed(run: re.Match[str]) -> str:
    """A run of single letters as words: the known ones are set apart, since the gaps between words are lost."""
    letters = run[0].replace(" ", "")
    latin = len(re.findall("[a-z]", letters)) * 2 > len(letters)
    return " ".join(_WORDS.sub(r" \1 ", letters.translate(_LOOKS_LIKE) if latin else letters).split())
