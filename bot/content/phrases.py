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
from typing import final

_STOPS = r".!?:;\n•…。！？：；"
_START = rf"(?:^|[{_STOPS}—–“«(（,，、¡¿]\s*)"
_FOLDING = str.maketrans({"ё": "е", "ı": "i", "'": None, "’": None, "`": None, "-": " ", "‑": " ", "_": " "})
_STOP = re.compile(rf"[{_STOPS}]")
_WORD = re.compile(r"\w+")


def folded(text: str) -> str:
    """The text as phrases are compared with it: small letters, compatible signs the same, no apostrophes."""
    return unicodedata.normalize("NFKC", text.replace("İ", "i")).casefold().translate(_FOLDING)


def _parts(text: str, together: bool) -> list[str]:
    """The words of a folded text; the characters where there are no blanks between words."""
    return list(text) if together else _WORD.findall(text)


@final
class _Phrase:
    """One phrase. Few are ever needed as a pattern, so it is compiled at its first use."""

    def __init__(self, phrase: str, together: bool) -> None:
        self._tokens, self._together = phrase.replace("…", " … ").replace("^", " ^ ").split(), together
        needed = [token for token in self._tokens if token not in "^…" and not token.endswith("?")]
        self._needed = [[folded(word) for word in token.split("/")] for token in needed]

    def size(self) -> tuple[int, int]:
        """The number of its parts, and the length of its longest word."""
        return len(self._tokens), max(map(len, "/".join(self._tokens).split("/")))

    def keys(self) -> list[str]:
        """Parts of a text (see `_parts`) of which a text with the phrase has at least one; empty if that is unknown."""
        best = list[str]()
        for words in self._needed:
            firsts = [part for word in words if "*" not in word for part in _parts(word, self._together)[:1]]
            if len(firsts) == len(words) and (not best or len(firsts) < len(best)):
                best = firsts
        return best

    def possible(self, text: str) -> bool:
        """Whether the text has a word for each part of the phrase."""
        for words in self._needed:
            for word in words:
                if word.replace("*", "") in text:
                    break
            else:
                return False
        return True

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The phrase as a regular expression over folded texts."""
        gap = rf"[^{_STOPS}]{{0,8}}?" if self._together else rf"(?:[^\w{_STOPS}]+\w+){{0,4}}?[^\w{_STOPS}]+"
        blank = " ?" if self._together else rf"[^\w{_STOPS}]+"
        made, before = "", ""
        for token in self._tokens:
            if token == "^":
                made, before = _START, ""
            elif token == "…":
                before = gap
            else:
                words = [re.escape(folded(word)).replace(r"\*", r"\w*") for word in token.rstrip("?").split("/")]
                edge = ("", "") if self._together else (r"(?<!\w)", r"(?!\w)")
                word = f"{edge[0]}(?:{'|'.join(words)}){edge[1]}"
                made += f"(?:{before}{word})?" if token.endswith("?") else before + word
                before = blank
        return re.compile(made)


@final
class Phrases:
    """A list of phrases; `together` means that the language writes no blanks between words."""

    def __init__(self, phrases: Iterable[str], together: bool) -> None:
        self.phrases = tuple(phrases)
        self._together = together
        self._longest_first = sorted((_Phrase(one, together) for one in self.phrases), key=_Phrase.size, reverse=True)
        self._anywhere = list[int]()
        self._by_part: dict[str, list[int]] = defaultdict(list)
        for number, phrase in enumerate(self._longest_first):
            for part in (keys := phrase.keys()):
                self._by_part[part].append(number)
            if not keys:
                self._anywhere.append(number)

    def found(self, text: str) -> Iterator[re.Match[str]]:
        """Each place of the folded text where one of the phrases is."""
        for phrase in self._candidates(text):
            yield from phrase.pattern.finditer(text)

    def without(self, text: str) -> str:
        """The folded text with the phrases taken out, the longest first."""
        for phrase in self._candidates(text):
            text = phrase.pattern.sub("\0", text)
        return text

    def _candidates(self, text: str) -> list[_Phrase]:
        near = set(self._anywhere)
        for part in self._by_part.keys() & set(_parts(text, self._together)):
            near.update(self._by_part[part])
        phrases = (self._longest_first[number] for number in sorted(near))
        return [phrase for phrase in phrases if phrase.possible(text)]


def around(text: str, found: re.Match[str]) -> tuple[str, str]:
    """What is before and after the place in the same sentence."""
    return _STOP.split(text[: found.start()])[-1], _STOP.split(text[found.end() :])[0]
