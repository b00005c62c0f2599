"""One running bot for each SQLite file: two would pin and greet twice, each without the other's settings."""

import errno
import logging
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from io import FileIO
from pathlib import Path
from typing import Final

from bot.core.errors import StoreError

_log = logging.getLogger(__name__)

_REMEDY: Final = "Stop the other bot first; for several processes use PostgreSQL (DATABASE_URL)"
_FLAGS: Final = os.O_RDWR | os.O_CREAT | (0 if os.name == "nt" else os.O_NOFOLLOW)
_LONGEST: Final = 200  # characters shown of what the other process wrote


def _flock(descriptor: int) -> None:
    try:
        import fcntl
    except ImportError as error:  # Windows
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS)) from error
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def sole(file: Path, since: datetime, lock: Callable[[int], None] = _flock) -> Iterator[None]:
    """Be the one bot that runs on that SQLite file until the block ends. `since` is now; `lock` locks a descriptor.

    The lock is on a file beside the database, where the process writes who it is. It is not on the database: closing
    that would give back SQLite's own locks (POSIX), and on NFS flock would keep SQLite out. The kernel frees the lock
    when the process ends, however it ends. The file stays: deleting it would let two in.

    Raises:
        StoreError: another process holds the lock (it says which), or the file cannot be opened.
    """
    file = file.resolve()
    beside = file.with_name(f"{file.name}.lock")
    try:
        opened = FileIO(beside, "r+", opener=lambda name, _: os.open(name, _FLAGS, 0o600))
    except OSError as error:
        remedy = "Let the bot's user write in that folder, or name another one with DATA_DIR"
        raise StoreError(f"{beside} cannot be opened ({error.strerror})", remedy) from error
    with opened:
        try:
            lock(opened.fileno())
        except BlockingIOError as error:
            raise StoreError(f"{file} is in use by {_holder(opened)}", _REMEDY) from error
        except OSError as error:
            what = "%s cannot be locked on this file system (%s): make sure that only one bot runs on it"
            _log.warning(what, file, error.strerror)
        with suppress(OSError):  # a full disk: who holds the lock is a help, not a need
            opened.truncate(0)
            opened.write(f"process {os.getpid()} on {socket.gethostname()} since {since:%Y-%m-%d %H:%M:%S %Z}".encode())
        yield


def _holder(opened: FileIO) -> str:
    """What the process that holds the lock wrote, in one line."""
    said = (opened.read(_LONGEST) or b"").decode(errors="replace")
    return "".join(sign if sign.isprintable() else " " for sign in said).strip() or "another process"
