"""Connections that are awaited begin, keep, undo and end as the library's own do."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, event, text

from bot.store.awaited import AsyncConnection, AsyncEngine
from tests.builders import ROOT

ADD = text("INSERT INTO words VALUES (:word)")
COUNT = text("SELECT count(*) FROM words")


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    made = AsyncEngine(create_engine(f"sqlite+aiosqlite:///{tmp_path / 'words.sqlite3'}"))
    async with made.begin() as connection:
        await connection.exec_driver_sql("CREATE TABLE words (word TEXT)")
    yield made
    await made.dispose()


async def _fail(connection: AsyncConnection, word: str) -> None:
    await connection.execute(ADD, {"word": word})
    raise ValueError("no more")


async def _begin_and_fail(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await _fail(connection, "one")


async def _begin_inside_and_fail(connection: AsyncConnection) -> None:
    async with connection.begin_nested():
        await _fail(connection, "two")


async def _count(engine: AsyncEngine) -> int:
    async with engine.connect() as connection:
        return int(await connection.scalar(COUNT))


async def test_what_is_done_in_a_transaction_is_kept_when_its_block_ends(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(ADD, [{"word": "one"}, {"word": "two"}])
    assert await _count(engine) == 2


async def test_what_is_done_in_a_transaction_is_undone_when_its_block_fails(engine: AsyncEngine) -> None:
    with pytest.raises(ValueError, match="no more"):
        await _begin_and_fail(engine)
    assert await _count(engine) == 0


async def test_a_transaction_goes_on_after_the_part_of_it_that_failed(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(ADD, {"word": "one"})
        with pytest.raises(ValueError, match="no more"):
            await _begin_inside_and_fail(connection)
        await connection.execute(ADD, {"word": "three"})
    async with engine.connect() as connection:
        found = await connection.execute(text("SELECT word FROM words ORDER BY rowid"))
        assert found.scalars().all() == ["one", "three"]


async def test_rows_come_in_batches_of_the_size_asked_for(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(ADD, [{"word": str(number)} for number in range(5)])
        batches = [[row.word for row in rows] async for rows in connection.batches(text("SELECT * FROM words"), 2)]
    assert batches == [["0", "1"], ["2", "3"], ["4"]]


async def test_whoever_is_cancelled_in_a_transaction_leaves_nothing_of_it_and_gives_its_connection_back(
    engine: AsyncEngine,
) -> None:
    begun = asyncio.Event()

    async def wait() -> None:
        async with engine.begin() as connection:
            await connection.execute(ADD, {"word": "one"})
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(wait())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert engine.sync_engine.pool.status().count("Checked out connections: 0") == 1, engine.sync_engine.pool.status()
    assert await _count(engine) == 0


@pytest.mark.parametrize("moment", ["do_connect", "connect", "begin"])
async def test_whoever_is_cancelled_while_a_connection_is_opened_or_made_ready_leaves_none_open(
    tmp_path: Path, moment: str
) -> None:
    before, unclosed = set(threading.enumerate()), set[int]()

    class Noted(sqlite3.Connection):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            unclosed.add(id(self))

        def close(self) -> None:
            super().close()
            unclosed.discard(id(self))

    def cancel(*_: object) -> None:
        asyncio.get_running_loop().call_soon(counting.cancel)

    made = create_engine(f"sqlite+aiosqlite:///{tmp_path / 'words.sqlite3'}", connect_args={"factory": Noted})
    event.listen(made, moment, cancel)
    counting = asyncio.create_task(_count(AsyncEngine(made)))
    with pytest.raises(asyncio.CancelledError):
        await counting
    await AsyncEngine(made).dispose()
    for thread in set(threading.enumerate()) - before:  # the driver opens and closes in one of its own
        thread.join(10)
    assert not unclosed


async def test_a_connection_lends_itself_to_work_that_knows_no_asyncio(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        assert isinstance(connection, AsyncConnection)
        assert await connection.run_sync(lambda bare, name: bare.dialect.name == name, "sqlite") is True


def test_the_store_is_imported_without_the_orm() -> None:
    asked = "import sys, bot.store.store; print('sqlalchemy.orm' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
