"""Where a text ends in a clause of its own, which may ask for something else than all that stands before it.

Its one law: a clause is handed on only if it is long enough to be understood alone.
"""

from __future__ import annotations

import re

_BETWEEN = re.compile(r"(?<=[?.!:;—。])\s*|,? (?:and|or|but|y|и|ve|và) |, |(?<=[\u4e00-\u9fff]),")
_WORDS, _SIGNS = 4, 5  # how much of a clause is enough; Chinese has no spaces between words
_LONGEST = 100  # characters of its end that are heard, so that a second look costs no more than the first
_HAN = re.compile(r"[\u4e00-\u9fff]")


def last_clause(text: str) -> str | None:
    """The last clause of a normalised text, or as many of its last ones as say enough together; None if that is all
    of it."""
    starts = [gap.end() for gap in _BETWEEN.finditer(text)]
    tails = (text[start:] for start in reversed(starts) if start)
    return next((tail[-_LONGEST:] for tail in tails if _says_enough(tail)), None)


def _says_enough(tail: str) -> bool:
    return len(tail.split()) >= _WORDS or len(_HAN.findall(tail)) >= _SIGNS
