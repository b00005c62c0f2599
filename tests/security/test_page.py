"""The pages keep their word: each row of SECURITY.md names its proof, and every test and file on a page exists."""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from tests.builders import ROOT

SECURITY = (ROOT / "SECURITY.md").read_text("utf-8")
PAGES = sorted([ROOT / "README.md", ROOT / "SECURITY.md", ROOT / "responses/README.md", *(ROOT / "docs").rglob("*.md")])
FOLDERS = ("bot", "tests", "docs", "tools", "responses", "requirements", ".github")
EXAMPLE = "compost/"  # the pack that docs/your-own.md has its readers write; tests/cli/test_your_own.py writes it
FILE = re.compile(r"`([\w./-]+\.(?:py|md|ya?ml|jsonl?|toml|svg|png|txt|sh))(?:::\w+)?`")
FOLDER = re.compile(rf"`((?:{'|'.join(FOLDERS[:5])})/[\w/-]*)`")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
TEST = re.compile(r"\btest_\w+\b(?!\.py)")


@cache
def files() -> frozenset[str]:
    """Every file of the repository, and every end of its path that a page may call it by."""
    found = [file for folder in FOLDERS for file in (ROOT / folder).rglob("*") if file.is_file()]
    paths = [file.relative_to(ROOT).parts for file in (*found, *(file for file in ROOT.iterdir() if file.is_file()))]
    return frozenset("/".join(parts[start:]) for parts in paths for start in range(len(parts)))


@cache
def standing_in(file: Path) -> frozenset[str]:
    """The tests that stand in that file."""
    return frozenset(re.findall(r"^ *(?:async )?def (test_\w+)", file.read_text("utf-8"), re.MULTILINE))


@cache
def standing() -> frozenset[str]:
    """Every test there is."""
    return frozenset().union(*map(standing_in, (ROOT / "tests").rglob("test_*.py")))


def missing(page: Path) -> set[str]:
    """What the page names and nobody finds."""
    text = page.read_text("utf-8")
    linked = {one for one in LINK.findall(text) if not (page.parent / one).exists()}
    folders = {one for one in FOLDER.findall(text) if not (ROOT / one).is_dir()}
    proofs = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text)
    misplaced = {name for file, name in proofs if file in files() and name not in standing_in(ROOT / file)}
    named = {one for one in FILE.findall(text) if not one.startswith(EXAMPLE)}
    return linked | folders | misplaced | named - files() | set(TEST.findall(text)) - standing()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_test_and_file_that_a_page_names_is_there(page: Path) -> None:
    assert missing(page) == set()


def test_a_name_of_what_is_not_there_is_found(tmp_path: Path) -> None:
    gone = ["[a](gone.md)", "`bot/gone/`", "`gone.py`", "`core/gone.py`", "`test_gone`"]
    elsewhere = "`tests/runtime/test_http_server.py::test_every_test_and_file_that_a_page_names_is_there`"
    there = "`model.py`, `core/model.py`, `bot/core/model.py`, `bot/core`, [a](page.md#part), [b](https://example.org)"
    page = tmp_path / "page.md"
    page.write_text(" ".join([*gone, elsewhere, there]), "utf-8")
    assert missing(page) == {
        *("gone.md", "bot/gone/", "gone.py", "core/gone.py", "test_gone"),
        "test_every_test_and_file_that_a_page_names_is_there",
    }


def test_the_page_of_threats_names_tests() -> None:
    assert len(set(re.findall(r"`(tests/[\w/.]+(?:::\w+)?)`", SECURITY))) > 15


def test_each_row_tells_who_how_what_stops_them_and_where_that_is_shown() -> None:
    lines = [*SECURITY.splitlines(), ""]
    rows = [line for line, below in pairwise(lines) if line.startswith("| ") and not below.startswith("|---")]
    for row in rows:
        cells = [cell.strip() for cell in row.strip("|").split(" | ")]
        assert len(cells) == 4, row
        assert "`tests/" in cells[3], row
