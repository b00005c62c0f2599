"""Questions that found no answer, kept for whoever writes answers, if the operator asks for it. Its law: the words and
nothing else: not who asked, not where, not when.
"""

import json
import logging
import os
from pathlib import Path
from typing import Final, final

from bot.core.guard import normalise

_log = logging.getLogger(__name__)

LARGEST: Final = 10_000_000  # bytes; what comes later is not kept, so that no flood of questions fills the disk


@final
class QuestionLog:
    """Appends to the file at `path`, one JSON string a line, each cut to 500 characters; only its owner may read it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._told = False

    def note(self, text: str) -> None:
        """Keep the question. A file that cannot be written is told once, and never stands in an answer's way."""
        try:
            file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(file, "ab") as out:
                if out.tell() < LARGEST:
                    out.write(json.dumps(normalise(text), ensure_ascii=False).encode() + b"\n")
        except OSError as error:
            if not self._told:
                _log.error("unanswered questions cannot be kept in %s: %s", self._path, error.strerror)
            self._told = True
