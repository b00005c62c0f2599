"""Backup and restore, the same file for both databases. Its law: a whole file or none, a whole restore or none."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import groupby, islice
from operator import attrgetter
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Table, delete, exists, insert, or_, select
from sqlalchemy.exc import IntegrityError

from bot.core.errors import StoreError
from bot.store.awaited import AsyncConnection
from bot.store.backup_format import LONGEST, TABLES, Line, footer, header, line, parse, refusal
from bot.store.backup_rules import RowRules
from bot.store.store import Store
from bot.store.tables import communities, offers

_BATCH = 500


async def backup(store: Store, path: Path) -> int:
    """Write all that is stored, as it is at one moment, while the bot runs on; returns how many rows.

    The file is for its owner's eyes alone. One that stood there is replaced when the new one is complete.

    Raises:
        StoreError: the database or the file cannot be used.
    """
    await store.counts.flush()
    rows = -2  # the first and the last line are no rows
    with _draft(path) as (file, draft):
        async for chunk in _chunks(store):
            rows += len(chunk)
            with _told(path):
                await asyncio.to_thread(file.writelines, chunk)
        with _told(path):
            await asyncio.to_thread(_finish, file, draft, path)
    return rows


async def restore(store: Store, path: Path, rules: RowRules, *, replace: bool = False) -> int:
    """Put back what `backup` wrote; returns how many rows. With `replace` it takes the place of all that is stored.

    Raises:
        StoreError: something is stored already and `replace` was not said, or the file is none of ours or damaged
            (it names the line). Nothing has changed then.
    """
    with _told(path):
        file = await asyncio.to_thread(path.open, "rb")
    rows = 0
    with file:
        found = parse(path.name, _lines(file, path), rules)
        async with store.database.writing() as connection:
            await _make_room(connection, replace=replace)
            while batch := await asyncio.to_thread(_take, found):
                rows += len(batch)
                for table, lines in groupby(batch, attrgetter("table")):
                    await _insert(connection, TABLES[table], path.name, list(lines))
    return rows


async def _chunks(store: Store) -> AsyncIterator[list[bytes]]:
    """All lines, from one snapshot."""
    rows = 0
    yield [header()]
    async with store.database.reading() as connection:
        for table in TABLES.values():
            async for part in connection.batches(select(table).order_by(*table.primary_key), _BATCH):
                rows += len(part)
                yield [line(table, row) for row in part]
    yield [footer(rows)]


async def _make_room(connection: AsyncConnection, *, replace: bool) -> None:
    full = or_(exists(select(communities.c.id)), exists(select(offers.c.scope)))
    if not replace and await connection.scalar(select(full)):
        raise StoreError("Something is stored already", "Say --replace to delete it first, or take an empty database")
    for table in (communities, offers):  # pins and counts go with their community
        await connection.execute(delete(table))


async def _insert(connection: AsyncConnection, table: Table, name: str, lines: list[Line]) -> None:
    """All at once; if they do not go together, one by one, to find the line that is to blame."""
    try:
        await _insert_all(connection, table, [each.row for each in lines])
    except IntegrityError:
        for each in lines:
            try:
                await _insert_all(connection, table, [each.row])
            except IntegrityError as error:
                raise refusal(name, each.number, "it stands there twice, or its community is missing") from error


async def _insert_all(connection: AsyncConnection, table: Table, rows: list[dict[str, Any]]) -> None:
    async with connection.begin_nested():
        await connection.execute(insert(table), rows)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """What the file system refuses, as a StoreError."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}", "Name a file that the bot's user may read or write") from error


def _take(found: Iterator[Line]) -> list[Line]:
    return list(islice(found, _BATCH))


def _lines(file: BinaryIO, path: Path) -> Iterator[bytes]:
    with _told(path):
        yield from iter(partial(file.readline, LONGEST + 1), b"")


@contextmanager
def _draft(path: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """A new file beside `path`, which is gone at the end unless it has taken its place."""
    if path.exists() and not (path.is_file() or path.is_dir()):  # to replace a device or a pipe would break it
        raise StoreError(f"{path} is no ordinary file", "Name a new file, or one that may be replaced")
    with _told(path):
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with _told(path), os.fdopen(handle, "wb") as file:  # closing writes too
            yield file, Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _finish(file: BinaryIO, draft: Path, path: Path) -> None:
    file.flush()
    os.fsync(file.fileno())
    draft.replace(path)
