"""`match`: classifies questions, one `{"text": …}` a line on standard input; prints the results as JSON lines."""

import argparse
import io
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator

from bot.config import settings
from bot.matching.matcher import Matcher
from bot.runtime.content import matcher_of, open_content


def main(_: argparse.Namespace) -> int:
    """0 after the last line."""
    given = settings()
    content = open_content(given)
    matcher = matcher_of(lambda: content.edition.catalog, given.folders[0])
    matcher.warm()  # so that the first question is timed like the others
    # UTF-8, whatever the console has; and no lines where standard input is closed.
    lines = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", errors="replace") if sys.stdin else ()
    for answer in answers(lines, matcher, time.perf_counter):
        print(answer, flush=True)
    return 0


def answers(rows: Iterable[str], matcher: Matcher, clock: Callable[[], float]) -> Iterator[str]:
    """For each `{"text": …}` line an outcome, a command or null, three suggestions, a score and milliseconds, as JSON.

    A line that is no such object is read as plain text. `clock` gives seconds.
    """
    for row in filter(str.strip, rows):
        try:
            kept = json.loads(row)
        except (ValueError, RecursionError):
            kept = None
        text, start = str(kept["text"]) if isinstance(kept, dict) and "text" in kept else row, clock()
        found = matcher.match_now(text)
        answer = {
            "outcome": found.outcome.value,
            "command": found.command,
            "suggestions": [suggestion.command for suggestion in found.suggestions],
            "score": round(found.score, 4),
            "ms": round((clock() - start) * 1000, 2),
        }
        yield json.dumps(answer)
