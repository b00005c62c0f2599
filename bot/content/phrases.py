"""Finds the phrases of duties.yaml in texts.

A phrase is a sequence of words separated by spaces. `a/b` matches either word, `word?` may be missing, `*` matches any
letters, `…` up to four other words of the sentence, and `^` the start of a sentence or of a part after a comma. In a
language without spaces between words, `…` matches up to eight characters. Case, apostrophes and hyphens are ignored.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import pairwise
from typing import final

# Characters that end a sentence become a full stop, others after which `^` matches become a comma.
_FOLDED = (
    {"ё": "е", "ı": "i", "'": "", "’": "", "`": "", "-": " ", "‑": " ", "_": " "}
    | dict.fromkeys("!?:;\n•。।؟", ".")
    | dict.fromkeys("—–“«(、،¡¿", ",")
)
_TO_FOLD = re.compile(f"[{re.escape(''.join(_FOLDED))}]")
_WORD = re.compile(r"\w+")


def folded(text: str) -> str:
    """Return the text in the form that is compared with phrases: lower case, uniform punctuation, no apostrophes."""
    plain = unicodedata.normalize("NFKC", text.replace("İ", "i")).casefold()
    return _TO_FOLD.sub(lambda sign: _FOLDED[sign[0]], plain)


@final
class _Phrase:
    """One phrase. Its pattern is compiled at first use, since most are never needed."""

    def __init__(self, phrase: str, together: bool) -> None:
        self.phrase, self._together = phrase, together
        self._tokens = phrase.replace("…", " … ").replace("^", " ^ ").split()
        self.size = (len(self._tokens), max(map(len, phrase.split("/"))))
        self.needed = list[list[str]]()  # a text with the phrase has at least one part of each list
        for token in self._tokens:
            if token not in "^…" and not token.endswith("?") and "*" not in token:
                words = [folded(word) for word in token.split("/")]
                firsts = [word[:2] if together else "".join(_WORD.findall(word)[:1]) for word in words]
                if all(firsts):
                    self.needed.append(firsts)
        self.needed.sort(key=lambda firsts: sum(2.0 ** -len(first) for first in firsts))  # rare (long) words first

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The regular expression that finds the phrase in folded texts."""
        gap = "[^.]{0,8}?" if self._together else r"(?:[^\w.]+\w+){0,4}?[^\w.]+"
        space = " ?" if self._together else r"[^\w.]+"
        before, after = ("", "") if self._together else (r"(?<!\w)", r"(?!\w)")
        pattern = ""
        for token in self._tokens:
            if token == "^":
                pattern, before = r"(?:^|[.,]\s*)", ""
            elif token == "…":
                before = gap
            else:
                words = (re.escape(folded(word)).replace(r"\*", r"\w*") for word in token.rstrip("?").split("/"))
                word = f"{before}(?:{'|'.join(words)})"
                pattern += f"(?:{word})?" if token.endswith("?") else word
                before = space
        return re.compile(pattern + after)


@final
class Phrases:
    """A list of phrases. `together` means that the language has no spaces between words."""

    def __init__(self, phrases: Iterable[str], together: bool) -> None:
        self.phrases = tuple(phrases)
        self._together = together
        self._longest_first = sorted((_Phrase(one, together) for one in self.phrases), key=lambda one: one.size)[::-1]
        self._by_part: dict[str, list[int]] = defaultdict(list)  # "" has the phrases without a needed part
        for number, phrase in enumerate(self._longest_first):
            for part in phrase.needed[0] if phrase.needed else ("",):
                self._by_part[part].append(number)

    def found(self, text: str) -> Iterator[tuple[str, re.Match[str]]]:
        """Yield each phrase in the folded text with its match."""
        for phrase in self._candidates(text):
            for match in phrase.pattern.finditer(text):
                yield phrase.phrase, match

    def without(self, text: str) -> str:
        """Return the folded text without the phrases; the longest are removed first."""
        for phrase in self._candidates(text):
            text = phrase.pattern.sub("\0", text)
        return text

    def _candidates(self, text: str) -> list[_Phrase]:
        """Return the phrases that may be in the folded text, longest first.

        They are looked up by its words, or without spaces between words by its characters and pairs of characters.
        """
        parts = {"", *text, *map("".join, pairwise(text))} if self._together else {"", *_WORD.findall(text)}
        near = {number for part in self._by_part.keys() & parts for number in self._by_part[part]}
        phrases = [self._longest_first[number] for number in sorted(near)]
        return [one for one in phrases if not any(parts.isdisjoint(firsts) for firsts in one.needed)]
