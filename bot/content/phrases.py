"""Finds the phrases of duties.yaml in texts.

A phrase is words with blanks between them. `a/b` is either word, `word?` may be left out, `*` stands for any letters,
`…` for up to four other words of the sentence, and `^` for the beginning of a sentence or of a part behind a comma. In
a language that writes no blanks between words, `…` is up to eight characters. Case, apostrophes and hyphens make no
difference.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import pairwise
from typing import final

# Every sign that ends a sentence becomes a full stop, and every other sign that may stand before `^` a comma.
_FOLDED = (
    {"ё": "е", "ı": "i", "'": "", "’": "", "`": "", "-": " ", "‑": " ", "_": " "}
    | dict.fromkeys("!?:;\n•。।؟", ".")
    | dict.fromkeys("—–“«(、،¡¿", ",")
)
_TO_FOLD = re.compile(f"[{re.escape(''.join(_FOLDED))}]")
_WORD = re.compile(r"\w+")


def folded(text: str) -> str:
    """The text as phrases are compared with it: small letters, one form of each sign, no apostrophes."""
    plain = unicodedata.normalize("NFKC", text.replace("İ", "i")).casefold()
    return _TO_FOLD.sub(lambda sign: _FOLDED[sign[0]], plain)


@final
class _Phrase:
    """One phrase. Few are ever needed as a pattern, so it is compiled at its first use."""

    def __init__(self, phrase: str, together: bool) -> None:
        self.phrase, self._together = phrase, together
        self._tokens = phrase.replace("…", " … ").replace("^", " ^ ").split()
        self.size = (len(self._tokens), max(map(len, phrase.split("/"))))
        self.needed = list[list[str]]()  # of each list, a text with the phrase has at least one part
        for token in self._tokens:
            if token not in "^…" and not token.endswith("?") and "*" not in token:
                words = [folded(word) for word in token.split("/")]
                firsts = [word[:2] if together else "".join(_WORD.findall(word)[:1]) for word in words]
                if all(firsts):
                    self.needed.append(firsts)
        self.needed.sort(key=lambda firsts: sum(2.0 ** -len(first) for first in firsts))  # the rarest words first

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The phrase as a regular expression over folded texts."""
        gap = "[^.]{0,8}?" if self._together else r"(?:[^\w.]+\w+){0,4}?[^\w.]+"
        blank = " ?" if self._together else r"[^\w.]+"
        before, after = ("", "") if self._together else (r"(?<!\w)", r"(?!\w)")
        made = ""
        for token in self._tokens:
            if token == "^":
                made, before = r"(?:^|[.,]\s*)", ""
            elif token == "…":
                before = gap
            else:
                words = (re.escape(folded(word)).replace(r"\*", r"\w*") for word in token.rstrip("?").split("/"))
                word = f"{before}(?:{'|'.join(words)})"
                made += f"(?:{word})?" if token.endswith("?") else word
                before = blank
        return re.compile(made + after)


@final
class Phrases:
    """A list of phrases; `together` means that the language writes no blanks between words."""

    def __init__(self, phrases: Iterable[str], together: bool) -> None:
        self.phrases = tuple(phrases)
        self._together = together
        self._longest_first = sorted((_Phrase(one, together) for one in self.phrases), key=lambda one: one.size)[::-1]
        self._by_part: dict[str, list[int]] = defaultdict(list)  # one that needs nothing is below ""
        for number, phrase in enumerate(self._longest_first):
            for part in phrase.needed[0] if phrase.needed else ("",):
                self._by_part[part].append(number)

    def found(self, text: str) -> Iterator[tuple[str, re.Match[str]]]:
        """Each phrase in the folded text, with its place."""
        for phrase in self._candidates(text):
            for found in phrase.pattern.finditer(text):
                yield phrase.phrase, found

    def without(self, text: str) -> str:
        """The folded text with the phrases taken out, the longest first."""
        for phrase in self._candidates(text):
            text = phrase.pattern.sub("\0", text)
        return text

    def _candidates(self, text: str) -> list[_Phrase]:
        """The phrases that may be in the folded text, by its words; where there are no blanks between words by its
        characters and pairs of them.
        """
        parts = {"", *text, *map("".join, pairwise(text))} if self._together else {"", *_WORD.findall(text)}
        near = {number for part in self._by_part.keys() & parts for number in self._by_part[part]}
        phrases = [self._longest_first[number] for number in sorted(near)]
        return [one for one in phrases if not any(parts.isdisjoint(firsts) for firsts in one.needed)]
