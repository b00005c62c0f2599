"""Questions that found no answer, kept for whoever writes answers, if the operator asks for it. Only the words are
kept: not who asked, not where, not when.
"""

import errno
import json
import logging
import os
import stat
from pathlib import Path
from typing import BinaryIO, Final, final

from bot.core.normalise import normalise
from bot.store.files import tighten

_log = logging.getLogger(__name__)

LARGEST: Final = 10_000_000  # bytes; what comes later is not kept, so that no flood of questions fills the disk
# Not through a symbolic link, which could lead into another file; and never waiting, as a pipe would have it.
_POSIX: Final = 0 if os.name == "nt" else os.O_NOFOLLOW | os.O_NONBLOCK
_FLAGS: Final = os.O_WRONLY | os.O_APPEND | os.O_CREAT | _POSIX


@final
class QuestionLog:
    """Appends to the file at `path`, one JSON string a line, each cut to 500 characters; only its owner may read it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._told: set[str] = set()

    def note(self, text: str) -> None:
        """Keep the question. A file that cannot be written is told once, and never stands in an answer's way."""
        try:
            with self._opened() as out:
                if out.tell() < LARGEST:
                    out.write(json.dumps(normalise(text), ensure_ascii=False).encode() + b"\n")
        except OSError as error:
            link = error.errno == errno.ELOOP
            why = "it is a symbolic link; name the file itself" if link else error.strerror
            self._tell(logging.ERROR, f"unanswered questions cannot be kept in {self._path}: {why}")

    def _opened(self) -> BinaryIO:
        out = os.fdopen(os.open(self._path, _FLAGS, 0o600), "ab")
        if not stat.S_ISREG(os.fstat(out.fileno()).st_mode):
            out.close()
            raise OSError(errno.EINVAL, "it is no ordinary file")
        for sentence in tighten(self._path, out.fileno()):
            self._tell(logging.WARNING, sentence)
        return out

    def _tell(self, level: int, sentence: str) -> None:
        """Log the sentence, once."""
        if sentence not in self._told:
            self._told.add(sentence)
            _log.log(level, "%s", sentence)
