"""The watch tells of every change to the content within three seconds, wherever links lead."""

import os
import shutil
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path

import pytest

from bot.content.watch import changes


class Clock:
    """Time that passes when somebody sleeps; `then` happens at the next sleep."""

    def __init__(self, most: float) -> None:
        self.passed, self.most = 0.0, most
        self.then: Callable[[], object] | None = None

    async def __call__(self, seconds: float) -> None:
        if self.then:
            self.then()
        self.passed += seconds
        assert self.passed <= self.most, "the change was not told in time"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def _replaced(link: Path, target: str) -> None:
    """Let a link lead elsewhere in one step, as Kubernetes and git-sync do."""
    fresh = link.with_name("..fresh")
    fresh.symlink_to(target)
    fresh.rename(link)


def _plain(home: Path) -> Path:
    _write(home / "content/en/answers/a.yaml", "a: 1")
    return home / "content"


def _linked_file(home: Path) -> Path:
    _write(home / "away/a.yaml", "a: 1")
    _plain(home)
    (home / "content/en/answers/a.yaml").unlink()
    (home / "content/en/answers/a.yaml").symlink_to(home / "away/a.yaml")
    return home / "content"


def _linked_folder(home: Path) -> Path:
    _write(home / "away/answers/a.yaml", "a: 1")
    (home / "content").mkdir()
    (home / "content/en").symlink_to(home / "away")
    return home / "content"


def _config_map(home: Path) -> Path:
    answers = home / "content/en/answers"
    _write(answers / "..one/a.yaml", "a: 1")
    _write(answers / "..two/a.yaml", "a: 2")
    (answers / "..data").symlink_to("..one")
    (answers / "a.yaml").symlink_to("..data/a.yaml")
    return home / "content"


def _git_sync(home: Path) -> Path:
    for number, tree in enumerate(("one", "two")):
        _write(home / tree / "en/answers/a.yaml", f"a: {number}")
    (home / "current").symlink_to("one")
    return home / "current"


def _swap_config_map(home: Path) -> None:
    _replaced(home / "content/en/answers/..data", "..two")


def _swap_config_map_and_remove(home: Path) -> None:
    _swap_config_map(home)
    shutil.rmtree(home / "content/en/answers/..one")


def _swap_worktree(home: Path) -> None:
    _replaced(home / "current", "two")


def _swap_worktree_and_remove(home: Path) -> None:
    _swap_worktree(home)
    shutil.rmtree(home / "one")


def _same_size_and_time(home: Path) -> None:
    was = (home / "away/a.yaml").stat()
    _write(home / "away/b.yaml", "a: 2")
    os.utime(home / "away/b.yaml", ns=(was.st_atime_ns, was.st_mtime_ns))
    _replaced(home / "content/en/answers/a.yaml", str(home / "away/b.yaml"))


CHANGES: dict[str, tuple[Callable[[Path], Path], Callable[[Path], object]]] = {
    "an edit": (_plain, lambda home: _write(home / "content/en/answers/a.yaml", "a: two")),
    "a new file": (_plain, lambda home: _write(home / "content/en/answers/b.yaml", "b: 1")),
    "a new language": (_plain, lambda home: (home / "content/de").mkdir()),
    "a folder that is no language": (_plain, lambda home: (home / "content/es copy").mkdir()),
    "a removed file": (_plain, lambda home: (home / "content/en/answers/a.yaml").unlink()),
    "a changed right": (_plain, lambda home: (home / "content/en/answers/a.yaml").chmod(0o600)),
    "the folder gone": (_plain, lambda home: shutil.rmtree(home / "content")),
    "the folder moved": (_plain, lambda home: (home / "content").rename(home / "elsewhere")),
    "an edit behind a linked file": (_linked_file, lambda home: _write(home / "away/a.yaml", "a: two")),
    "a link to another file of the same size and time": (_linked_file, _same_size_and_time),
    "an edit behind a linked folder": (_linked_folder, lambda home: _write(home / "away/answers/a.yaml", "a: two")),
    "a ConfigMap's swap": (_config_map, _swap_config_map),
    "a ConfigMap's swap, the old folder removed": (_config_map, _swap_config_map_and_remove),
    "git-sync's swap": (_git_sync, _swap_worktree),
    "git-sync's swap, the old folder removed": (_git_sync, _swap_worktree_and_remove),
}


@pytest.mark.parametrize(("before", "change"), CHANGES.values(), ids=CHANGES)
async def test_a_change_is_told_within_three_seconds(
    tmp_path: Path, before: Callable[[Path], Path], change: Callable[[Path], object]
) -> None:
    async with aclosing(changes([before(tmp_path)], Clock(3))) as told:
        await anext(told)  # whatever changed before the first look
        change(tmp_path)
        await anext(told)


async def test_a_file_that_is_being_written_is_told_when_it_rests_or_after_two_seconds(tmp_path: Path) -> None:
    clock, size = Clock(2.1), 0

    def write() -> None:
        nonlocal size
        size += 1
        _write(tmp_path / "content/en/answers/a.yaml", "#" * size)

    folder = _plain(tmp_path)
    async with aclosing(changes([folder], clock)) as told:
        await anext(told)
        clock.then = write
        await anext(told)


async def test_a_folder_that_is_missing_is_told_when_it_comes(tmp_path: Path) -> None:
    async with aclosing(changes([tmp_path / "content"], Clock(3))) as told:
        await anext(told)
        _plain(tmp_path)
        await anext(told)


async def test_what_a_program_leaves_behind_is_not_told(tmp_path: Path) -> None:
    folder = _plain(tmp_path)
    async with aclosing(changes([folder], Clock(3))) as told:
        await anext(told)
        _write(folder / "en/answers/.a.yaml.swp", "x")
        with pytest.raises(AssertionError, match="not told"):
            await anext(told)
