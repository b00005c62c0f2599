"""Prints problems to standard error, without a traceback."""

import sys
from typing import Final

from bot.config import ConfigError
from bot.core.errors import ContentError, StoreError

REASONS: Final = (ConfigError, ContentError, StoreError)
"""The errors that end a command and tell the operator what to do."""


def tell(text: str) -> None:
    """Print a line."""
    print(text, file=sys.stderr)


def reasons(error: Exception) -> str:
    """What is wrong, a line for each problem."""
    if not isinstance(error, ContentError):
        return str(error)
    count = len(error.problems)
    return "\n".join([*map(str, error.problems), f"{count} problem{'s' if count != 1 else ''} in the content."])
