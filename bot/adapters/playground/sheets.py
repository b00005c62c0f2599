"""The writer's side of the page: every answer with what it rests on, the room that is left, and how it looks."""

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
_STEM = 5  # letters by which words are compared, so that "decides" is like "decide"

_Line = tuple[int, str]
"""A sentence, with the number of its block."""


def sheets(edition: SealedCatalog, language: Language, ratings: Sequence[RatingCount]) -> list[View]:
    """A row for every explainer, in the menu's order, with how it was rated in its language. `room` are the characters
    that may still be added: by the rule for all answers, and on each platform under the longest warning.
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


def sheet(edition: SealedCatalog, command: str, language: Language) -> View | None:
    """One explainer: its sentences, each with the facts it bears, and how it looks in every language and under every
    level of the warning. None if there is none.
    """
    catalog = edition.catalog
    entry, original = catalog.entry(command, language), catalog.default.entries.get(command)
    if entry is None or original is None:
        return None
    lines = list(_lines(entry))
    places = _places(original, catalog.claims) if entry is original else _moved(original, lines, catalog.claims)
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
    """For each fact the number of the sentence that shares most words with its claim."""
    lines = [_stems(text) for _, text in _lines(entry)]
    places = {}
    for fact in entry.facts:
        alike = [_likeness(line, _stems(claims[fact])) for line in lines]
        places[fact] = alike.index(max(alike))
    return places


def _moved(original: Entry, lines: Sequence[_Line], claims: Mapping[str, str]) -> dict[str, int]:
    """The same for a translation, whose blocks and sentences follow each other as in English."""
    ours, theirs = _starts(list(_lines(original))), _starts(lines)
    places = {}
    for fact, at in _places(original, claims).items():
        block = max(one for one, (start, _) in enumerate(ours) if start <= at)
        start, many = ours[block]
        begin, count = theirs[min(block, len(theirs) - 1)]
        places[fact] = begin + (at - start) * count // many
    return places


def _starts(lines: Sequence[_Line]) -> list[tuple[int, int]]:
    """For each block the number of its first sentence, and how many it has."""
    numbers = [list(group) for _, group in groupby(range(len(lines)), key=lambda n: lines[n][0])]
    return [(group[0], len(group)) for group in numbers]


def _stems(text: str) -> set[str]:
    return {word[:_STEM].casefold() for word in _WORD.findall(text)}


def _likeness(ours: set[str], theirs: set[str]) -> float:
    return len(ours & theirs) / (len(ours) + 3)
