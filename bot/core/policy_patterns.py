"""Patterns that lead to a policy reply before the classifier is asked. The patterns themselves are content.

A pattern must not match any honest question; doubtful texts are left to the classifier. RE2 searches in time linear in
the length of the text, so no pattern can block the process.
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
"""The most memory of a compiled pattern, in bytes. It also limits the work per character of a text. The shipped
patterns need a tenth of it."""


@dataclass(frozen=True, slots=True)
class PolicyPattern:
    r"""A pattern for folded texts, and the outcome of the texts that match it: scam, advice or price.

    `pattern` is a compiled RE2 pattern. Its `\b` and `\w` know only ASCII letters.
    """

    name: str
    outcome: Outcome
    pattern: Any


def compiled(pattern: str) -> Any:
    """Compile a pattern with RE2. It is folded first: put into lower case, without accents.

    Raises:
        ValueError: the pattern is not a regular expression, is too large, or has an escape such as `\\W`.
    """
    if escape := re.search(r"\\[A-Z]", pattern):
        raise ValueError(f"“{escape[0]}” would become its opposite in lower case; write it in another way")
    options = re2.Options()
    options.max_mem, options.log_errors = _MOST_MEMORY, False
    try:
        return re2.compile(fold(pattern), options)
    except re2.error as error:
        why = error.args[0] if error.args else error
        raise ValueError(f"is no regular expression: {why.decode() if isinstance(why, bytes) else why}") from error


def first_match(text: str, patterns: Iterable[PolicyPattern]) -> PolicyPattern | None:
    """Return the first pattern that matches anywhere in the normalised text, or None."""
    folded = fold(text)
    return next((one for one in patterns if one.pattern.search(folded)), None)
