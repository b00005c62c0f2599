"""Whether the database can be used, told within seconds and without being asked for anything else."""

import asyncio
import gc
import os
import resource
import socket
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.core.errors import StoreError
from bot.core.faults import Fault
from bot.core.model import DISCORD, Place
from bot.store.errors import as_store_error
from bot.store.health_check import HealthCheck, is_broken
from bot.store.store import open_store
from bot.store.url import address
from tests.locked import hold
from tests.postgres import USER, Server
from tests.waiting import PATIENCE

HERE = Place(DISCORD, "1", "2")


async def fault(look: Callable[[], Awaitable[None]]) -> Fault | None:
    """What a look finds."""
    try:
        await look()
    except StoreError as error:
        return error.fault
    return None


def files(folder: Path) -> list[Path]:
    """The database's files."""
    return sorted(folder.glob("bot.sqlite3*"))


async def test_a_look_at_a_good_file_finds_nothing_and_changes_nothing(tmp_path: Path) -> None:
    async with open_store(address(None, tmp_path)) as store:
        before = [one.stat().st_size for one in files(tmp_path)]
        assert await fault(store.ping) is None
        assert [one.stat().st_size for one in files(tmp_path)] == before


async def test_a_closed_store_is_one_file(tmp_path: Path) -> None:
    for _ in range(100):
        async with open_store(address(None, tmp_path)) as store:
            await store.communities.change(HERE, lambda one: replace(one, cooldown=one.cooldown + 1))
            await store.communities.read(HERE)
        assert files(tmp_path) == [tmp_path / "bot.sqlite3"]


async def test_a_file_that_another_program_holds_is_told_and_so_is_its_end(tmp_path: Path) -> None:
    heard: list[StoreError] = []
    async with open_store(address(None, tmp_path), on_error=heard.append) as store:
        with closing(await hold(tmp_path / "bot.sqlite3")):
            assert await fault(store.ping) is Fault.LOCKED
        assert await fault(store.ping) is None
    assert [one.fault for one in heard] == [Fault.LOCKED]


async def test_a_file_that_is_gone_is_told_though_the_bots_own_connections_go_on(tmp_path: Path) -> None:
    async with open_store(address(None, tmp_path)) as store:
        await store.communities.change(HERE, lambda one: replace(one, cooldown=7))
        await store.communities.read(HERE)
        for file in files(tmp_path):
            file.unlink()
        assert await store.communities.read(HERE) is not None
        assert await fault(store.ping) is Fault.GONE


async def test_a_file_that_takes_the_place_of_another_is_used_from_the_next_look_on(tmp_path: Path) -> None:
    async with open_store(address(None, tmp_path / "other")) as other:
        await other.communities.change(HERE, lambda one: replace(one, cooldown=9))
    async with open_store(address(None, tmp_path)) as store:
        assert await fault(store.ping) is None
        assert await store.communities.read(HERE) is None
        for file in files(tmp_path):
            file.unlink()
        (tmp_path / "other" / "bot.sqlite3").rename(tmp_path / "bot.sqlite3")
        assert await fault(store.ping) is None
        found = await store.communities.read(HERE)
        assert found
        assert found.cooldown == 9


async def test_a_file_that_is_overwritten_is_told(tmp_path: Path) -> None:
    async with open_store(address(None, tmp_path)) as store:
        for file in files(tmp_path):
            file.unlink()
        (tmp_path / "bot.sqlite3").write_text("no database " * 100)
        assert await fault(store.ping) is Fault.DAMAGED


async def test_a_file_that_sqlite_doubts_is_called_damaged_only_after_all_of_it_was_read(tmp_path: Path) -> None:
    async with open_store(address(None, tmp_path)) as store:
        await store.communities.change(HERE, lambda one: replace(one, cooldown=7))
    file = tmp_path / "bot.sqlite3"
    whole = file.read_bytes()
    assert not is_broken(file)
    file.write_bytes(whole[:4096] + b"\xff" * 4096 + whole[8192:])
    assert is_broken(file)
    file.write_bytes(b"no database " * 1000)
    assert is_broken(file)


async def test_a_process_without_descriptors_blames_neither_the_file_nor_a_server(tmp_path: Path) -> None:
    async with open_store(address(None, tmp_path)) as store:
        with no_descriptors():
            assert await fault(store.ping) is Fault.NO_DESCRIPTORS
            with (
                pytest.raises(StoreError, match="no file descriptor") as caught,
                as_store_error(),
                closing(sqlite3.connect(tmp_path / "bot.sqlite3")) as other,
            ):
                other.execute("SELECT 1 FROM sqlite_master")
            assert caught.value.fault is Fault.NO_DESCRIPTORS
            with pytest.raises(StoreError) as away, as_store_error():
                socket.socket()
            assert away.value.fault is Fault.NO_DESCRIPTORS
        assert await fault(store.ping) is None


