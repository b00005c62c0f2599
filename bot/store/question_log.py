"""An optional file of questions that found no answer, for the writers of explainers. It holds only the text of each
question: not who asked it, where or when.
"""

import errno
import json
import logging
import os
from io import FileIO
from pathlib import Path
from typing import Final, final

from bot.core.normalise import normalise
from bot.store.files import make_private, why_unsafe

_log = logging.getLogger(__name__)

LARGEST: Final = 10_000_000  # bytes; so that a flood of questions cannot fill the disk
# Do not follow a symbolic link to another file, and do not block on a pipe without a reader.
_POSIX: Final = 0 if os.name == "nt" else os.O_NOFOLLOW | os.O_NONBLOCK
_FLAGS: Final = os.O_WRONLY | os.O_APPEND | os.O_CREAT | _POSIX


@final
class QuestionLog:
    """Appends questions to the file at `path`, readable only by its owner.

    Each line is a JSON string, cut to 500 characters. Nothing is appended once the file has 10 MB.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._warned_of: set[str] = set()
        self._failing = False

    def note(self, text: str) -> None:
        """Append a question, whole or not at all. Never raises; logs only the first of consecutive failures."""
        line = json.dumps(normalise(text), ensure_ascii=False).encode() + b"\n"
        try:
            with self._opened() as out:
                end = os.fstat(out.fileno()).st_size
                if end < LARGEST and out.write(line) < len(line):
                    out.truncate(end)  # else the next question would be appended to half a line
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError as error:
            link = error.errno == errno.ELOOP
            why = "it is a symbolic link; name the file itself" if link else error.strerror
            if not self._failing:
                _log.error("unanswered questions cannot be written to %s: %s", self._path, why)
            self._failing = True
        else:
            if self._failing:
                _log.info("unanswered questions are written to %s again", self._path)
            self._failing = False

    def _opened(self) -> FileIO:
        out = FileIO(os.open(self._path, _FLAGS, 0o600), "ab")
        if fault := why_unsafe(os.fstat(out.fileno())):
            out.close()
            raise OSError(errno.EINVAL, fault)
        for sentence in make_private(self._path, out.fileno()):
            if sentence not in self._warned_of:
                self._warned_of.add(sentence)
                _log.warning("%s", sentence)
        return out
