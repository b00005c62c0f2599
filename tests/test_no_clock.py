"""A test ends the same on a slow machine as on a fast one, and closes what it opens: held by reading the source."""

import ast
import tomllib
from pathlib import Path

import pytest

from tests.builders import ROOT
from tests.waiting import PATIENCE

TESTS = sorted((ROOT / "tests").rglob("*.py"))
OURS = sorted(path for part in ("bot", "tests", "tools") for path in (ROOT / part).rglob("*.py"))
CLOCKS = {"time.perf_counter", "time.monotonic", "time.time", "time.process_time", "time.thread_time"}
MAY_READ_A_CLOCK = (
    "tests/costs.py",
    "tests/fakes/",
    "tests/tools/bench/",
)  # these compare nothing, or test our own clocks
MAY_BE_BRIEF = "tests/fakes/"  # whose own giving up is tested


def nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text("utf-8"))))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def is_figure(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, float | int)


@pytest.mark.parametrize("path", [path for path in TESTS if not name(path).startswith(MAY_READ_A_CLOCK)], ids=name)
def test_no_test_measures_how_long_anything_takes(path: Path) -> None:
    """What a speed claim needs is counted: steps, calls, work beside a twin's (tests/costs.py). Else `make bench`."""
    named = [node for node in nodes(path) if isinstance(node, ast.Attribute | ast.Import | ast.ImportFrom)]
    assert [
        (node.lineno, ast.unparse(node))
        for node in named
        if ast.unparse(node).removesuffix("_ns") in CLOCKS
        or ast.unparse(node).startswith(("from time import", "from timeit", "import timeit"))
        or ast.unparse(node).endswith(("loop.time", "loop().time"))
    ] == []


@pytest.mark.parametrize("path", [path for path in TESTS if not name(path).startswith(MAY_BE_BRIEF)], ids=name)
def test_every_test_gives_up_late(path: Path) -> None:
    """Waiting has one limit, PATIENCE, which is there to end a test that would hang."""
    assert [
        (node.lineno, ast.unparse(node))
        for node in nodes(path)
        if isinstance(node, ast.Call)
        if (ast.unparse(node.func) in {"asyncio.timeout", "asyncio.wait_for"} and any(map(is_figure, node.args)))
        or (
            any(one.arg == "seconds" and is_figure(one.value) for one in node.keywords)
            and ast.unparse(node.func).rpartition(".")[2].startswith(("wait_for", "until"))
        )
    ] == []


def test_a_test_gives_up_before_it_counts_as_hanging() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]["ini_options"]
    assert 60 <= PATIENCE < settings["faulthandler_timeout"]


@pytest.mark.parametrize("path", OURS, ids=name)
def test_every_sqlite_file_that_is_opened_is_closed(path: Path) -> None:
    """`with sqlite3.connect(…)` ends a transaction and closes nothing; since 3.13 Python complains of that."""
    found = nodes(path)
    kept = [node.value for node in found if isinstance(node, ast.Return)]
    kept += [node.args[0] for node in found if isinstance(node, ast.Call) and ast.unparse(node.func) == "closing"]
    opened = [node for node in found if isinstance(node, ast.Call) and ast.unparse(node.func) == "sqlite3.connect"]
    assert [node.lineno for node in opened if node not in kept] == []
