"""Every notice is said somewhere, and nothing is said that is no notice."""

import ast
from collections.abc import Iterator
from pathlib import Path

from bot.core.notices import SLOTS
from tests.builders import ROOT

SAYING = {"Notice", "BadInput", "notice"}
CODE = [path for path in sorted((ROOT / "bot").rglob("*.py")) if path.name != "notices.py"]


def strings(path: Path) -> Iterator[tuple[str, bool]]:
    """Every string of a module, and whether more follows it in an f-string."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    begun = {node.values[0] for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) and len(node.values) > 1}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, node in begun


def said(path: Path) -> Iterator[str]:
    """The keys that a module names where it says something."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and ast.unparse(node.func).split(".")[-1] in SAYING:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def test_every_notice_is_said_by_some_code() -> None:
    whole = {text for path in CODE for text, begun in strings(path) if not begun}
    begun = tuple({text for path in CODE for text, begun in strings(path) if begun and text.endswith("-")})
    assert sorted(key for key in SLOTS if key not in whole and not key.startswith(begun)) == []


def test_only_notices_are_said() -> None:
    assert {(path.name, key) for path in CODE for key in said(path) if key not in SLOTS} == set()
