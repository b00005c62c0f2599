"""Content changes all or nothing, and a writer's mistake never takes the served edition away."""

import asyncio
import logging
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.content.live_content import LiveContent
from bot.content.loader import load
from bot.core.catalog import Catalog
from bot.core.errors import ContentError
from bot.core.model import Risk
from bot.core.sealed_catalog import SealedCatalog
from tests.builders import FITS, Folder
from tests.full_disk import full_disk

KSM = "en/answers/whatisksm.yaml"


def _read(path: Path) -> Catalog:
    return load([path], FITS)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, "en")


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "data" / "content"


def _shelf(folder: Folder, kept: Path | None = None) -> LiveContent:
    shelf = LiveContent([folder.path], kept, _read, Risk.GENERAL)
    shelf.open()
    return shelf


def _title(shelf: LiveContent) -> str:
    return shelf.edition.catalog.default.entries["whatisksm"].title


def _warned(caplog: pytest.LogCaptureFixture, level: int) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno == level]


def test_an_unopened_shelf_has_nothing_to_serve(folder: Folder) -> None:
    with pytest.raises(RuntimeError, match="not open"):
        _ = LiveContent([folder.path], None, _read, Risk.GENERAL).edition


async def test_a_change_comes_into_use_as_a_whole(folder: Folder) -> None:
    shelf = _shelf(folder)
    before = shelf.edition
    folder.edit(KSM, "What is KSM?", "What is it?")
    assert _title(shelf) == "What is KSM?"
    await shelf.reload()
    assert _title(shelf) == "What is it?"
    assert before.catalog.default.entries["whatisksm"].title == "What is KSM?"


async def test_one_broken_file_holds_all_changes_back(folder: Folder) -> None:
    shelf = _shelf(folder)
    folder.edit(KSM, "What is KSM?", "What is it?")
    folder.edit("en/policy.yaml", "pages:", "pages: &x")
    await shelf.reload()
    assert _title(shelf) == "What is KSM?"
    assert shelf.stale
    assert [problem.file for problem in shelf.problems] == ["en/policy.yaml"]
    folder.edit("en/policy.yaml", "pages: &x", "pages:")
    await shelf.reload()
    assert _title(shelf) == "What is it?"
    assert not shelf.stale


