"""SECURITY.md keeps its word: every test that it names as proof is there."""

import re
from pathlib import Path

import pytest

from tests.builders import ROOT

NAMED = sorted(set(re.findall(r"`(tests/[\w/.]+(?:::\w+)?)`", (ROOT / "SECURITY.md").read_text("utf-8"))))


def test_the_page_names_tests() -> None:
    assert len(NAMED) > 15


@pytest.mark.parametrize("proof", NAMED)
def test_a_test_that_the_page_names_is_there(proof: str) -> None:
    file, _, name = proof.partition("::")
    text = Path(ROOT, file).read_text("utf-8")
    assert re.search(rf"def {name}\b" if name else r"def test_", text)


def test_each_row_tells_who_how_what_stops_them_and_where_that_is_shown() -> None:
    rows = [line for line in (ROOT / "SECURITY.md").read_text("utf-8").splitlines() if line.startswith("| ")]
    for row in rows[1:]:
        cells = [cell.strip() for cell in row.strip("|").split(" | ")]
        assert len(cells) == 4, row
        assert "`tests/" in cells[3], row
