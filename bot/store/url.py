"""Checks `DATABASE_URL` and turns it into SQLAlchemy's URL."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.core.errors import StoreError

FILE_NAME = "bot.sqlite3"
_TLS = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_PORT, _HIGHEST_PORT = re.compile(r"[1-9][0-9]{0,4}"), 65_535
_EXAMPLE = "Write it like postgresql://user:password@host:5432/database, or leave it out to use an SQLite file"


def address(database_url: str | None, data: Path) -> URL:
    """The URL of the database that `DATABASE_URL` names, or of the SQLite file in the folder `data` if it is None or
    empty.

    Raises:
        StoreError: the URL cannot be used. The error says which part is wrong, and repeats none of it.
    """
    if not database_url:
        return URL.create("sqlite", database=str(data / FILE_NAME))
    try:
        urlsplit(database_url)  # refuses unclosed brackets, which make_url accepts as part of a name
        url = make_url(database_url)
    except (ArgumentError, ValueError) as error:
        raise StoreError("DATABASE_URL is not the URL of a database", _EXAMPLE) from error
    match url.drivername:
        case "postgresql" | "postgres" | "postgresql+asyncpg":
            return _postgresql(url)
        case "sqlite" | "sqlite+aiosqlite" if url.database and url.database != ":memory:" and not url.query:
            return url.set(drivername="sqlite", database=_expanded(url.database))
        case "sqlite" | "sqlite+aiosqlite":
            raise StoreError("DATABASE_URL names no file", "Write it like sqlite:////var/lib/bot/bot.sqlite3")
        case _:  # the error does not repeat the value: it may be a password that was pasted here
            raise StoreError("DATABASE_URL is for a kind of database that is not supported", _EXAMPLE)


def _expanded(file: str) -> str:
    try:
        return str(Path(file).expanduser())
    except RuntimeError as error:
        what = "DATABASE_URL begins with ~, but that user has no home folder"
        raise StoreError(what, "Write the whole path") from error


def _postgresql(url: URL) -> URL:
    """The URL for asyncpg, which calls libpq's `sslmode` parameter `ssl`. `host` may be the folder of a socket."""
    if not url.database:
        raise StoreError("DATABASE_URL names no database", _EXAMPLE)
    if "@" in f"{url.host}{url.database}":  # these would show part of the password in the log
        raise StoreError("DATABASE_URL has an @ in its password", "Write %40 for an @ there")
    query = dict(url.query)
    mode = query.pop("sslmode", query.pop("ssl", None))
    if query.keys() - {"host", "port"}:
        remedy = "Remove it: only sslmode, host and port are allowed after the question mark"
        raise StoreError("DATABASE_URL has an unknown parameter after the question mark", remedy)
    ports = (url.port, *(one for part in url.normalized_query.get("port", ()) for one in part.split(",")))
    if not all(port is None or (_PORT.fullmatch(str(port)) and int(port) <= _HIGHEST_PORT) for port in ports):
        raise StoreError("DATABASE_URL has an invalid port", f"Write a number from 1 to {_HIGHEST_PORT}")
    if mode is not None:
        if mode not in _TLS:
            raise StoreError("sslmode in DATABASE_URL is unknown", f"Write one of {', '.join(_TLS)}")
        query["ssl"] = mode
    return url.set(drivername="postgresql+asyncpg", query=query)


def described(url: URL) -> str:
    """A description for the log, without the password: `SQLite data/bot.sqlite3`, `PostgreSQL at host/database`."""
    if url.get_backend_name() == "sqlite":
        return f"SQLite {url.database}"
    host = f"[{url.host}]" if ":" in (url.host or "") else url.host or ",".join(url.normalized_query.get("host", ()))
    port = f":{url.port}" if url.port else ""
    return f"PostgreSQL at {host or 'localhost'}{port}/{url.database}"
