"""Groups the questions that found no answer by likeness, so that a writer sees what is missing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.core.normalise import normalise, undisguised
from bot.matching.matcher import Matcher
from bot.matching.untrained import cosine

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
