"""How the command line tells what is wrong: on standard error, without a traceback."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bot.core.errors import ContentError


class Failed(Exception):
    """The command cannot go on; the reason was told already."""


def tell(text: str) -> None:
    """A line for the person at the terminal."""
    print(text, file=sys.stderr)


@contextmanager
def told_content_errors() -> Iterator[None]:
    """List the problems of the content, and turn them into `Failed`."""
    try:
        yield
    except ContentError as error:
        for problem in error.problems:
            tell(str(problem))
        count = len(error.problems)
        tell(f"{count} problem{'s' if count != 1 else ''} in the content.")
        raise Failed from error
