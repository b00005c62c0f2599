"""`match`: classifies questions, one `{"text": …}` a line on standard input; prints the results as JSON lines."""

import argparse
import io
import sys
import time

from bot.config import settings
from bot.matching.cli import match_jsonl
from bot.runtime.content import matcher_of, open_content


def main(_: argparse.Namespace) -> int:
    """0 after the last line.

    Raises:
        ConfigError, ContentError: the settings or the content cannot be used.
    """
    given = settings()
    content = open_content(given)
    matcher = matcher_of(lambda: content.edition.catalog, given.responses_dir)
    matcher.warm()  # so that the first question is timed like the others
    # UTF-8, whatever the console has; and no lines where standard input is closed.
    lines = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", errors="replace") if sys.stdin else ()
    match_jsonl(lines, sys.stdout, matcher, time.perf_counter)
    return 0
