"""`docs/reliability.md` is complete and true: its table has every test of a fault, and each test it names exists."""

import re
from collections.abc import Iterable
from pathlib import Path

from tests.builders import ROOT

TABLE = (ROOT / "docs/reliability.md").read_text("utf-8")
FILES = re.compile(r"tests/[\w/]+/test_\w+\.py|test_\w+\.py")


def standing(files: Iterable[Path]) -> set[str]:
    """The tests that stand in these files."""
    found = (re.findall(r"^ *(?:async )?def (test_\w+)", file.read_text("utf-8"), re.MULTILINE) for file in files)
    return {name for names in found for name in names}


def test_every_test_of_a_fault_stands_in_the_table() -> None:
    here = Path(__file__)
    assert standing(file for file in here.parent.glob("test_*.py") if file != here) - named() == set()


def test_every_test_and_file_that_the_table_names_exists() -> None:
    assert named() - standing((ROOT / "tests").rglob("test_*.py")) == set()
    folders = [ROOT, ROOT / "tests/faults"]
    assert [name for name in FILES.findall(TABLE) if not any((folder / name).exists() for folder in folders)] == []


def named() -> set[str]:
    """The tests that the table names."""
    return set(re.findall(r"\btest_\w+", FILES.sub("", TABLE)))
