"""Does an answer say only what the article says? Its law: a number or date needs a cited fact that has it, and a name
needs its row in source.yaml; when in doubt the check refuses and the writer decides.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import final

from bot.core.catalog import Language
from bot.core.model import Entry, Page
from bot.core.spans import Body, Paragraph, flatten, walk

_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_WORD = re.compile(r"[^\W\d_][^\W_]*(?:[-&.][^\W_]+)*")
_START = re.compile(r"(?:^|[.!?…:;。！？：；]['”’»)]?\s+|\n|[“«(‘¿¡]|•\s*|—\s*)$")
_BEFORE = 20  # characters before a word that tell whether it begins a sentence
_NUMBER_WORDS = {
    "en": "two three four five six seven eight nine ten eleven twelve dozen twenty thirty forty fifty sixty seventy "
    "eighty ninety hundred thousand million billion trillion percent january february april june july august "
    "september october november december monday tuesday wednesday thursday friday saturday sunday",
    "es": "dos tres cuatro cinco seis siete ocho nueve diez once doce veinte treinta cuarenta cincuenta cien ciento "
    "mil millón millones enero febrero abril junio julio agosto septiembre octubre noviembre diciembre",
    "ru": "два две три четыре пять шесть семь восемь девять десять двадцать тридцать сорок пятьдесят сто тысяча "
    "миллион миллиард январь февраль март апрель июнь июль август сентябрь октябрь ноябрь декабрь",
    "tr": "iki üç dört beş altı yedi sekiz dokuz yirmi otuz kırk elli altmış yetmiş seksen doksan yüzde milyon milyar "
    "ocak şubat nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "vi": "trăm nghìn ngàn triệu tỷ",
    "zh": "",
}


@final
class FactCheck:
    """Holds texts of one language against the facts they cite and the names of the article.

    A capital at the beginning of a sentence is no name if the word stands in lower case elsewhere; where not all files
    of the language could be used (`whole`), nobody can tell, and it counts as none.
    """

    def __init__(
        self, names: Iterable[str], ordinary: Iterable[str], claims: Mapping[str, str], language: Language, whole: bool
    ) -> None:
        self._whole = whole
        self._names = {part for name in names for part in _WORD.findall(name)}
        self._ordinary = {_folded(word) for word in ordinary}
        self._claims = claims
        self._number_words = set(_folded(_NUMBER_WORDS.get(language.locale, "")).split())
        words = {word for text in _texts(language, claims) for word in _WORD.findall(text)}
        self._lower = {_folded(word) for word in words if word.islower()}

    def wrong(self, text: str, facts: Iterable[str]) -> Iterator[tuple[str, str, str]]:
        """For each number and name that a text citing these facts may not have: it, what is wrong, the remedy."""
        cited = " ".join(self._claims.get(fact, "") for fact in facts)
        for number in dict.fromkeys(_NUMBER.findall(text)):
            if number not in _NUMBER.findall(cited):
                yield number, f"the number “{number}” stands in no cited fact", "Cite the fact, or take it out."
        counting = self._number_words.intersection(_WORD.findall(_folded(text)))
        counting -= counting and set(_WORD.findall(_folded(cited)))
        for word in dict.fromkeys(_WORD.findall(text) if counting else ()):
            if _folded(word) in counting:
                yield word, f"“{word}” is a number or date that no cited fact has", "Cite the fact, or take it out."
        for name in dict.fromkeys(self._strange(text)):
            yield (
                name,
                f"“{name}” reads like a name that the article does not have",
                "Take it out; if it is an ordinary word, add it to ordinary_words in source.yaml.",
            )

    def _strange(self, text: str) -> Iterator[str]:
        for found in _WORD.finditer(text):
            word = found[0]
            if word == word.lower():
                continue
            stem = word.rstrip(".-&")
            if stem in self._names or _folded(stem) in self._ordinary:
                continue
            inner = word[1:] != word[1:].lower()
            before = text[max(0, found.start() - _BEFORE) : found.start()]
            if inner or not _START.search(before) or (self._whole and _folded(stem) not in self._lower):
                yield word


def _folded(word: str) -> str:
    """The word in lower case, Turkish ones too: there İ is the capital of i, and I that of ı."""
    return word.replace("İ", "i").casefold().replace("ı", "i")


def written(summary: Body, body: Body) -> str:
    """The words a reader sees, command names left out: they are no prose."""
    return flatten((*summary, *body), command=lambda _: "")


def _texts(language: Language, claims: Mapping[str, str]) -> Iterator[str]:
    """Every text of the language: a word that stands somewhere in lower case is an ordinary word."""
    things: list[Entry | Page] = [*language.entries.values(), *language.pages.values()]
    for thing in things:
        yield thing.title
        yield written((Paragraph(thing.summary),), thing.body)
    if language.locale == "en":
        yield from claims.values()


def commands_in(body: Body) -> Iterator[str]:
    """The commands a text refers to."""
    for span in walk(body):
        if hasattr(span, "command"):
            yield span.command
