"""Where a text ends in a clause of its own, which may ask for something else than all that stands before it.

Its one law: a clause is handed on only if it is long enough to be understood alone.
"""

from __future__ import annotations

import re

_BETWEEN = re.compile(r"(?<=[?.!:;—？。，！])\s*|,? (?:and|or|but|y|и|ve|và) |, ")
_WORDS, _SIGNS = 4, 5  # how much of a clause is enough; Chinese has no spaces between words
_LONGEST = 100  # characters of its end that are heard, so that a second look costs no more than the first
_HAN = re.compile(r"[\u4e00-\u9fff]")


def last_clause(text: str) -> str | None:
    """The last of several clauses of a normalised text; None if there is one alone, or the last says too little."""
    clauses = [clause for clause in _BETWEEN.split(text) if clause.strip()]
    if len(clauses) < 2:
        return None
    last = clauses[-1][-_LONGEST:]
    return last if len(last.split()) >= _WORDS or len(_HAN.findall(last)) >= _SIGNS else None
