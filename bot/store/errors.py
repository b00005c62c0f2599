"""Turns driver errors into StoreError. Its text never includes a statement, a value or a password."""

import errno
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from bot.core.errors import StoreError
from bot.core.faults import Fault

_Words = tuple[str, Fault]

_AWAY: _Words = ("The database cannot be reached", Fault.AWAY)
_BUSY: _Words = ("The database was busy", Fault.BUSY)
_SQLITE: dict[int, _Words] = {
    sqlite3.SQLITE_BUSY: ("The database file is locked", Fault.LOCKED),
    sqlite3.SQLITE_FULL: ("The disk is full", Fault.FULL),
    sqlite3.SQLITE_READONLY: ("The database file is read-only", Fault.READ_ONLY),
    sqlite3.SQLITE_CANTOPEN: ("The database file cannot be opened", Fault.GONE),
    sqlite3.SQLITE_CORRUPT: ("The database file seems damaged", Fault.SUSPECT),
    sqlite3.SQLITE_NOTADB: ("The database file is not a database", Fault.SUSPECT),
    sqlite3.SQLITE_IOERR: ("The disk cannot be read or written", Fault.BROKEN_DISK),
}
# The keys are the first characters of PostgreSQL's SQLSTATE codes (appendix A of its manual).
_POSTGRESQL: dict[str, _Words] = {
    "08": _AWAY,
    "28": ("PostgreSQL refuses the user or the password", Fault.REFUSED),
    "3D": ("PostgreSQL has no such database", Fault.REFUSED),
    "42501": ("PostgreSQL does not let this user do that", Fault.REFUSED),
    "40": _BUSY,
    "53100": ("The disk of PostgreSQL is full", Fault.FULL),
    "53300": ("PostgreSQL has no connection left", Fault.SLOW),
    "57P": ("PostgreSQL is starting or stopping", Fault.AWAY),
    "55P03": _BUSY,
    "25006": ("PostgreSQL is read-only", Fault.READ_ONLY),
}
_SLOW: _Words = ("The database is too slow", Fault.SLOW)
_OTHER: _Words = ("The database reported an error", Fault.OTHER)
_NO_DESCRIPTORS: _Words = ("The process has no file descriptor left", Fault.NO_DESCRIPTORS)
_SPARE = 8  # file descriptors that must be free; SQLite opens three files at once
_ROOM: Final = 1 << 16  # bytes that must be free; SQLite starts with 32 KiB beside the database file

DISK_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""Error numbers of a write that fails for lack of space: on the disk, in the user's quota or in the process's limit."""


@contextmanager
def as_store_error() -> Iterator[None]:
    """Turn driver errors raised in the block into StoreError."""
    try:
        yield
    except NoConnectionFree as error:
        raise _error(_SLOW) from error
    except DBAPIError as error:
        raise _of_driver(error.orig) from error
    except sqlite3.Error as error:
        raise _of_driver(error) from error
    except SQLAlchemyError as error:
        raise _error(_OTHER) from error
    except OSError as error:  # asyncpg: a refused or broken connection, a timeout
        raise _error(_NO_DESCRIPTORS if error.errno in {errno.EMFILE, errno.ENFILE} else _AWAY) from error


@contextmanager
def naming_full_disk(file: Path) -> Iterator[None]:
    """Raise StoreError for a full disk where SQLite reports an I/O error instead: at the start, when it cannot create
    its files beside `file`, and when a quota or limit is reached. Blocking.
    """
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if getattr(cause, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_IOERR and not _has_room(file.parent):
            raise _error(_SQLITE[sqlite3.SQLITE_FULL]) from error
        raise


def _has_room(folder: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(bytes(_ROOM))
            probe.flush()
    except OSError as error:
        return error.errno not in DISK_FULL
    return True


def too_slow() -> StoreError:
    """Return the error for a database that does not answer in time."""
    return _error(_SLOW)


def file_gone() -> StoreError:
    """Return the error for a database file that was deleted or replaced."""
    return _error(("The database file is gone", Fault.GONE))


def damaged(reason: str = "The database file is damaged") -> StoreError:
    """Return the error for a database file that a check of the whole file found damaged."""
    return _error((reason, Fault.DAMAGED))


def require_descriptors() -> None:
    """Raise StoreError if the process has fewer than 8 file descriptors left."""
    if not _descriptors_left():
        raise _error(_NO_DESCRIPTORS)


def _descriptors_left() -> bool:
    with ExitStack() as opened:
        try:
            for _ in range(_SPARE):
                opened.callback(os.close, os.open(os.devnull, os.O_RDONLY))
        except OSError as error:
            return error.errno not in {errno.EMFILE, errno.ENFILE}
    return True


def _error(words: _Words) -> StoreError:
    reason, fault = words
    return StoreError(reason, fault.fix[0].upper() + fault.fix[1:], fault)


def _of_driver(cause: BaseException | None) -> StoreError:
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:  # the low byte is the primary result code, the rest is a detail
        if code & 0xFF == sqlite3.SQLITE_CANTOPEN and not _descriptors_left():
            return _error(_NO_DESCRIPTORS)
        return _error(_SQLITE.get(code & 0xFF, _OTHER))
    state = getattr(cause, "sqlstate", None)
    for letters, words in _POSTGRESQL.items():
        if state and state.startswith(letters):
            return _error(words)
    return _error(_OTHER)
