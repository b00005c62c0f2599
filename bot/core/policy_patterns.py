"""Patterns that decide for a policy reply before the classifier is asked. Their words are content.

A pattern must match no honest question: what is doubtful is left to the classifier.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.model import Outcome
from bot.core.normalise import fold


@dataclass(frozen=True, slots=True)
class PolicyPattern:
    """A pattern for folded texts, and the outcome (scam, advice or price) of those it matches."""

    name: str
    outcome: Outcome
    pattern: re.Pattern[str]


def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern compiled for folded texts: without accents and in lower case.

    Raises:
        ValueError: it is no regular expression, or one whose time could grow faster than the text.
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
    """The first pattern that matches somewhere in the text, or None."""
    folded = fold(text)
    return next((one for one in patterns if one.pattern.search(folded)), None)
