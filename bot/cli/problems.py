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

REASONS: Final = (ConfigError, ContentError, StoreError)
"""The errors that end a command and tell the operator what to do."""


def tell(text: str) -> None:
    """Print a line."""
    print(text, file=sys.stderr)


def is_free(folder: Path) -> bool:
    """Whether the folder is missing or empty; says what to do where it is not."""
    if not folder.exists() or not any(folder.iterdir()):
        return True
    tell(f"{folder} is not empty. Name a folder that does not exist yet.")
    return False


def is_tag(language: str) -> bool:
    """Whether that is a language's tag; says what to do where it is not."""
    if is_language(language):
        return True
    tell(f"Nothing was written. “{language}” is no language's tag; write one such as de, es or pt-BR.")
    return False


def reasons(error: Exception) -> str:
    """What is wrong, a line for each problem; at last, of several words that read like names, one to copy."""
    if not isinstance(error, ContentError):
        return str(error)
    count = len(error.problems)
    lines = [*map(str, error.problems), f"{count} problem{'s' if count != 1 else ''} in the content."]
    strange = sorted(
        {word for one in error.problems if one.remedy == UNLISTED for word in re.findall("“(.+?)”", one.what)}
    )
    if len(strange) > 1:
        words = json.dumps(strange, ensure_ascii=False)[1:-1]
        lines.append(f"If they are ordinary words, add to ordinary_words in source.yaml: {words}")
    return "\n".join(lines)
