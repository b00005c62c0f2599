"""What the bot writes is its user's alone, also where it stood open to others before."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core.errors import StoreError
from bot.store.files import make_private, secure
from bot.store.store import open_store
from bot.store.url import address


@pytest.fixture(autouse=True)
def usual_mask() -> Iterator[None]:
    """Files are made as a careless machine makes them."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_the_database_and_its_journals_are_private_from_the_start(tmp_path: Path) -> None:
    async with open_store(address(None, tmp_path / "data")) as store:
        await store.offers.offer("telegram", "menu", "hash")
        found = {path.name: mode(path) for path in (tmp_path / "data").iterdir()}
    assert found.pop("bot.sqlite3-wal") == 0o600
    assert found == {"bot.sqlite3": 0o600, "bot.sqlite3-shm": 0o600}
    assert mode(tmp_path / "data") == 0o700


async def test_what_stood_open_is_taken_back_and_that_is_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "data"
    async with open_store(address(None, folder)) as store:
        await store.offers.offer("telegram", "menu", "hash")
        for path in (folder, *folder.iterdir()):
            path.chmod(0o755 if path.is_dir() else 0o666)
        async with open_store(address(None, folder)):
            assert {mode(path) for path in folder.iterdir()} == {0o600}
            assert mode(folder) == 0o700
    said = [record.message for record in caplog.records]
    assert len(said) == len(set(said)) == 4
    assert f"{folder} was open to other users (mode 755); now only the bot's user can open it" in said
    caplog.clear()
    async with open_store(address(None, folder)):
        assert caplog.records == []


async def test_a_database_behind_a_link_is_private_where_it_lies(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "bot.sqlite3").symlink_to(tmp_path / "elsewhere" / "real")
    async with open_store(address(None, tmp_path / "data")) as store:
        await store.offers.offer("telegram", "menu", "hash")
        assert {mode(path) for path in (tmp_path / "elsewhere").iterdir()} == {0o600}
    assert mode(tmp_path / "elsewhere") == 0o700


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm", "-journal", ".lock"])
@pytest.mark.parametrize("kind", ["hard link", "pipe"])
async def test_a_file_that_is_not_the_bots_alone_is_neither_written_nor_changed(
    tmp_path: Path, suffix: str, kind: str
) -> None:
    precious, file = tmp_path / "precious", tmp_path / "data" / f"bot.sqlite3{suffix}"
    precious.write_text("words")
    precious.chmod(0o644)
    file.parent.mkdir()
    file.hardlink_to(precious) if kind == "hard link" else os.mkfifo(file)
    with pytest.raises(StoreError, match="a hard link" if kind == "hard link" else "not a regular file"):
        async with open_store(address(None, tmp_path / "data")):
            pass
    assert (precious.read_text(), mode(precious)) == ("words", 0o644)


@pytest.mark.parametrize("suffix", ["-wal", "-shm", "-journal", ".lock"])
async def test_what_a_link_beside_the_database_leads_to_is_left_alone(tmp_path: Path, suffix: str) -> None:
    precious, data = tmp_path / "precious", tmp_path / "data"
    precious.write_text("words")
    precious.chmod(0o644)
    data.mkdir()
    (data / f"bot.sqlite3{suffix}").symlink_to(precious)
    with pytest.raises(StoreError, match="not a regular file"):
        async with open_store(address(None, data)):
            pass
    assert (precious.read_text(), mode(precious)) == ("words", 0o644)


@pytest.mark.parametrize("kind", ["sticky", "working", "others"])
def test_a_folder_that_others_use_keeps_its_mode_and_the_file_is_private(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o1777 if kind == "sticky" else 0o755)
    if kind == "working":
        (folder / "below").mkdir()
        monkeypatch.chdir(folder / "below")
    if kind == "others":
        if os.geteuid():
            pytest.skip("needs root, to give a file to another user")
        (folder / "theirs").touch()
        os.chown(folder / "theirs", 12345, 12345)
    before = mode(folder)
    assert list(secure(folder / "bot.sqlite3")) == []
    assert (mode(folder), mode(folder / "bot.sqlite3")) == (before, 0o600)


def test_a_file_put_under_the_name_of_an_opened_one_is_left_alone(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.touch(0o644)
    other.touch(0o644)
    with one.open("rb") as opened:
        other.rename(one)
        assert len(list(make_private(one, opened.fileno()))) == 1
        assert stat.S_IMODE(os.fstat(opened.fileno()).st_mode) == 0o600
    assert mode(one) == 0o644


def test_what_is_private_or_missing_is_not_spoken_of(tmp_path: Path) -> None:
    (tmp_path / "file").touch(0o600)
    assert [*make_private(tmp_path / "file"), *make_private(tmp_path / "missing")] == []
