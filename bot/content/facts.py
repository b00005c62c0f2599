"""Checks that an answer says only what the article says.

A number or date needs a cited fact that has it, and a name needs its row in source.yaml. In doubt the check refuses the
text, and the writer decides.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, final

from bot.content.schema import FactsFile, SourceFile

_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_WORD = re.compile(r"[^\W\d_][^\W_]*(?:[-&.][^\W_]+)*")
_START = re.compile(r"(?:^|[.!?…:;。！？：；]['”’»)]?\s+|\n|[“«(‘¿¡]|•\s*|—\s*)$")
_BEFORE = 20  # characters before a word that show whether it begins a sentence


UNLISTED: Final = "Take it out, or add it there; if it is an ordinary word, add it to ordinary_words."
"""The remedy for a word that reads like a name."""


@final
class FactCheck:
    """Checks texts of one language against the facts they cite and the names of the article. Those of an overlay cite
    its own facts, in `over`, and may have its names too.

    A word with a capital is a name, but for these: with `nouns`, in a language that writes every noun so, a name has
    capitals inside, or inside a part of it between hyphens. At the beginning of a sentence the word is compared with
    `texts`, all texts of the language: it is no name if it is in lower case in one of them. Without texts (in a
    translation, whose names are those of the original) it is none either. What others are called (`other_names`) is a
    name anywhere. `numbers` are the language's words for numbers and dates.
    """

    def __init__(
        self,
        source: SourceFile,
        numbers: str,
        texts: Iterable[str] | None,
        *,
        nouns: bool = False,
        over: FactsFile | None = None,
    ) -> None:
        self._strict, self._nouns = texts is not None, nouns
        self._claims = claims_of(over or source)
        added = {part for name in (over.names if over else ()) for part in _WORD.findall(name)}
        self._names = {part for name in source.names for part in _WORD.findall(name)} | added
        self._others = {_folded(part) for name in source.other_names for part in _WORD.findall(name)}
        self._others -= set(map(_folded, added))
        self._ordinary = {_folded(word) for one in (source, over) if one for word in one.ordinary_words}
        self._numbers = set(_folded(numbers).split())
        words = {word for text in texts or () for word in _WORD.findall(text)}
        self._lower = {_folded(word) for word in words if word.islower()}

    def wrong(self, text: str, facts: Iterable[str]) -> Iterator[tuple[str, str, str]]:
        """For each number and name that a text citing these facts may not have: it, what is wrong, the remedy."""
        cited = " ".join(self._claims.get(fact, "") for fact in facts)
        for number in dict.fromkeys(_NUMBER.findall(text)):
            if number not in _NUMBER.findall(cited):
                yield number, f"the number “{number}” is in no cited fact", "Cite the fact, or take it out."
        counting = self._numbers.intersection(_WORD.findall(_folded(text)))
        counting -= counting and set(_WORD.findall(_folded(cited)))
        for word in dict.fromkeys(_WORD.findall(text) if counting else ()):
            if _folded(word) in counting:
                yield word, f"“{word}” is a number or date that no cited fact has", "Cite the fact, or take it out."
        for name in dict.fromkeys(self._strange(text)):
            yield name, f"“{name}” reads like a name that names in source.yaml does not list", UNLISTED

    def _strange(self, text: str) -> Iterator[str]:
        """The words that read like names which the text may not have."""
        for found in _WORD.finditer(text):
            word, stem = found[0], found[0].rstrip(".-&")
            if _folded(stem) in self._others:
                yield word
            elif word != word.lower() and stem not in self._names and _folded(stem) not in self._ordinary:
                begins = bool(_START.search(text[max(0, found.start() - _BEFORE) : found.start()]))
                if stem == "I" or (begins and len(stem) == 1 and stem != "X"):  # a word such as A or Я; X is a network
                    continue
                parts = [part for part in word.split("-") if part not in self._names] if self._nouns else [word]
                inner = any(part[1:] != part[1:].lower() for part in parts)
                unknown = self._strict and _folded(stem) not in self._lower if begins else not self._nouns
                if inner or unknown:
                    yield word


def claims_of(source: FactsFile) -> Mapping[str, str]:
    """What each fact says, by its id."""
    return {fact.id: fact.claim for section in source.sections for fact in section.facts}


def _folded(word: str) -> str:
    """The word in lower case, Turkish ones too: there İ is the capital of i, and I that of ı."""
    return word.replace("İ", "i").casefold().replace("ı", "i")
