"""Phrases as writers note them in duties.yaml, and how a text is searched for them.

A phrase is words with blanks between them. `a/b` is either word, `word?` may be left out, `*` stands for any letters,
`…` for up to four other words of the sentence, and `^` for the beginning of a sentence or of a part behind a comma. In
a language that writes its words together, `…` is up to eight signs. Case, apostrophes and hyphens make no difference.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import final

_STOPS = r".!?:;\n•…。！？：；"
_START = rf"(?:^|[{_STOPS}—–“«(（,，、¡¿]\s*)"
_FOLDING = str.maketrans({"ё": "е", "ı": "i", "'": None, "’": None, "`": None, "-": " ", "‑": " ", "_": " "})
_STOP = re.compile(rf"[{_STOPS}]")
_NOTHING = "(?!)"


def folded(text: str) -> str:
    """The text as phrases are compared with it: small letters, compatible signs the same, no apostrophes."""
    return unicodedata.normalize("NFKC", text.replace("İ", "i")).casefold().translate(_FOLDING)


@final
class Phrases:
    """A list of phrases, compiled; `together` tells that the language writes no blanks between words."""

    def __init__(self, phrases: Iterable[str], together: bool) -> None:
        self.phrases = tuple(phrases)
        self._together = together
        patterns = sorted(map(self._compiled, self.phrases), key=len, reverse=True)
        whole = "|".join(patterns) or _NOTHING
        self._pattern = re.compile(whole if together else rf"(?:{whole})(?!\w)")

    def found(self, text: str) -> Iterator[re.Match[str]]:
        """Each place of the folded text where one of the phrases stands."""
        return self._pattern.finditer(text)

    def without(self, text: str) -> str:
        """The folded text with the phrases taken out."""
        return self._pattern.sub("\0", text)

    def _compiled(self, phrase: str) -> str:
        gap = rf"[^{_STOPS}]{{0,8}}?" if self._together else rf"(?:[^\w{_STOPS}]+\w+){{0,4}}?[^\w{_STOPS}]+"
        blank = " ?" if self._together else rf"[^\w{_STOPS}]+"
        made, before = "", ""
        for token in phrase.replace("…", " … ").replace("^", " ^ ").split():
            if token == "^":
                made, before = _START, ""
            elif token == "…":
                before = gap
            else:
                words = "|".join(
                    re.escape(word).replace(r"\*", r"\w*") for word in folded(token.rstrip("?")).split("/")
                )
                word = rf"(?:{words})" if self._together else rf"(?<!\w)(?:{words})(?!\w)"
                made += rf"(?:{before}{word})?" if token.endswith("?") else before + word
                before = blank
        return made


def around(text: str, found: re.Match[str]) -> tuple[str, str]:
    """What stands before and behind the place in the same sentence."""
    return _STOP.split(text[: found.start()])[-1], _STOP.split(text[found.end() :])[0]
