"""`match`: questions on standard input, one `{"text": …}` a line; what each is taken for on standard output."""

import argparse
import sys
import time

from bot.app import matcher_of, shelf_of
from bot.cli.problems import Failed, tell, told_content_errors
from bot.config import ConfigError, settings
from bot.matching.cli import match_jsonl


def main(_: argparse.Namespace) -> int:
    """0 after the last line; 1 when the content or the settings cannot be used."""
    try:
        shelf = shelf_of(settings(), kept=False)
        with told_content_errors():
            shelf.open()
    except ConfigError as error:
        tell(str(error))
        return 1
    except Failed:
        return 1
    matcher = matcher_of(shelf)
    matcher.warm()  # so that the first question is timed like the others
    match_jsonl(sys.stdin, sys.stdout, matcher, time.perf_counter)
    return 0
