"""What a database can suffer, told to an operator. Its law: no statement, value or password is ever repeated."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from bot.core.errors import StoreError

_AWAY = ("The database cannot be reached", "See that it runs, and that DATABASE_URL names its host and port")
_SQLITE = {
    sqlite3.SQLITE_BUSY: (
        "The database file is locked",
        "Another program holds it. Stop that one, or use PostgreSQL for several processes",
    ),
    sqlite3.SQLITE_FULL: ("The disk is full", "Make room on the disk that holds the data folder"),
    sqlite3.SQLITE_READONLY: ("The database file is read-only", "Let the bot's user write to the file and its folder"),
    sqlite3.SQLITE_CANTOPEN: (
        "The database file cannot be opened",
        "Let the bot's user read and write the data folder, or name another with DATA_DIR",
    ),
    sqlite3.SQLITE_CORRUPT: ("The database file is damaged", "Move it away and restore a backup"),
    sqlite3.SQLITE_NOTADB: (
        "The database file is no database",
        "Move it out of the data folder, then restore a backup or start anew",
    ),
    sqlite3.SQLITE_IOERR: ("The disk cannot be read or written", "Look after the disk that holds the data folder"),
}
# By the first letters of the SQLSTATE that PostgreSQL gives (appendix A of its manual); the longest comes first.
_POSTGRESQL = {
    "08": _AWAY,
    "28": ("PostgreSQL refuses the user or the password", "Correct them in DATABASE_URL"),
    "3D": ("PostgreSQL has no such database", "Create it, or correct its name in DATABASE_URL"),
    "42501": ("PostgreSQL does not let this user do that", "Make the user the owner of the database"),
    "40": ("The database was busy", "Nothing was lost; it is tried again"),
    "53100": ("The disk of PostgreSQL is full", "Make room there"),
    "53300": ("PostgreSQL has no connection left", "Raise its max_connections, or run fewer processes"),
    "57P": ("PostgreSQL is starting or stopping", "Wait for it"),
    "55P03": ("The database was busy", "Nothing was lost; it is tried again"),
    "25006": ("PostgreSQL is read-only", "DATABASE_URL must name the primary server, not a standby"),
}
_OTHER = ("The database refused", "`bot doctor` tells more")


@contextmanager
def told() -> Iterator[None]:
    """Turn what a driver raises inside into a StoreError."""
    try:
        yield
    except NoConnectionFree as error:
        raise StoreError("The database is too slow", "Look after its load; it is tried again") from error
    except DBAPIError as error:
        raise _told(error) from error
    except SQLAlchemyError as error:
        raise StoreError(*_OTHER) from error
    except OSError as error:  # a refused or broken connection, and a TimeoutError: asyncpg lets them through
        raise StoreError(*_AWAY) from error


def _told(error: DBAPIError) -> StoreError:
    cause = error.orig
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:  # the low byte is the kind of failure, the rest its variety
        return StoreError(*_SQLITE.get(code & 0xFF, _OTHER))
    state = getattr(cause, "sqlstate", None)
    for letters, words in _POSTGRESQL.items():
        if state and state.startswith(letters):
            return StoreError(*words)
    return StoreError(*_OTHER)
