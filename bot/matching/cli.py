"""Questions by the line: JSON in, JSON out, for whoever judges the matching.

Standard output has one object a line and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TextIO

from bot.core.model import Match
from bot.matching.matcher import Matcher


def match_jsonl(rows: Iterable[str], out: TextIO, matcher: Matcher, clock: Callable[[], float]) -> int:
    """Answer each `{"text": …}` line with an outcome, a command or null, three suggestions, a score and milliseconds.

    A line that is no such object is read as plain text. `clock` gives seconds. Returns how many were answered.
    """
    answered = 0
    for row in rows:
        if not row.strip():
            continue
        text, start = _text(row), clock()
        found = matcher.match_now(text)
        out.write(_line(found, (clock() - start) * 1000))
        out.flush()
        answered += 1
    return answered


def _text(row: str) -> str:
    try:
        kept = json.loads(row)
    except (ValueError, RecursionError):
        return row
    return str(kept["text"]) if isinstance(kept, dict) and "text" in kept else row


def _line(found: Match, took: float) -> str:
    kept = {
        "outcome": found.outcome.value,
        "command": found.command,
        "suggestions": [suggestion.command for suggestion in found.suggestions],
        "score": round(found.score, 4),
        "ms": round(took, 2),
    }
    return json.dumps(kept) + "\n"
