"""`backup` and `restore` as an operator types them: a line in the end, and never a traceback."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.model import DISCORD, Place, Risk
from bot.store.store import open_store
from bot.store.url import address
from tests.command import called
from tests.whole.process import ended

GUILD = Place(DISCORD, "1", "10")


async def chosen(home: Path, floor: Risk | None = None) -> Risk | None:
    """What the bot in that folder has stored of the guild; with `floor` it is stored first."""
    async with open_store(address(None, home / "data")) as store:
        if floor is not None:
            await store.communities.change(GUILD, lambda one: replace(one, risk_floor=floor))
        found = await store.communities.read(GUILD)
        return found and found.risk_floor


async def test_what_was_backed_up_is_back_after_a_restore(tmp_path: Path) -> None:
    await chosen(tmp_path, Risk.HIGH)
    code, out, err = await ended(tmp_path, "backup", "kept")
    assert (code, out, err) == (0, "Rows written to kept: 1\n", "")
    other = tmp_path / "other"
    other.mkdir()
    code, out, err = await ended(other, "restore", "../kept")
    assert (code, err) == (0, "")
    assert out.startswith("Rows restored from ../kept: 1.")
    assert await chosen(other) is Risk.HIGH


async def test_what_is_stored_is_only_replaced_when_told_so(tmp_path: Path) -> None:
    await chosen(tmp_path, Risk.HIGH)
    await called(tmp_path, "backup", "kept")
    await chosen(tmp_path, Risk.ELEVATED)
    code, out, err = await called(tmp_path, "restore", "kept")
    assert (code, out) == (1, "")
    assert "--replace" in err
    assert await chosen(tmp_path) is Risk.ELEVATED
    code, _, err = await called(tmp_path, "restore", "--replace", "kept")
    assert (code, err) == (0, "")
    assert await chosen(tmp_path) is Risk.HIGH


@pytest.mark.parametrize(
    ("content", "told"), [(None, "no file"), (b"", "the file is empty"), (b"\x00\xff not ours", "line 1")]
)
async def test_a_file_that_is_none_of_ours_is_refused_in_a_line(
    tmp_path: Path, content: bytes | None, told: str
) -> None:
    if content is not None:
        (tmp_path / "file").write_bytes(content)
    code, out, err = await called(tmp_path, "restore", "file")
    assert (code, out) == (1, "")
    assert told in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("file", ["missing/folder/file", "."])
async def test_a_file_that_cannot_be_written_is_refused_in_a_line(tmp_path: Path, file: str) -> None:
    await chosen(tmp_path, Risk.HIGH)
    code, out, err = await called(tmp_path, "backup", file)
    assert (code, out) == (1, "")
    assert "Traceback" not in err
    assert len(err.splitlines()) == 1


async def test_a_pipe_is_refused_and_stays_one(tmp_path: Path) -> None:
    await chosen(tmp_path, Risk.HIGH)
    os.mkfifo(tmp_path / "pipe")
    code, out, err = await called(tmp_path, "backup", "pipe")
    assert (code, out) == (1, "")
    assert err == "pipe is not a regular file. Name a new file, or one that may be replaced\n"
    assert (tmp_path / "pipe").is_fifo()


async def test_there_is_nothing_to_back_up_where_there_is_no_database(tmp_path: Path) -> None:
    code, _, err = await called(tmp_path, "backup", "file")
    assert code == 1
    assert "There is no database at" in err
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("arguments", [("backup",), ("restore",), ("backup", "a", "b"), ("restore", "--force", "a")])
async def test_wrong_arguments_are_answered_with_the_usage(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    code, _, err = await called(tmp_path, *arguments)
    assert code == 2
    assert "usage: python -m bot" in err
