"""`match`: classifies questions, one `{"text": …}` a line on standard input; prints the results as JSON lines."""

import argparse
import io
import json
import sys
import time
from collections.abc import Callable, Iterable
from typing import TextIO

from bot.config import settings
from bot.core.model import Match
from bot.matching.matcher import Matcher
from bot.runtime.content import matcher_of, open_content


def main(_: argparse.Namespace) -> int:
    """0 after the last line.

    Raises:
        ConfigError, ContentError: the settings or the content cannot be used.
    """
    given = settings()
    content = open_content(given)
    matcher = matcher_of(lambda: content.edition.catalog, given.folders[0])
    matcher.warm()  # so that the first question is timed like the others
    # UTF-8, whatever the console has; and no lines where standard input is closed.
    lines = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", errors="replace") if sys.stdin else ()
    match_jsonl(lines, sys.stdout, matcher, time.perf_counter)
    return 0


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
