"""`gaps`: groups the questions that got no answer by likeness, from the question log."""

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import log
from pathlib import Path

from bot.cli.problems import tell
from bot.config import settings
from bot.core.catalog import Catalog, Entry, Page
from bot.core.normalise import fold, normalise, undisguised
from bot.core.spans import Paragraph, flatten
from bot.matching.matcher import Matcher
from bot.matching.untrained import cosine
from bot.runtime.content import matcher_of, read_content

LIKE = 0.55
"""The likeness, as a cosine, from which a question belongs to a group."""


@dataclass
class Gap:
    """Questions that are alike, with how often each language was used and the explainer nearest to the first."""

    questions: list[str]
    nearest: str
    languages: Counter[str] = field(default_factory=Counter)


_NONE: tuple[Gap | None, float] = (None, 0.0)


def written(catalog: Catalog) -> Callable[[str], str]:
    """A function that says in which of the catalog's languages a text is written, by the letters of their texts, with
    and without accents."""
    known = {}
    for locale, language in catalog.languages.items():
        things: list[Entry | Page] = [*language.entries.values(), *language.pages.values()]
        texts = [text for thing in things for text in _texts(thing)]
        known[locale] = Counter(run for text in (*texts, *map(fold, texts)) for run in _runs(text))
    different = len(set().union(*known.values()))

    def likeness(text: str, counts: Counter[str]) -> float:
        among = counts.total() + different
        return sum(log((counts[run] + 1) / among) for run in _runs(text))

    return lambda text: max(known, key=lambda locale: likeness(text, known[locale]))


def _texts(one: Entry | Page) -> tuple[str, ...]:
    return one.title, flatten((Paragraph(one.summary),)), flatten(one.body, command=lambda _: "")


def _runs(text: str) -> Iterator[str]:
    """Each letter of the text, and each two and three in a row."""
    spaced = f" {text.casefold()} "
    return (spaced[at : at + size] for size in (1, 2, 3) for at in range(len(spaced) - size + 1))


def gaps(asked: Iterable[str], matcher: Matcher, language: Callable[[str], str]) -> list[Gap]:
    """The questions in groups, the largest first; `language` says in which one a question is written. Blocking: some
    30 ms for each different question.
    """
    often = Counter(undisguised(normalise(text)) for text in asked)
    found: list[tuple[Gap, Mapping[int, float]]] = []
    for text, times in often.most_common():
        profile = matcher.engine.profile(text)
        gap, like = max(((gap, cosine(profile, other)) for gap, other in found), key=lambda one: one[1], default=_NONE)
        if gap is None or like < LIKE:
            nearest = matcher.match_now(text).suggestions
            gap = Gap([], nearest[0].command if nearest else "")
            found.append((gap, profile))
        gap.questions.append(text)
        gap.languages[language(text)] += times
    return sorted((gap for gap, _ in found), key=lambda gap: -gap.languages.total())


def main(options: argparse.Namespace) -> int:
    """0 after the list; 1 when there is no question log or it cannot be read."""
    given = settings()
    file = options.file or given.question_log
    if file is None:
        tell("There is no question log: set QUESTION_LOG to a file and let the bot run for a while, or name a file.")
        return 1
    try:
        asked = list(_questions(file))[-options.newest :]
    except OSError as error:
        tell(f"{file}: {error.strerror}. Name a file that the bot wrote as its question log.")
        return 1
    catalog = read_content(*given.folders)
    found = gaps(asked, matcher_of(lambda: catalog, given.folders[0]), written(catalog))
    for gap in found[: options.most]:
        languages = ", ".join(f"{tag} {times}" for tag, times in gap.languages.most_common())
        print(f"{gap.languages.total():>5}  {languages}; nearest: /{gap.nearest}")
        print("".join(f"       {question}\n" for question in gap.questions[:3]))
    print(f"{len(asked)} questions without an answer in {len(found)} groups.")
    return 0


def _questions(file: Path) -> Iterator[str]:
    """The log's questions; a line that was cut short by a crash is left out."""
    with file.open("rb") as lines:
        for line in lines:
            try:
                question = json.loads(line)
            except ValueError:
                continue
            if isinstance(question, str):
                yield question