@contextmanager
def no_descriptors() -> Iterator[None]:
    """Every descriptor that the process may have is taken."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 256), hard))
    taken = []
    try:
        with suppress(OSError):
            while True:
                taken.append(os.open(os.devnull, os.O_RDONLY))
        yield
    finally:
        for one in taken:
            os.close(one)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_after_a_change_that_failed_only_a_change_tells_that_it_is_over(tmp_path: Path) -> None:
    heard: list[StoreError] = []
    async with open_store(address(None, tmp_path), on_error=heard.append) as store:
        await store.communities.change(HERE, lambda one: replace(one, cooldown=7))
        await store.database.write(lambda connection: connection.execute(text("PRAGMA query_only = 1")))
        with pytest.raises(StoreError):
            await store.communities.change(HERE, lambda one: replace(one, cooldown=8))
        assert store.database.failing
        assert await fault(store.ping) is None  # by a connection of its own, which may write
        assert store.database.failing is None
    assert [one.fault for one in heard] == [Fault.READ_ONLY]


async def test_a_look_that_only_read_forgets_no_change_that_failed_meanwhile(tmp_path: Path) -> None:
    async with open_store(address(None, tmp_path), patience=timedelta(milliseconds=1)) as store:
        with closing(await hold(tmp_path / "bot.sqlite3")):
            look = asyncio.create_task(fault(store.ping))  # waits a second for the other one
            for _ in range(5):
                await asyncio.sleep(0)
            with pytest.raises(StoreError):
                await store.communities.change(HERE, lambda one: replace(one, cooldown=7))
        assert await look is None
        assert store.database.failing


async def test_a_look_that_fails_after_nobody_waits_for_it_is_no_unheard_error(tmp_path: Path) -> None:
    unheard: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, told: unheard.append(told))
    heard = asyncio.Queue[StoreError]()
    async with open_store(address(None, tmp_path), on_error=heard.put_nowait) as store:
        look = HealthCheck(store.database, patience=0.0)
        (tmp_path / "bot.sqlite3").unlink()
        assert await fault(look) is Fault.SLOW
        async with asyncio.timeout(PATIENCE):
            await heard.get()
        for _ in range(5):
            await asyncio.sleep(0)
        del look
        gc.collect()
    assert unheard == []


async def test_a_database_that_hangs_is_told_in_time_and_asked_once(tmp_path: Path) -> None:
    heard, told = asyncio.Queue[StoreError](), asyncio.timeout(PATIENCE)
    async with open_store(address(None, tmp_path), on_error=heard.put_nowait) as store:
        look = HealthCheck(store.database, patience=0.0)
        with closing(await hold(tmp_path / "bot.sqlite3")):
            assert await fault(look) is Fault.SLOW
            assert await fault(look) is Fault.SLOW
            async with told:
                assert (await heard.get()).fault is Fault.LOCKED
        assert heard.empty()
        async with asyncio.timeout(PATIENCE):
            while await fault(look) is not None:
                pass


async def test_a_check_in_a_thread_has_closed_the_file_when_the_store_is_closed(tmp_path: Path) -> None:
    async with open_store(address(None, tmp_path)) as store:
        with closing(await hold(tmp_path / "bot.sqlite3")):
            look = asyncio.create_task(fault(store.ping))  # waits in its thread for the other one
            for _ in range(5):
                await asyncio.sleep(0)
            ending = asyncio.create_task(store.ping.close())
            for _ in range(5):
                await asyncio.sleep(0)
            assert not ending.done()
        await ending
        assert await look is None


async def test_a_server_that_takes_no_change_is_told_from_the_first_refusal_to_its_end(postgres: Server) -> None:
    url = postgres.new_database()

    def only_read(setting: str) -> None:
        change = f'ALTER DATABASE "{url.database}" SET default_transaction_read_only = {setting}'
        end = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{url.database}'"
        for command in (change, end):  # the setting is for new connections
            postgres.run("psql", "-q", "-h", str(url.query["host"]), "-U", USER, "-d", "postgres", "-c", command)

    async with open_store(url) as store:
        assert await fault(store.ping) is None
        only_read("on")
        with pytest.raises(StoreError):
            await store.communities.change(HERE, lambda one: replace(one, cooldown=7))
        assert await fault(store.ping) is Fault.READ_ONLY
        only_read("off")
        assert await fault(store.ping) is None
