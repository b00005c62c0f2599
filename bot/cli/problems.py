"""Prints problems to standard error, without a traceback."""

import json
import re
import sys
from pathlib import Path
from typing import Final

from bot.config import ConfigError
from bot.content.facts import UNLISTED
from bot.content.languages import is_language
from bot.core.errors import ContentError, StoreError

EXPECTED: Final = (ConfigError, ContentError, StoreError)
"""The errors that end a command with a message for the operator instead of a traceback."""


def tell(text: str) -> None:
    """Print a line to standard error."""
    print(text, file=sys.stderr)


def is_free(folder: Path) -> bool:
    """Return whether the folder is missing or empty. If not, print what to do."""
    if not folder.exists() or not any(folder.iterdir()):
        return True
    tell(f"{folder} is not empty. Name a folder that is empty or does not exist.")
    return False


def is_tag(language: str) -> bool:
    """Return whether that is a language tag. If not, print what to do."""
    if is_language(language):
        return True
    tell(f"Nothing was written. “{language}” is not a language tag. Give one such as de, es or pt-BR.")
    return False


def message(error: Exception) -> str:
    """Return the error's text: for content a line for each problem and their number.

    If several words read like names, a last line has them ready to copy to ordinary_words in source.yaml.
    """
    if not isinstance(error, ContentError):
        return str(error)
    count = len(error.problems)
    lines = [*map(str, error.problems), f"{count} problem{'s' if count != 1 else ''} in the content."]
    unlisted = sorted(
        {word for one in error.problems if one.remedy == UNLISTED for word in re.findall("“(.+?)”", one.what)}
    )
    if len(unlisted) > 1:
        words = json.dumps(unlisted, ensure_ascii=False)[1:-1]
        lines.append(f"If they are ordinary words, add to ordinary_words in source.yaml: {words}")
    return "\n".join(lines)
