"""What an operator reads when the database cannot be used."""

import asyncio
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.core.community import Community
from bot.core.errors import StoreError
from bot.core.model import DISCORD, Outcome, Place
from bot.store.store import Store, open_store
from bot.store.url import address
from tests.full_disk import full_disk
from tests.locked import hold
from tests.postgres import USER, Server
from tests.store.test_store import DAY, GUILD, a_pin


async def opened(url: str | None, data: Path) -> None:
    async with open_store(address(url, data)):
        pass


async def allow(store: Store, pages: int) -> None:
    """Make the disk as large as that, for every connection of the store."""
    await store.database.write(lambda connection: connection.execute(text(f"PRAGMA max_page_count = {pages}")))


@contextmanager
def told(what: str) -> Iterator[None]:
    with pytest.raises(StoreError, match=what) as caught:
        yield
    assert caught.value.fault is None or caught.value.remedy.lower() == caught.value.fault.fix.lower()
    assert caught.value.remedy
    assert "secret" not in str(caught.value)


async def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    tmp_path.joinpath("data").write_text("a file")
    with told("data cannot be written"):
        await opened(None, tmp_path / "data" / "deeper")


async def test_a_folder_where_the_file_should_be(tmp_path: Path) -> None:
    tmp_path.joinpath("bot.sqlite3").mkdir()
    with told("not a regular file"):
        await opened(None, tmp_path)


async def test_a_full_disk_is_named_at_a_start_and_in_a_run_and_after_a_limit(tmp_path: Path) -> None:
    async with open_store(address(None, tmp_path)):
        pass
    with full_disk(), told("The disk is full"):  # there is no room for the files that SQLite puts beside its own
        await opened(None, tmp_path)
    async with open_store(address(None, tmp_path)) as store:
        await store.pins.record(a_pin())
        with full_disk(), told("The disk is full"):
            await store.pins.record(a_pin(message="2"))
        with full_disk(), told("The disk is full"):
            await store.ping()
        await store.pins.record(a_pin(message="2"))
        await store.ping()


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    tmp_path.joinpath("bot.sqlite3").write_bytes(b"no database " * 100)
    with told("is not a database"):
        await opened(None, tmp_path)


async def test_a_file_that_another_program_holds(tmp_path: Path) -> None:
    async with open_store(address(None, tmp_path), patience=timedelta(milliseconds=1)) as store:
        with closing(await hold(tmp_path / "bot.sqlite3")):
            with told("is locked"):
                await store.pins.record(a_pin())
            assert await store.pins.of(GUILD) == ()
        await store.pins.record(a_pin())
        assert await store.pins.of(GUILD) == (a_pin(),)


async def test_a_full_disk_keeps_what_was_counted_in_memory(tmp_path: Path) -> None:
    async with open_store(address(None, tmp_path)) as store:
        await allow(store, pages=20)
        for number in range(20_000):
            store.counts.count(Place(DISCORD, str(number)), "staking", Outcome.EXPLAINER, DAY)
        with told("disk is full"):
            await store.counts.flush()
        await store.ping()
        (count,) = await store.counts.statistics(Place(DISCORD, "7"), DAY)
        assert count.times == 1
        await allow(store, pages=100_000)


@pytest.mark.parametrize(
    ("part", "what"),
    [("bot@localhost:1/bot", "cannot be reached"), ("bot:secret@no-such-host.invalid/bot", "cannot be reached")],
)
async def test_a_server_that_is_not_there(tmp_path: Path, part: str, what: str) -> None:
    with told(what):
        await opened(f"postgresql://{part}", tmp_path)


async def test_a_database_or_a_user_that_is_not_there(postgres: Server) -> None:
    missing = postgres.url("missing")
    with told("no such database"):
        await opened(missing.render_as_string(hide_password=False), Path())
    stranger = missing.set(username="stranger", password="secret", database="postgres")
    with told("refuses the user"):
        await opened(stranger.render_as_string(hide_password=False), Path())


async def test_a_server_that_stops_answering(postgres: Server) -> None:
    url = postgres.new_database()
    async with open_store(url) as store:
        await store.ping()
        postgres.run("dropdb", "--force", "-h", str(url.query["host"]), "-U", USER, str(url.database))
        with told("no such database|cannot be reached"):
            await store.ping()


async def test_a_cancelled_write_holds_nothing_up(store: Store) -> None:
    for steps in range(40):
        writing = asyncio.create_task(store.pins.record(a_pin(message=str(steps))))
        for _ in range(steps):
            await asyncio.sleep(0)
        writing.cancel()
        await asyncio.wait([writing])
    await store.pins.record(a_pin())
    assert await store.pins.of(GUILD) == (a_pin(),)


async def test_a_connection_that_broke_is_replaced(postgres: Server) -> None:
    async with open_store(postgres.new_database()) as store:
        await store.communities.read(GUILD)
        suicide = text("SELECT pg_terminate_backend(pg_backend_pid())")
        with told("cannot be reached"):
            await store.database.write(lambda connection: connection.execute(suicide))
        await store.communities.change(GUILD, lambda one: Community(one.platform, one.id, locale="es"))
        stored = await store.communities.read(GUILD)
        assert stored is not None
        assert stored.locale == "es"