async def test_a_half_written_file_changes_nothing(folder: Folder) -> None:
    shelf = _shelf(folder)
    whole, before = folder.text(KSM), shelf.edition.catalog.revision
    for cut in (0, 10, len(whole) // 2, len(whole) - 60):
        folder.write(KSM, whole[:cut])
        await shelf.reload()
        assert shelf.stale
        assert shelf.edition.catalog.revision == before
    folder.write(KSM, whole)
    await shelf.reload()
    assert not shelf.stale


async def test_a_vanished_folder_changes_nothing(folder: Folder) -> None:
    shelf = _shelf(folder)
    shutil.rmtree(folder.path)
    await shelf.reload()
    assert shelf.stale
    assert _title(shelf) == "What is KSM?"


async def test_the_same_problems_are_told_once_and_new_ones_again(
    folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    shelf = _shelf(folder)
    folder.edit(KSM, "risk: high", "risk: none")
    await shelf.reload()
    await shelf.reload()
    (told,) = _warned(caplog, logging.ERROR)
    assert f"{KSM}:" in told
    folder.edit(KSM, "section:", "sektion:")
    await shelf.reload()
    assert len(_warned(caplog, logging.ERROR)) == 2


async def test_of_thousands_of_problems_the_log_has_a_hundred_and_their_number(
    folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    shelf = _shelf(folder)
    folder.write(KSM, b"".join(b"k%d: v\n" % number for number in range(3000)))
    await shelf.reload()
    (logged,) = _warned(caplog, logging.ERROR)
    assert len(shelf.problems) >= 3000
    assert len(logged.splitlines()) == 102
    assert logged.endswith(f"and {len(shelf.problems) - 100} more: `python -m bot check` lists them")


async def test_listeners_hear_of_each_new_edition_and_of_nothing_else(folder: Folder) -> None:
    heard: list[SealedCatalog] = []

    async def listen(edition: SealedCatalog) -> None:
        heard.append(edition)

    shelf = _shelf(folder)
    shelf.listen(listen)
    await shelf.reload()
    folder.edit(KSM, "risk: high", "risk: none")
    await shelf.reload()
    folder.edit(KSM, "risk: none", "risk: high")
    await shelf.reload()
    assert heard == []
    folder.edit(KSM, "What is KSM?", "What is it?")
    await shelf.reload()
    assert heard == [shelf.edition]


async def test_a_listener_that_fails_takes_the_edition_from_no_other(
    folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[SealedCatalog] = []

    async def fail(_: SealedCatalog) -> None:
        raise LookupError("no such thing")

    async def listen(edition: SealedCatalog) -> None:
        heard.append(edition)

    shelf = _shelf(folder)
    shelf.listen(fail)
    shelf.listen(listen)
    folder.edit(KSM, "What is KSM?", "What is it?")
    await shelf.reload()
    assert heard == [shelf.edition]
    assert "a listener failed" in _warned(caplog, logging.ERROR)[0]


async def test_watching_goes_on_after_an_unforeseen_error(folder: Folder, caplog: pytest.LogCaptureFixture) -> None:
    broken = True

    def read(path: Path) -> Catalog:
        if broken and shelf.stale is False and path == folder.path and folder.text(KSM).startswith("# strange"):
            raise MemoryError("no room")
        return _read(path)

    async def changes() -> AsyncIterator[None]:
        nonlocal broken
        yield
        broken = False
        folder.edit(KSM, "What is KSM?", "What is it?")
        yield

    shelf = LiveContent([folder.path], None, read, Risk.GENERAL)
    shelf.open()
    folder.write(KSM, "# strange\n" + folder.text(KSM))
    told: list[str] = []
    shelf.watch_problems(lambda: told.append(_title(shelf)))
    await shelf.watch(changes())
    assert told == ["What is KSM?", "What is it?"]
    assert "could not be read" in _warned(caplog, logging.ERROR)[0]


def test_a_restart_over_broken_files_serves_the_last_good_version(
    folder: Folder, kept: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _shelf(folder, kept)
    folder.edit(KSM, "What is KSM?", "What is it?")
    folder.edit(KSM, "risk: high", "risk: none")
    again = _shelf(folder, kept)
    assert _title(again) == "What is KSM?"
    assert again.stale
    assert "last good version" in _warned(caplog, logging.ERROR)[0]


async def test_the_last_good_version_is_the_last_and_not_the_first(folder: Folder, kept: Path) -> None:
    shelf = _shelf(folder, kept)
    folder.edit(KSM, "What is KSM?", "What is it?")
    await shelf.reload()
    (folder.path / KSM).unlink()
    assert _title(_shelf(folder, kept)) == "What is it?"


def test_a_broken_folder_is_never_replaced_by_what_was_kept_of_another(
    folder: Folder, kept: Path, tmp_path: Path
) -> None:
    _shelf(folder, kept)
    (tmp_path / "elsewhere").mkdir()
    other = Folder(tmp_path / "elsewhere", "en")
    other.edit(KSM, "risk: high", "risk: none")
    with pytest.raises(ContentError):
        _shelf(other, kept)
    assert _title(_shelf(folder, kept)) == "What is KSM?"


def test_a_first_start_over_broken_files_tells_their_problems(folder: Folder, kept: Path) -> None:
    folder.edit(KSM, "risk: high", "risk: none")
    with pytest.raises(ContentError) as caught:
        _shelf(folder, kept)
    assert [problem.file for problem in caught.value.problems] == [KSM]
    assert not kept.exists()


def test_kept_content_that_is_of_no_use_leaves_the_writers_own_problems(
    folder: Folder, kept: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _shelf(folder, kept)
    (kept / "en/policy.yaml").write_text("pages: {}\n")
    folder.edit(KSM, "risk: high", "risk: none")
    with pytest.raises(ContentError) as caught:
        _shelf(folder, kept)
    assert [problem.file for problem in caught.value.problems] == [KSM]
    assert "cannot be used" in _warned(caplog, logging.WARNING)[0]


def test_a_crash_while_one_version_replaces_another_loses_none(folder: Folder, kept: Path) -> None:
    _shelf(folder, kept)
    shutil.copytree(kept, kept.with_suffix(".new"))
    (kept / "en/policy.yaml").unlink()  # as when the process dies while the older version is removed
    folder.edit(KSM, "risk: high", "risk: none")
    assert _title(_shelf(folder, kept)) == "What is KSM?"


def test_what_is_kept_is_the_bots_alone_under_any_mask(folder: Folder, kept: Path) -> None:
    before = os.umask(0)
    try:
        _shelf(folder, kept)
    finally:
        os.umask(before)
    found = [kept, *kept.rglob("*")]
    assert {path.stat().st_mode & 0o777 for path in found if path.is_dir()} == {0o700}
    assert {path.stat().st_mode & 0o777 for path in found if path.is_file()} == {0o600}


def test_what_a_crash_left_behind_is_cleared_away(folder: Folder, kept: Path) -> None:
    (kept.with_suffix(".new") / "en").mkdir(parents=True)
    (kept.with_suffix(".new") / "en" / "policy.yaml").write_text("half")
    _shelf(folder, kept)
    _shelf(folder, kept)
    assert sorted(path.name for path in kept.parent.iterdir()) == ["content"]
    assert _read(kept).revision == _read(folder.path).revision


def test_files_that_change_while_they_are_kept_do_not_replace_the_good_ones(folder: Folder, kept: Path) -> None:
    _shelf(folder, kept)

    def read(path: Path) -> Catalog:
        catalog = _read(path)
        if path == folder.path:  # the writer saves just after the files were read
            folder.write(KSM, folder.text(KSM)[:40])
        return catalog

    folder.edit(KSM, "What is KSM?", "What is it?")
    shelf = LiveContent([folder.path], kept, read, Risk.GENERAL)
    shelf.open()
    assert _title(shelf) == "What is it?"
    assert _read(kept).default.entries["whatisksm"].title == "What is KSM?"


@pytest.mark.parametrize("obstacle", ["a file", "a file above"])
def test_an_unwritable_folder_is_only_a_warning(
    folder: Folder, kept: Path, obstacle: str, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = kept.with_suffix(".new") if obstacle == "a file" else kept.parent
    blocked.parent.mkdir(parents=True, exist_ok=True)
    blocked.write_text("in the way")
    assert _title(_shelf(folder, kept)) == "What is KSM?"
    (warning,) = _warned(caplog, logging.WARNING)
    assert str(kept) in warning


async def test_reading_does_not_hold_the_event_loop(folder: Folder) -> None:
    shelf = _shelf(folder)
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    turning = asyncio.create_task(turn())
    await shelf.reload()
    turning.cancel()
    assert turns > 1


async def test_what_a_full_disk_did_not_take_is_kept_once_there_is_room(
    folder: Folder, kept: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with full_disk():
        shelf = _shelf(folder, kept)
        await shelf.keep()
        assert not (kept / "revision").exists()
    await shelf.keep()
    await shelf.keep()
    assert (kept / "revision").read_text().startswith(shelf.edition.catalog.revision)
    said = [record.getMessage().split(":")[0] for record in caplog.records if str(kept) in record.getMessage()]
    assert said == [
        f"the last good content could not be stored in {kept}",
        f"the last good content is stored in {kept} again",
    ]
