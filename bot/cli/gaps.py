"""`gaps`: groups similar questions in the question log, which has those that got no answer."""

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import log
from pathlib import Path

from bot.cli.problems import tell
from bot.config import load_settings
from bot.core.catalog import Catalog, Entry, Page
from bot.core.normalise import fold, normalise, undisguised
from bot.core.spans import Paragraph, flatten
from bot.matching.matcher import Matcher
from bot.matching.untrained import cosine
from bot.runtime.content_setup import matcher_of, read_content

LIKE = 0.55
"""The cosine similarity to a group's first question from which on a question belongs to the group."""


@dataclass
class Gap:
    """A group of similar questions, the explainer nearest to the first, and how often they were asked per language."""

    questions: list[str]
    nearest: str
    languages: Counter[str] = field(default_factory=Counter)


_NONE: tuple[Gap | None, float] = (None, 0.0)


def language_guesser(catalog: Catalog) -> Callable[[str], str]:
    """Return a function that guesses in which of the catalog's languages a text is written.

    It compares the sequences of one to three letters with those of the catalog's texts, with and without accents.
    """
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
    """Yield every sequence of one, two and three letters of the text."""
    spaced = f" {text.casefold()} "
    return (spaced[at : at + size] for size in (1, 2, 3) for at in range(len(spaced) - size + 1))


def gaps(asked: Iterable[str], matcher: Matcher, language: Callable[[str], str]) -> list[Gap]:
    """Return the questions in groups, the largest first. `language` returns the language of a question.

    Blocks for about 30 ms per different question.
    """
    counts = Counter(undisguised(normalise(text)) for text in asked)
    groups: list[tuple[Gap, Mapping[int, float]]] = []
    for text, times in counts.most_common():
        profile = matcher.engine.profile(text)
        gap, like = max(((gap, cosine(profile, other)) for gap, other in groups), key=lambda one: one[1], default=_NONE)
        if gap is None or like < LIKE:
            nearest = matcher.match_now(text).suggestions
            gap = Gap([], nearest[0].command if nearest else "")
            groups.append((gap, profile))
        gap.questions.append(text)
        gap.languages[language(text)] += times
    return sorted((gap for gap, _ in groups), key=lambda gap: -gap.languages.total())


def main(options: argparse.Namespace) -> int:
    """Print the groups. Returns 0, or 1 if there is no question log or it cannot be read."""
    settings = load_settings()
    file = options.file or settings.question_log
    if file is None:
        tell("There is no question log. Set QUESTION_LOG to a file and run the bot for a while, or name a file.")
        return 1
    try:
        asked = list(_questions(file))[-options.newest :]
    except OSError as error:
        tell(f"{file} cannot be read ({error.strerror}). Name a question log that the bot wrote.")
        return 1
    catalog = read_content(*settings.folders)
    groups = gaps(asked, matcher_of(lambda: catalog, settings.folders[0]), language_guesser(catalog))
    for gap in groups[: options.most]:
        languages = ", ".join(f"{tag} {times}" for tag, times in gap.languages.most_common())
        print(f"{gap.languages.total():>5}  {languages}; nearest: /{gap.nearest}")
        print("".join(f"       {question}\n" for question in gap.questions[:3]))
    print(f"{len(asked)} questions without an answer in {len(groups)} groups.")
    return 0


def _questions(file: Path) -> Iterator[str]:
    """Yield the questions in the log. Skips lines that a crash left incomplete."""
    with file.open("rb") as lines:
        for line in lines:
            try:
                question = json.loads(line)
            except ValueError:
                continue
            if isinstance(question, str):
                yield question
