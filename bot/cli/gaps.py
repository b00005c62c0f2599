"""`gaps`: groups the questions that got no answer by likeness, from the question log."""

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.cli.problems import tell
from bot.config import settings
from bot.core.normalise import normalise, undisguised
from bot.matching.matcher import Matcher
from bot.matching.untrained import cosine
from bot.runtime.content import matcher_of, read_content

LIKE = 0.55
"""The likeness, as a cosine, from which a question belongs to a group."""

_SIGNS = (
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ru", re.compile(r"[а-яё]")),
    ("vi", re.compile(r"[ăđơưạ-ỹ]")),
    ("tr", re.compile(r"[ğışç]")),
    ("es", re.compile(r"[ñ¿¡áéíóú]")),
)


@dataclass
class Gap:
    """Questions that are alike, with how often each language was used and the explainer nearest to the first."""

    questions: list[str]
    nearest: str
    languages: Counter[str] = field(default_factory=Counter)


_NONE: tuple[Gap | None, float] = (None, 0.0)


def language(text: str) -> str:
    """The language that a text's letters show; `en` where nothing shows another, as in Spanish without accents."""
    return next((tag for tag, sign in _SIGNS if sign.search(text.casefold())), "en")


def gaps(asked: Iterable[str], matcher: Matcher) -> list[Gap]:
    """The questions in groups, the largest first. Blocking: some 30 ms for each different question."""
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
    """0 after the list; 1 when there is no question log or it cannot be read.

    Raises:
        ConfigError, ContentError: the settings or the content cannot be used.
    """
    file = options.file or settings().question_log
    if file is None:
        tell("There is no question log: set QUESTION_LOG to a file and let the bot run for a while, or name a file.")
        return 1
    try:
        asked = list(_questions(file))[-options.newest :]
    except OSError as error:
        tell(f"{file}: {error.strerror}. Name a file that the bot wrote as its question log.")
        return 1
    catalog = read_content(settings().responses_dir)
    found = gaps(asked, matcher_of(lambda: catalog, settings().responses_dir))
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
