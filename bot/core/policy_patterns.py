"""Patterns that decide for a policy reply before the classifier is asked. Their words are content.

A pattern must match no honest question: what is doubtful is left to the classifier.
RE2 searches in time linear in the length of the text, so no pattern can hold the process.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import re2

from bot.core.model import Outcome
from bot.core.normalise import fold

_MOST_MEMORY = 1 << 20
"""Bytes one compiled pattern may take. It bounds the steps a character costs; the shipped ones need a tenth of it."""


@dataclass(frozen=True, slots=True)
class PolicyPattern:
    r"""A pattern for folded texts, and the outcome (scam, advice or price) of those it matches.

    `pattern` is a compiled RE2 pattern: its `\b` and `\w` know only ASCII letters.
    """

    name: str
    outcome: Outcome
    pattern: Any


def compiled(pattern: str) -> Any:
    """The pattern compiled by RE2 for folded texts: without accents and in lower case.

    Raises:
        ValueError: it is no regular expression, or one that is too large.
    """
    if sign := re.search(r"\\[A-Z]", pattern):
        raise ValueError(f"“{sign[0]}” would become its opposite in small letters; write it in another way")
    options = re2.Options()
    options.max_mem, options.log_errors = _MOST_MEMORY, False
    try:
        return re2.compile(fold(pattern), options)
    except re2.error as error:
        why = error.args[0] if error.args else error
        raise ValueError(f"is no regular expression: {why.decode() if isinstance(why, bytes) else why}") from error


def first_match(text: str, patterns: Iterable[PolicyPattern]) -> PolicyPattern | None:
    """The first pattern that matches somewhere in the normalised text, or None."""
    folded = fold(text)
    return next((one for one in patterns if one.pattern.search(folded)), None)
