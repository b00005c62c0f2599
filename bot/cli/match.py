"""`match`: matches the questions on standard input, one `{"text": …}` per line, and prints results as JSON lines."""

import argparse
import io
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator

from bot.config import load_settings
from bot.matching.matcher import Matcher
from bot.runtime.content_setup import matcher_of, open_content


def main(_: argparse.Namespace) -> int:
    """Answer each line of standard input. Returns 0 at its end."""
    settings = load_settings()
    content = open_content(settings)
    matcher = matcher_of(lambda: content.edition.catalog, settings.folders[0])
    matcher.warm()  # so that the first question is timed like the others
    # Always UTF-8, independent of the console. No lines if standard input is closed.
    lines = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", errors="replace") if sys.stdin else ()
    for answer in answers(lines, matcher, time.perf_counter):
        print(answer, flush=True)
    return 0


def answers(rows: Iterable[str], matcher: Matcher, clock: Callable[[], float]) -> Iterator[str]:
    """Yield JSON with an outcome, a command or null, three suggestions, a score and milliseconds for each line.

    A line that is not a `{"text": …}` object is read as plain text. `clock` returns seconds.
    """
    for row in filter(str.strip, rows):
        try:
            value = json.loads(row)
        except (ValueError, RecursionError):
            value = None
        text, start = str(value["text"]) if isinstance(value, dict) and "text" in value else row, clock()
        found = matcher.match_now(text)
        answer = {
            "outcome": found.outcome.value,
            "command": found.command,
            "suggestions": [suggestion.command for suggestion in found.suggestions],
            "score": round(found.score, 4),
            "ms": round((clock() - start) * 1000, 2),
        }
        yield json.dumps(answer)
