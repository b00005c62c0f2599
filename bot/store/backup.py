"""Backup and restore. The file format is the same for both databases, and a file is written or restored completely or
not at all.

A file has a header line, one JSON object per line for each row, and a footer line with the number of rows.
"""

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

import orjson
from pydantic import ValidationError
from sqlalchemy import Connection, Table, delete, exists, or_, select
from sqlalchemy import insert as insert_into
from sqlalchemy.exc import IntegrityError

from bot.core.community import MOST_LANGUAGES
from bot.core.errors import BadInput, StoreError
from bot.core.greeting import checked
from bot.store.backup_rows import TABLES, Line
from bot.store.errors import DISK_FULL
from bot.store.store import Store
from bot.store.tables import communities, offers

HEADER: Final = {"backup": "kusama-community-bot", "version": 1}
LONGEST: Final = 1 << 16  # bytes per line; the longest row has less than a tenth of that
_BATCH: Final = 500
_Row = tuple[str, int, dict[str, Any]]  # table, line number, values


class Restored(NamedTuple):
    """How many rows were restored, and the numbers of the lines whose welcome message was left out."""

    rows: int
    without_message: tuple[int, ...]


async def backup(store: Store, path: Path) -> int:
    """Write a consistent snapshot of everything stored to `path`; returns the number of rows. The bot may keep running.

    The file is readable only by its owner. It replaces an existing file once it is complete.

    Raises:
        StoreError: the database or the file cannot be used.
    """
    await store.counts.flush()
    return await store.database.read(partial(_write, path), snapshot=True)


async def restore(
    store: Store,
    path: Path,
    languages: Container[str],
    why_line_refused: Callable[[str], str | None],
    *,
    replace: bool = False,
) -> Restored:
    """Restore a file written by `backup`. With `replace`, everything stored is deleted first.

    `why_line_refused` returns the part of a welcome message that is not allowed, or None, as for `/welcome message`. A
    community whose message is refused is restored without the message. `languages` are those of the content.

    Raises:
        StoreError: the database is not empty and `replace` is false, or a line of the file is invalid (the error names
            the line). The database is unchanged then.
    """
    refused: list[int] = []

    def read(connection: Connection) -> int:
        with _as_store_error(path), path.open("rb") as file:
            _require_empty(connection, replace=replace)
            rows, languages_set = 0, Counter[tuple[str, str]]()
            for name, group in groupby(parsed(path.name, file, languages), itemgetter(0)):
                while batch := [(number, values) for _, number, values in islice(group, _BATCH)]:
                    for number, values in batch:
                        if _drop_refused_message(values, why_line_refused):
                            refused.append(number)
                        if name == "channel_settings":
                            _count_language(languages_set, path.name, number, values)
                    _insert(connection, TABLES[name][0], path.name, batch)
                    rows += len(batch)
            return rows

    return Restored(await store.database.write(read), tuple(refused))


def _write(path: Path, connection: Connection) -> int:
    rows = 0
    with _replacing(path) as file:
        file.write(_line(HEADER))
        for name, (table, model) in TABLES.items():
            query = select(*(table.c[column] for column in model.model_fields)).order_by(*table.primary_key)
            for row in connection.execution_options(yield_per=_BATCH).execute(query):
                file.write(_line({name: {str(column): value for column, value in row._mapping.items()}}))
                rows += 1
        file.write(_line({"rows": rows}))
    return rows


def _line(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)


def parsed(name: str, file: BinaryIO, languages: Container[str]) -> Iterator[_Row]:
    """Yield the rows of the file. Raises StoreError at the first invalid line."""
    if (first := file.readline(LONGEST)) != _line(HEADER):
        raise _refusal(name, 1, "this is not a backup by this version of the bot" if first else "the file is empty")
    rows = None
    number = 1
    for number, text in enumerate(iter(partial(file.readline, LONGEST), b""), 2):
        if rows is not None:
            raise _refusal(name, number, "there is a line after the last one")
        try:
            line = Line.model_validate_json(text, context={"languages": languages})
        except ValidationError as error:
            raise _refusal(name, number, _problems(error)) from error
        kind = next(iter(line.model_fields_set), "")
        if len(line.model_fields_set) != 1 or getattr(line, kind) is None:
            raise _refusal(name, number, f"this should be a row of one of {', '.join(TABLES)}")
        if kind != "rows":
            yield kind, number, getattr(line, kind).model_dump()
        elif (rows := getattr(line, kind)) != number - 2:
            raise _refusal(name, number, f"it says {rows} rows, but there are {number - 2} above")
    if rows is None:
        raise _refusal(name, number + 1, "the end is missing: the file was cut off")


def _problems(error: ValidationError) -> str:
    """The problems in a line. Pydantic's messages contain no values."""
    problems = ((".".join(map(str, one["loc"][1:] or one["loc"])), one["msg"]) for one in error.errors())
    return "; ".join(f"{where}: {what}" if where else what for where, what in problems)


def _refusal(name: str, number: int, what: str) -> StoreError:
    remedy = "Use a file that `python -m bot backup` wrote, unchanged, or correct that line"
    return StoreError(f"{name}, line {number}: {what}", remedy)


def _drop_refused_message(values: dict[str, Any], why_line_refused: Callable[[str], str | None]) -> bool:
    """Remove a welcome message that `/welcome message` would refuse; returns whether there was one."""
    if (message := values.get("welcome_line")) is None:
        return False
    try:
        if checked(message, why_line_refused) == message:
            return False
    except BadInput:
        pass
    values["welcome_line"] = None
    return True


def _count_language(languages_set: Counter[tuple[str, str]], name: str, number: int, values: dict[str, Any]) -> None:
    """Count a channel with its own language. Raises StoreError if its community has more than `/settings` allows."""
    key = values["platform"], values["community"]
    languages_set[key] += 1
    if languages_set[key] > MOST_LANGUAGES:
        raise _refusal(name, number, f"its community has a language in more than {MOST_LANGUAGES} channels")


def _require_empty(connection: Connection, *, replace: bool) -> None:
    """Raise StoreError if the database is not empty; with `replace`, empty it instead."""
    any_row = or_(exists(select(communities.c.id)), exists(select(offers.c.scope)))
    if not replace and connection.scalar(select(any_row)):
        raise StoreError("Data is stored already", "Pass --replace to delete it first, or use an empty database")
    for table in (communities, offers):  # all other rows are deleted with their community
        connection.execute(delete(table))


def _insert(connection: Connection, table: Table, name: str, lines: list[tuple[int, dict[str, Any]]]) -> None:
    """Insert all rows in one statement. If that fails, insert them one by one to find the invalid line."""
    try:
        with connection.begin_nested():
            connection.execute(insert_into(table), [values for _, values in lines])
    except IntegrityError as error:
        number = lines[0][0]
        if len(lines) == 1:
            raise _refusal(name, number, "the row is there twice, or its community is missing") from error
        for line in lines:
            _insert(connection, table, name, [line])


@contextmanager
def _as_store_error(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        remedy = "Name a file that the bot's user can read or write"
        if error.errno in DISK_FULL:
            remedy = "Free some space there, or name a file on another disk"
        raise StoreError(f"{path}: {error.strerror}", remedy) from error


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a temporary file that replaces `path` at the end of the block, unless the block raises."""
    if path.exists() and not (path.is_file() or path.is_dir()):  # replacing a device or a pipe would break it
        raise StoreError(f"{path} is not a regular file", "Name a new file, or one that may be replaced")
    with _as_store_error(path):
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, path)
        finally:
            Path(name).unlink(missing_ok=True)
