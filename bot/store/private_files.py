"""Keeps what the bot writes from the other users of the machine: files 0600, in a folder 0700."""

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from bot.core.errors import StoreError

_WINDOWS = os.name == "nt"  # there a file's mode says nothing of other users
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_BESIDE = ("", "-wal", "-shm", "-journal", ".lock")  # SQLite's own files, and the lock of `bot.store.sqlite_lock`


def secure(file: Path) -> Iterator[str]:
    """Make the folder of that SQLite file, and an empty file, where there is none; take the rights of group and others
    from both. Gives a sentence for the log for each that was open to others. Blocking.

    SQLite gives its journals the mode that it finds on the file, so all that it makes later is private too. The folder
    (DATA_DIR) is the bot's own, and is tightened unless others use it: see `_is_shared`.

    Raises:
        StoreError: the folder cannot be made.
    """
    file = file.resolve()  # SQLite too puts its journals beside the file that a link leads to
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        remedy = "Let the bot's user write there, or name another folder with DATA_DIR"
        raise StoreError(f"The folder {file.parent} cannot be made ({error.strerror})", remedy) from error
    with contextlib.suppress(OSError):  # it exists, or cannot be made: SQLite tells that better
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    own = () if _WINDOWS or _is_shared(file.parent) else (file.parent,)
    for path in (*own, *(file.with_name(file.name + suffix) for suffix in _BESIDE)):
        yield from tighten(path)


def tighten(path: Path, opened: int | None = None) -> Iterator[str]:
    """Take the rights of group and others from a file or folder; gives a sentence for the log if it had any.

    `opened` is its descriptor: a file that is put under its name meanwhile is left alone.
    """
    found = path if opened is None else opened
    try:
        mode = stat.S_IMODE(os.stat(found).st_mode)
        if mode & _OTHERS and not _WINDOWS:
            os.chmod(found, mode & ~_OTHERS)
            yield f"{path} was open to other users (mode {mode:03o}); now only the bot's user can open it"
    except FileNotFoundError:
        return
    except OSError as error:
        yield f"{path} is open to other users, and the bot may not change that ({error.strerror}): chmod go= {path}"


def _is_shared(folder: Path) -> bool:
    """Whether more than the bot's files are in it: a folder like /tmp, the working folder or one above it, one above
    the home folder, one with another user's files, or one that cannot be looked into."""
    try:
        home = Path(os.path.expanduser("~")).resolve()
        if folder.stat().st_mode & stat.S_ISVTX or Path.cwd().is_relative_to(folder) or folder in home.parents:
            return True
        return any(one.lstat().st_uid != os.geteuid() for one in folder.iterdir())
    except OSError:
        return True
