"""One running bot for each SQLite file; a second one is told who runs."""

import errno
import fcntl
import logging
import os
import signal
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core.errors import StoreError
from bot.store.files import exclusive_use
from bot.store.store import open_store
from bot.store.url import address
from tests.command import called
from tests.whole.process import ended, running

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_a_second_process_is_told_who_runs_and_since_when(tmp_path: Path) -> None:
    file = tmp_path / "bot.sqlite3"
    who = f"process {os.getpid()} on {socket.gethostname()} since 2026-11-22 12:00:00 UTC"
    with exclusive_use(file, NOON):
        with pytest.raises(StoreError, match=who) as refused, exclusive_use(file, NOON):
            pass
        assert "Stop the other bot first" in refused.value.remedy
    with exclusive_use(file, NOON):
        pass  # free again


def test_the_lock_is_the_same_by_every_name_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "bot.sqlite3").touch()
    (tmp_path / "folder").symlink_to(tmp_path / "data")
    (tmp_path / "file").symlink_to(tmp_path / "data" / "bot.sqlite3")
    with exclusive_use(tmp_path / "data" / "bot.sqlite3", NOON):
        for name in (tmp_path / "folder" / "bot.sqlite3", tmp_path / "file"):
            with pytest.raises(StoreError, match="is in use by process"), exclusive_use(name, NOON):
                pass


def test_what_a_killed_process_left_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "bot.sqlite3.lock").write_text("process 1 on elsewhere since yesterday, and many more words")
    with exclusive_use(tmp_path / "bot.sqlite3", NOON):
        assert (tmp_path / "bot.sqlite3.lock").read_text().endswith("12:00:00 UTC")


@pytest.mark.parametrize("content", [b"", b"\xff\x00\x1b[31m\n\n" * 1000])
def test_whatever_stands_in_the_lock_is_told_in_one_line(tmp_path: Path, content: bytes) -> None:
    beside = tmp_path / "bot.sqlite3.lock"
    beside.write_bytes(content)
    with beside.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(StoreError) as refused, exclusive_use(tmp_path / "bot.sqlite3", NOON):
            pass
    assert refused.value.reason.isprintable()
    assert len(refused.value.reason) < 400


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP])
def test_where_nothing_can_be_locked_that_is_said_and_the_bot_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, code: int
) -> None:
    def unable(_: int) -> None:
        raise OSError(code, os.strerror(code))

    with caplog.at_level(logging.WARNING), exclusive_use(tmp_path / "bot.sqlite3", NOON, unable):
        pass
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert os.strerror(code) in caplog.text


def test_a_link_in_the_place_of_the_lock_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("words")
    (tmp_path / "bot.sqlite3.lock").symlink_to(tmp_path / "precious")
    with pytest.raises(StoreError, match="cannot be opened"), exclusive_use(tmp_path / "bot.sqlite3", NOON):
        pass
    assert (tmp_path / "precious").read_text() == "words"


def test_a_hard_link_in_the_place_of_the_lock_is_not_written(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("words")
    (tmp_path / "bot.sqlite3.lock").hardlink_to(tmp_path / "precious")
    with pytest.raises(StoreError, match="a hard link"), exclusive_use(tmp_path / "bot.sqlite3", NOON):
        pass
    assert (tmp_path / "precious").read_text() == "words"


async def test_a_database_is_not_opened_by_a_second_name(tmp_path: Path) -> None:
    url = address(None, tmp_path / "data")
    async with open_store(url, running_since=NOON):
        (tmp_path / "other").hardlink_to(tmp_path / "data" / "bot.sqlite3")
        with pytest.raises(StoreError, match="a hard link"):
            async with open_store(address(f"sqlite:///{tmp_path / 'other'}", tmp_path), running_since=NOON):
                pass


async def test_a_command_that_is_soon_over_works_beside_the_bot_that_runs(tmp_path: Path) -> None:
    url = address(None, tmp_path)
    async with open_store(url, running_since=NOON) as running_store:
        async with open_store(url) as beside:
            await beside.offers.offer("telegram", "menu", "hash")
        assert await running_store.offers.offered("telegram", "menu") == "hash"
        with pytest.raises(StoreError, match="is in use by"):
            async with open_store(url, running_since=NOON):
                pass


async def test_a_second_bot_leaves_with_a_sentence_and_one_after_a_kill_starts(tmp_path: Path) -> None:
    async with running(tmp_path) as bot:
        assert not [line for line in bot.log if "open to other users" in line]
        code, _, err = await ended(tmp_path, "run")
        assert code == 1
        assert f"is in use by process {bot.process.pid} on {socket.gethostname()} since " in err.splitlines()[-1]
        assert "Traceback" not in err
        for command in (("backup", "kept"), ("restore", "--replace", "kept"), ("doctor",)):
            code, _, err = await called(tmp_path, *command)
            assert (code, err) == (0, "")
        await bot.stop(signal.SIGKILL)
    async with running(tmp_path) as bot:
        assert bot.port
