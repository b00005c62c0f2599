"""Patterns that call for a policy reply whatever the classifier thinks. Their words are content.

A pattern must name a wording that is never an honest wish to learn: what is doubtful is left to the classifier.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import final

from bot.core.model import Outcome
from bot.core.normalise import fold


@final
@dataclass(frozen=True, slots=True)
class PolicyPattern:
    """What to look for in a folded text, and the outcome (scam, advice or price) that it calls for."""

    name: str
    outcome: Outcome
    pattern: re.Pattern[str]


def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern in the form in which texts are compared, without accents and in small letters.

    Raises:
        ValueError: it is no regular expression, or one that could take longer than in proportion to a text's length.
    """
    if endless := re.search(r"(?<!\\)(?:[*+]|\{\d*,\})", pattern):
        raise ValueError(f"“{endless[0]}” has no end; say how often at most, as in {{0,20}}")
    if sign := re.search(r"\\[A-Z]", pattern):
        raise ValueError(f"“{sign[0]}” would become its opposite in small letters; write it in another way")
    try:
        return re.compile(fold(pattern))
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"is no regular expression: {error}") from error


def first_match(text: str, patterns: Iterable[PolicyPattern]) -> PolicyPattern | None:
    """The first pattern that is found in the text, or None."""
    folded = fold(text)
    return next((one for one in patterns if one.pattern.search(folded)), None)
