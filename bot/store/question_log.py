"""A file of the questions that found no answer, for writers, if the operator wants it. It holds the words alone: not
who asked, not where, not when.
"""

import errno
import json
import logging
import os
from io import FileIO
from pathlib import Path
from typing import Final, final

from bot.core.normalise import normalise
from bot.store.files import fault_in, tighten

_log = logging.getLogger(__name__)

LARGEST: Final = 10_000_000  # bytes; a flood of questions must not fill the disk
# Do not follow a symbolic link into another file, and do not wait for a pipe's reader.
_POSIX: Final = 0 if os.name == "nt" else os.O_NOFOLLOW | os.O_NONBLOCK
_FLAGS: Final = os.O_WRONLY | os.O_APPEND | os.O_CREAT | _POSIX


@final
class QuestionLog:
    """Appends to the file at `path`, one JSON string a line, each cut to 500 characters; only its owner may read it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._told: set[str] = set()
        self._fails = False

    def note(self, text: str) -> None:
        """Append the question, or nothing of it. That the file cannot be written is logged once until it can."""
        line = json.dumps(normalise(text), ensure_ascii=False).encode() + b"\n"
        try:
            with self._opened() as out:
                end = os.fstat(out.fileno()).st_size
                if end < LARGEST and out.write(line) < len(line):  # the next line would be added to half of this one
                    out.truncate(end)
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError as error:
            link = error.errno == errno.ELOOP
            why = "it is a symbolic link; name the file itself" if link else error.strerror
            if not self._fails:
                _log.error("unanswered questions cannot be kept in %s: %s", self._path, why)
            self._fails = True
        else:
            if self._fails:
                _log.info("unanswered questions are kept in %s again", self._path)
            self._fails = False

    def _opened(self) -> FileIO:
        out = FileIO(os.open(self._path, _FLAGS, 0o600), "ab")
        if fault := fault_in(os.fstat(out.fileno())):
            out.close()
            raise OSError(errno.EINVAL, fault)
        for sentence in tighten(self._path, out.fileno()):
            if sentence not in self._told:
                self._told.add(sentence)
                _log.warning("%s", sentence)
        return out
