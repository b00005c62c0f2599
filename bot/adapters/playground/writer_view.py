"""The part of the page for writers: each answer with its facts, the characters it has left, and how it looks."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from bot.adapters.playground.preview import room
from bot.adapters.playground.views import View, message
from bot.core.buttons import Rating
from bot.core.catalog import LONGEST, Entry, Language, length
from bot.core.community import RatingCount
from bot.core.model import Risk
from bot.core.sealed_catalog import SealedCatalog
from bot.core.spans import Paragraph, flatten

_SENTENCE = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])|\n+")
_WORD = re.compile(r"[^\W\d_]{4,}")
_STEM = 5  # words are compared by their first letters, so that "decides" equals "decide"

_Line = tuple[int, str]
"""The index of a block, and one of its sentences."""


def explainer_rows(edition: SealedCatalog, language: Language, ratings: Sequence[RatingCount]) -> list[View]:
    """Return a row for each explainer, in the menu's order, with its ratings in its language. `room` has the number of
    characters that it has left: by the rule for all answers, and on each platform with the loudest warning.
    """
    rows = []
    rated = {(one.command, one.locale, one.rating): one.times for one in ratings}
    for name in edition.catalog.explainers:
        entry = edition.catalog.entry(name, language)
        reply = edition.explainer(name, language, Risk.HIGH)
        if entry is None or reply is None:
            continue
        row = {
            "command": name,
            "locale": entry.locale,
            "file": entry.file,
            "title": entry.title,
            "risk": entry.risk.name.lower(),
            "section": entry.source.section,
            "checked": entry.source.checked.isoformat(),
            "review_by": entry.review_by and entry.review_by.isoformat(),
            "ratings": {one.value: rated.get((name, entry.locale, one), 0) for one in Rating},
            "room": {"rule": LONGEST - length(entry)} | room(reply),
        }
        rows.append(row)
    return rows


def explainer_details(edition: SealedCatalog, command: str, language: Language) -> View | None:
    """Return one explainer: its sentences, each with the facts that it states, and how it looks in each language and
    with each level of the warning. None if there is no such explainer.
    """
    catalog = edition.catalog
    entry, original = catalog.entry(command, language), catalog.default.entries.get(command)
    if entry is None or original is None:
        return None
    lines = list(_lines(entry))
    places = _places(original, catalog.claims) if entry is original else _translated(original, lines, catalog.claims)
    written = [one for one in catalog.languages.values() if command in one.entries]
    return {
        "lines": [
            {
                "text": text,
                "facts": [{"id": id_, "claim": catalog.claims[id_]} for id_, at in places.items() if at == n],
            }
            for n, (_, text) in enumerate(lines)
        ],
        "untranslated": [one.name for one in catalog.languages.values() if one not in written],
        "languages": {one.name: _shown(edition, command, one, Risk.GENERAL) for one in written},
        "levels": {risk.name.lower(): _shown(edition, command, language, risk) for risk in Risk},
    }


def _shown(edition: SealedCatalog, command: str, language: Language, risk: Risk) -> View | None:
    reply = edition.explainer(command, language, risk)
    return reply and message(reply, shared=False)


def _lines(entry: Entry) -> Iterator[_Line]:
    """The sentences of summary and body."""
    for number, block in enumerate((Paragraph(entry.summary), *entry.body)):
        yield from ((number, one) for one in _SENTENCE.split(flatten((block,))) if one.strip("• "))


def _places(entry: Entry, claims: Mapping[str, str]) -> dict[str, int]:
    """The index of the sentence that shares most words with the claim, for each fact."""
    lines = [_stems(text) for _, text in _lines(entry)]
    places = {}
    for fact in entry.facts:
        scores = [_likeness(line, _stems(claims[fact])) for line in lines]
        places[fact] = scores.index(max(scores))
    return places


def _translated(original: Entry, lines: Sequence[_Line], claims: Mapping[str, str]) -> dict[str, int]:
    """The same for a translation. Its blocks and sentences are in the same order as those of the original."""
    originals, translations = _blocks(list(_lines(original))), _blocks(lines)
    places = {}
    for fact, at in _places(original, claims).items():
        block = max(one for one, (start, _) in enumerate(originals) if start <= at)
        start, number = originals[block]
        new_start, new_number = translations[min(block, len(translations) - 1)]
        places[fact] = new_start + (at - start) * new_number // number
    return places


def _blocks(lines: Sequence[_Line]) -> list[tuple[int, int]]:
    """The index of each block's first sentence, and the number of its sentences."""
    groups = [list(group) for _, group in groupby(range(len(lines)), key=lambda n: lines[n][0])]
    return [(group[0], len(group)) for group in groups]


def _stems(text: str) -> set[str]:
    return {word[:_STEM].casefold() for word in _WORD.findall(text)}


def _likeness(ours: set[str], theirs: set[str]) -> float:
    return len(ours & theirs) / (len(ours) + 3)
