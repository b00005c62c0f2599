"""The SQLite file: private to the bot's user, writable, and used by one running bot at a time."""

import errno
import logging
import os
import socket
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from io import FileIO
from pathlib import Path
from typing import Final

from bot.core.errors import StoreError

_log = logging.getLogger(__name__)

_WINDOWS: Final = os.name == "nt"  # there a file's mode says nothing of other users
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_BESIDE: Final = ("", "-wal", "-shm", "-journal", ".lock")  # SQLite's own files, and the one of `sole`
_FLAGS: Final = os.O_RDWR | os.O_CREAT | (0 if _WINDOWS else os.O_NOFOLLOW | os.O_NONBLOCK)
_LONGEST: Final = 200  # characters shown of what the other process wrote
_ELSEWHERE: Final = "Let the bot's user write there, or name another folder with DATA_DIR"


def require_writable(file: Path) -> None:
    """Raise StoreError if the file cannot be written, or cannot be made in the nearest folder above it that exists."""
    file = file.absolute()
    folder = next(one for one in file.parents if os.path.exists(one))
    for path, needed in ((folder, os.W_OK | os.X_OK), (file, os.W_OK)):
        if os.path.exists(path) and not os.access(path, needed):
            raise StoreError(f"{path} cannot be written", _ELSEWHERE)


def secure(file: Path) -> Iterator[str]:
    """Make the SQLite file and its folder where they are missing, and take the rights of group and others from them.
    Yields a sentence for the log for each that was open to others. Blocking.

    SQLite gives its journals the mode of the file. The folder (DATA_DIR) keeps its mode if others use it.

    Raises:
        StoreError: the folder cannot be made, or one of the files can be written by others.
    """
    file = file.resolve()  # SQLite too puts its journals beside the file that a link leads to
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"The folder {file.parent} cannot be made ({error.strerror})", _ELSEWHERE) from error
    with suppress(OSError):  # it exists, or SQLite says better why it cannot be made
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    files = [file.with_name(file.name + suffix) for suffix in _BESIDE]
    for path in files:
        with suppress(OSError):
            require_own(path, path.lstat())
    own = () if _WINDOWS or _is_shared(file.parent) else (file.parent,)
    for path in (*own, *files):
        yield from tighten(path)


def fault_in(found: os.stat_result) -> str | None:
    """Why others than the bot can write a file; None if they cannot. Through a link, another file would be written."""
    if not stat.S_ISREG(found.st_mode):
        return "it is no ordinary file"
    return "it has another name too (a hard link)" if found.st_nlink > 1 else None


def require_own(path: Path, found: os.stat_result) -> None:
    """Raise StoreError if the file of that status is not the bot's alone to write."""
    if fault := fault_in(found):
        raise StoreError(f"{path} is not used: {fault}", "Move it away, or name another folder with DATA_DIR")


def tighten(path: Path, opened: int | None = None) -> Iterator[str]:
    """Take the rights of group and others from a file or folder; yields a sentence for the log if it had any.

    `opened` is its descriptor, which still means the same file when another was put under the name.
    """
    try:
        found = path.lstat() if opened is None else os.fstat(opened)
        mode = stat.S_IMODE(found.st_mode)
        if mode & _OTHERS and not (_WINDOWS or stat.S_ISLNK(found.st_mode)):
            os.chmod(path if opened is None else opened, mode & ~_OTHERS)
            yield f"{path} was open to other users (mode {mode:03o}); now only the bot's user can open it"
    except FileNotFoundError:
        return
    except OSError as error:
        yield f"{path} is open to other users, and the bot may not change that ({error.strerror}): chmod go= {path}"


def _is_shared(folder: Path) -> bool:
    """Whether the folder is like /tmp, the working folder or one above it, above the home folder, holds another user's
    files, or cannot be looked into."""
    try:
        home = Path(os.path.expanduser("~")).resolve()
        if folder.stat().st_mode & stat.S_ISVTX or Path.cwd().is_relative_to(folder) or folder in home.parents:
            return True
        return any(one.lstat().st_uid != os.geteuid() for one in folder.iterdir())
    except OSError:
        return True


def _flock(descriptor: int) -> None:
    try:
        import fcntl
    except ImportError as error:  # Windows
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS)) from error
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def sole(file: Path, since: datetime, lock: Callable[[int], None] = _flock) -> Iterator[None]:
    """Hold the lock of the one bot that runs on that SQLite file until the block ends. `since` is now; `lock` locks a
    descriptor.

    The lock is on a file beside the database, in which the process writes who it is: closing a descriptor of the
    database itself would release SQLite's own locks. The kernel frees the lock however the process ends. The file is
    never deleted: that would let two processes in.

    Raises:
        StoreError: another process holds the lock (it says which), or the file cannot be opened.
    """
    file = file.resolve()
    beside = file.with_name(f"{file.name}.lock")
    try:
        opened = FileIO(beside, "r+", opener=lambda name, _: os.open(name, _FLAGS, 0o600))
    except OSError as error:
        raise StoreError(f"{beside} cannot be opened ({error.strerror})", _ELSEWHERE) from error
    with opened:
        require_own(beside, os.fstat(opened.fileno()))
        try:
            lock(opened.fileno())
        except BlockingIOError as error:
            remedy = "Stop the other bot first; for several processes use PostgreSQL (DATABASE_URL)"
            raise StoreError(f"{file} is in use by {_holder(opened)}", remedy) from error
        except OSError as error:
            what = "%s cannot be locked on this file system (%s): make sure that only one bot runs on it"
            _log.warning(what, file, error.strerror)
        with suppress(OSError):  # on a full disk the name is missing, the lock still holds
            opened.truncate(0)
            opened.write(f"process {os.getpid()} on {socket.gethostname()} since {since:%Y-%m-%d %H:%M:%S %Z}".encode())
        yield


def _holder(opened: FileIO) -> str:
    """What the process that holds the lock wrote, in one printable line."""
    said = (opened.read(_LONGEST) or b"").decode(errors="replace")
    return "".join(sign if sign.isprintable() else " " for sign in said).strip() or "another process"
