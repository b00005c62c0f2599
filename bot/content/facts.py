"""Checks that an answer states only what the article states.

Each number or date must be in a cited fact, and each name must be listed in source.yaml. When the check cannot tell, it
reports a problem and the writer decides.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, final

from bot.content.schema import FactsFile, SourceFile

_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_WORD = re.compile(r"[^\W\d_][^\W_]*(?:[-&.][^\W_]+)*")
_START = re.compile(r"(?:^|[.!?…:;。！？：；]['”’»)]?\s+|\n|[“«(‘¿¡]|•\s*|—\s*)$")
_BEFORE = 20  # characters before a word that show whether it begins a sentence


UNLISTED: Final = "Remove it, or add it there. If it is an ordinary word, add it to ordinary_words."
"""The remedy for a word that reads like a name and is not listed."""


@final
class FactCheck:
    """Checks texts of one language against the facts they cite and the names of the article.

    Texts of an overlay, given as `over`, cite its facts and may also use its names. `numbers` are the language's words
    for numbers and dates.

    A word counts as a name if it has a capital after its first letter, or if it is capitalised, except:

    - at the start of a sentence, if it is in lower case somewhere in `texts`, all texts of the language, or if `texts`
      is None (for a translation: its names are checked in the original);
    - elsewhere with `nouns`, for a language that capitalises every noun.

    With `nouns`, a capital after a hyphen counts as a first letter. A word of `other_names` in source.yaml always
    counts as a name.
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

    def mistakes(self, text: str, facts: Iterable[str]) -> Iterator[tuple[str, str, str]]:
        """Yield each number and name that a text citing these facts must not have, what is wrong and the remedy."""
        cited = " ".join(self._claims.get(fact, "") for fact in facts)
        for number in dict.fromkeys(_NUMBER.findall(text)):
            if number not in _NUMBER.findall(cited):
                yield number, f"the number “{number}” is in no cited fact", "Cite the fact, or remove the number."
        counting = self._numbers.intersection(_WORD.findall(_folded(text)))
        counting -= counting and set(_WORD.findall(_folded(cited)))
        for word in dict.fromkeys(_WORD.findall(text) if counting else ()):
            if _folded(word) in counting:
                yield word, f"“{word}” is a number or date that no cited fact has", "Cite the fact, or remove it."
        for name in dict.fromkeys(self._unlisted_names(text)):
            yield name, f"“{name}” reads like a name and is not in names of source.yaml", UNLISTED

    def _unlisted_names(self, text: str) -> Iterator[str]:
        """Yield the words that count as names and are not allowed in the text."""
        for match in _WORD.finditer(text):
            word, stem = match[0], match[0].rstrip(".-&")
            if _folded(stem) in self._others:
                yield word
            elif word != word.lower() and stem not in self._names and _folded(stem) not in self._ordinary:
                begins = bool(_START.search(text[max(0, match.start() - _BEFORE) : match.start()]))
                if stem == "I" or (begins and len(stem) == 1 and stem != "X"):  # a word such as A or Я; X is a company
                    continue
                parts = [part for part in word.split("-") if part not in self._names] if self._nouns else [word]
                inner = any(part[1:] != part[1:].lower() for part in parts)
                unknown = self._strict and _folded(stem) not in self._lower if begins else not self._nouns
                if inner or unknown:
                    yield word


def claims_of(source: FactsFile) -> Mapping[str, str]:
    """Return the claim of each fact by the fact's id."""
    return {fact.id: fact.claim for section in source.sections for fact in section.facts}


def _folded(word: str) -> str:
    """Return the word in lower case, with Turkish İ, I and ı all as i."""
    return word.replace("İ", "i").casefold().replace("ı", "i")
