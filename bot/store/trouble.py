"""What a database can suffer, told to an operator. Its law: no statement, value or password is ever repeated."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from bot.core.errors import StoreError
from bot.core.faults import Fault

_Told = tuple[str, str, Fault]

_AWAY: _Told = (
    "The database cannot be reached",
    "See that it runs, and that DATABASE_URL names its host and port",
    Fault.AWAY,
)
_SQLITE: dict[int, _Told] = {
    sqlite3.SQLITE_BUSY: (
        "The database file is locked",
        "Another program holds it. Stop that one, or use PostgreSQL for several processes",
        Fault.LOCKED,
    ),
    sqlite3.SQLITE_FULL: ("The disk is full", "Make room on the disk that holds the data folder", Fault.FULL),
    sqlite3.SQLITE_READONLY: (
        "The database file is read-only",
        "Let the bot's user write to the file and its folder",
        Fault.READ_ONLY,
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "The database file cannot be opened",
        "Let the bot's user read and write the data folder, or name another with DATA_DIR",
        Fault.GONE,
    ),
    sqlite3.SQLITE_CORRUPT: ("The database file is damaged", "Move it away and restore a backup", Fault.DAMAGED),
    sqlite3.SQLITE_NOTADB: (
        "The database file is no database",
        "Move it out of the data folder, then restore a backup or start anew",
        Fault.DAMAGED,
    ),
    sqlite3.SQLITE_IOERR: (
        "The disk cannot be read or written",
        "Look after the disk that holds the data folder",
        Fault.BROKEN_DISK,
    ),
}
# By the first letters of the SQLSTATE that PostgreSQL gives (appendix A of its manual); the longest comes first.
_POSTGRESQL: dict[str, _Told] = {
    "08": _AWAY,
    "28": ("PostgreSQL refuses the user or the password", "Correct them in DATABASE_URL", Fault.REFUSED),
    "3D": ("PostgreSQL has no such database", "Create it, or correct its name in DATABASE_URL", Fault.REFUSED),
    "42501": ("PostgreSQL does not let this user do that", "Make the user the owner of the database", Fault.REFUSED),
    "40": ("The database was busy", "Nothing was lost; it is tried again", Fault.BUSY),
    "53100": ("The disk of PostgreSQL is full", "Make room there", Fault.FULL),
    "53300": ("PostgreSQL has no connection left", "Raise its max_connections, or run fewer processes", Fault.SLOW),
    "57P": ("PostgreSQL is starting or stopping", "Wait for it", Fault.AWAY),
    "55P03": ("The database was busy", "Nothing was lost; it is tried again", Fault.BUSY),
    "25006": (
        "PostgreSQL is read-only",
        "DATABASE_URL must name the primary server, not a standby",
        Fault.READ_ONLY,
    ),
}
_SLOW: _Told = ("The database is too slow", "Look after its load; it is tried again", Fault.SLOW)
_OTHER: _Told = ("The database refused", "`bot doctor` tells more", Fault.OTHER)


@contextmanager
def told() -> Iterator[None]:
    """Turn what a driver raises inside into a StoreError."""
    try:
        yield
    except NoConnectionFree as error:
        raise StoreError(*_SLOW) from error
    except DBAPIError as error:
        raise _told(error.orig) from error
    except sqlite3.Error as error:
        raise _told(error) from error
    except SQLAlchemyError as error:
        raise StoreError(*_OTHER) from error
    except OSError as error:  # a refused or broken connection, and a TimeoutError: asyncpg lets them through
        raise StoreError(*_AWAY) from error


def slow() -> StoreError:
    """It does not answer in time."""
    return StoreError(*_SLOW)


def gone() -> StoreError:
    """Nothing stands where the file was."""
    return StoreError("The database file is gone", "Put it back, or restore a backup", Fault.GONE)


def _told(cause: BaseException | None) -> StoreError:
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:  # the low byte is the kind of failure, the rest its variety
        return StoreError(*_SQLITE.get(code & 0xFF, _OTHER))
    state = getattr(cause, "sqlstate", None)
    for letters, words in _POSTGRESQL.items():
        if state and state.startswith(letters):
            return StoreError(*words)
    return StoreError(*_OTHER)
