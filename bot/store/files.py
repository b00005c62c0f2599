"""Keeps the SQLite file private to the bot's user, and locks it so that only one running bot uses it."""

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

_WINDOWS: Final = os.name == "nt"  # where a file's mode says nothing about other users
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_SUFFIXES: Final = ("", "-wal", "-shm", "-journal", ".lock")  # SQLite's files, and the lock file of `exclusive_use`
_FLAGS: Final = os.O_RDWR | os.O_CREAT | (0 if _WINDOWS else os.O_NOFOLLOW | os.O_NONBLOCK)
_LONGEST: Final = 200  # bytes read from a lock file
_ELSEWHERE: Final = "Let the bot's user write there, or name another folder with DATA_DIR"


def require_writable(file: Path) -> None:
    """Raise StoreError if the file, or the nearest existing folder above it, is not writable."""
    file = file.absolute()
    folder = next(one for one in file.parents if os.path.exists(one))
    for path, needed in ((folder, os.W_OK | os.X_OK), (file, os.W_OK)):
        if os.path.exists(path) and not os.access(path, needed):
            raise StoreError(f"{path} cannot be written", _ELSEWHERE)


def secure(file: Path) -> Iterator[str]:
    """Create the SQLite file and its folder if they are missing, and remove the permissions of group and others. Yields
    a sentence for the log for each one that was open to others. Blocking.

    SQLite gives its journals the mode of the file. The folder (DATA_DIR) keeps its mode if it is shared with others.

    Raises:
        StoreError: the folder cannot be created, or one of the files is not a regular file or has a hard link.
    """
    file = file.resolve()  # SQLite also resolves links, and puts its journals beside the real file
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"The folder {file.parent} cannot be created ({error.strerror})", _ELSEWHERE) from error
    with suppress(OSError):  # the file exists, or SQLite reports better why it cannot be created
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    files = [file.with_name(file.name + suffix) for suffix in _SUFFIXES]
    for path in files:
        with suppress(OSError):
            require_own(path, path.lstat())
    folders = () if _WINDOWS or _is_shared(file.parent) else (file.parent,)
    for path in (*folders, *files):
        yield from make_private(path)


def why_unsafe(status: os.stat_result) -> str | None:
    """Why writing to the file with that status is unsafe; None if it is safe. A link would lead into another file."""
    if not stat.S_ISREG(status.st_mode):
        return "it is not a regular file"
    return "it has another name too (a hard link)" if status.st_nlink > 1 else None


def require_own(path: Path, status: os.stat_result) -> None:
    """Raise StoreError if writing to the file with that status is unsafe."""
    if fault := why_unsafe(status):
        raise StoreError(f"{path} is not used: {fault}", "Move it away, or name another folder with DATA_DIR")


def make_private(path: Path, descriptor: int | None = None) -> Iterator[str]:
    """Remove the permissions of group and others from a file or folder. Yields a sentence for the log if it had any.

    An open `descriptor` makes sure that the same file is changed even if another was put in its place.
    """
    try:
        status = path.lstat() if descriptor is None else os.fstat(descriptor)
        mode = stat.S_IMODE(status.st_mode)
        if mode & _OTHERS and not (_WINDOWS or stat.S_ISLNK(status.st_mode)):
            os.chmod(path if descriptor is None else descriptor, mode & ~_OTHERS)
            yield f"{path} was open to other users (mode {mode:03o}); now only the bot's user can open it"
    except FileNotFoundError:
        return
    except OSError as error:
        yield f"{path} is open to other users, and the bot cannot change that ({error.strerror}): chmod go= {path}"


def _is_shared(folder: Path) -> bool:
    """Whether others may need the folder: it is sticky like /tmp, contains the working or the home folder or another
    user's files, is the working folder, or cannot be read.
    """
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
def exclusive_use(file: Path, since: datetime, lock: Callable[[int], None] = _flock) -> Iterator[None]:
    """Hold the lock that lets one bot run on that SQLite file, until the block ends. `since` is the current time;
    `lock` locks a file descriptor.

    The lock is on a separate file beside the database, because closing a descriptor of the database itself would
    release SQLite's own locks. The process writes its id, host and start into that file. The kernel releases the lock
    when the process ends, even after a crash. The file is never deleted, since then two processes could each lock one.

    If the file system supports no locks, logs a warning and goes on without.

    Raises:
        StoreError: another process holds the lock (the error names it), or the lock file cannot be opened or is unsafe.
    """
    file = file.resolve()
    path = file.with_name(f"{file.name}.lock")
    try:
        lock_file = FileIO(path, "r+", opener=lambda name, _: os.open(name, _FLAGS, 0o600))
    except OSError as error:
        raise StoreError(f"{path} cannot be opened ({error.strerror})", _ELSEWHERE) from error
    with lock_file:
        require_own(path, os.fstat(lock_file.fileno()))
        try:
            lock(lock_file.fileno())
        except BlockingIOError as error:
            remedy = "Stop the other bot first; for several processes use PostgreSQL (DATABASE_URL)"
            raise StoreError(f"{file} is in use by {_holder(lock_file)}", remedy) from error
        except OSError as error:
            what = "%s cannot be locked on this file system (%s): make sure that only one bot runs on it"
            _log.warning(what, file, error.strerror)
        with suppress(OSError):  # on a full disk the text is missing, but the lock is held
            holder = f"process {os.getpid()} on {socket.gethostname()} since {since:%Y-%m-%d %H:%M:%S %Z}"
            lock_file.truncate(0)
            lock_file.write(holder.encode())
        yield


def _holder(lock_file: FileIO) -> str:
    """What the process that holds the lock wrote into the file, as one printable line."""
    text = (lock_file.read(_LONGEST) or b"").decode(errors="replace")
    return "".join(sign if sign.isprintable() else " " for sign in text).strip() or "another process"
