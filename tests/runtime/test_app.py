"""What the app hands to others: the line that a problem speaks of."""

from pathlib import Path

import pytest

from bot.core.errors import Problem
from bot.runtime.app import quoting


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.yaml").write_text("title: Kusama\ntitel: no\n" + "x" * 500 + "\n", "utf-8")
    (tmp_path / "b.yaml").write_bytes(b"\xff\xfe\n")
    return tmp_path


@pytest.mark.parametrize(
    ("file", "line", "shown"),
    [
        ("a.yaml", 2, "titel: no"),
        ("a.yaml", 3, "x" * 200),
        ("a.yaml", 0, None),
        ("a.yaml", 9, None),
        ("b.yaml", 1, None),
        ("gone.yaml", 1, None),
    ],
)
def test_a_problem_is_shown_with_its_line_where_there_is_one(
    folder: Path, file: str, line: int, shown: str | None
) -> None:
    assert quoting(folder)(Problem(file, line, "wrong", "Mend it.")) == shown
