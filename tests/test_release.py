"""The wheel that `make release` builds works in a virtual environment of its own, from an empty folder.

Its dependencies are those of the tests, unless REQUIRE_REGISTRY is set: then pip installs them, as pipx does.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import version
from tests.builders import ROOT, Folder

Run = Callable[..., str]


def build(checkout: Path, dist: Path) -> Path:
    """The wheel of that checkout."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(dist)]
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = dist.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the command is run; empty."""
    return tmp_path_factory.mktemp("empty")


@pytest.fixture(scope="module")
def installed(wheel: Path, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs `kusama-bot`, with nothing of our environment."""
    home, registry = tmp_path_factory.mktemp("home"), bool(os.environ.get("REQUIRE_REGISTRY"))
    venv.create(home / "venv")
    pip = [sys.executable, "-m", "pip", "--python", str(home / "venv/bin/python"), "install", "--quiet"]
    subprocess.run([*pip, *([] if registry else ["--no-deps"]), str(wheel)], check=True, timeout=600)
    if not registry:
        (packages,) = (home / "venv/lib").glob("python*/site-packages")
        (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), "utf-8")

    def run(*arguments: str) -> str:
        command = [str(home / "venv/bin/kusama-bot"), *arguments]
        known = {"PATH": os.environ["PATH"], "HOME": str(home)}
        done = subprocess.run(command, cwd=folder, env=known, capture_output=True, text=True, check=False, timeout=300)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_the_wheel_carries_the_answers_the_page_and_the_models(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for name in (
        "responses/en/interface.yaml",
        "adapters/playground/page/index.html",
        "responses/trained/meaning.json",
    ):
        assert f"bot/{name}" in names
    assert not [name for name in names if name.startswith(("tests/", "tools/"))]


def test_the_command_answers_and_checks_with_the_answers_in_the_wheel(installed: Run) -> None:
    said = installed("ask", "/whatisksm")
    assert "Telegram" in said
    assert "⚠️" in said
    assert "en (20)" in installed("check")


def test_the_command_names_the_version_of_the_wheel(wheel: Path, installed: Run) -> None:
    assert installed("--version") == f"kusama-bot {wheel.name.split('-')[1]}\n"


def test_answers_in_the_working_directory_come_before_those_in_the_wheel(installed: Run, folder: Path) -> None:
    Folder(folder, "en")
    try:
        assert installed("check").endswith("explainers by language: en (20).\n")
    finally:
        shutil.rmtree(folder / "responses")


def test_a_source_archive_without_git_can_be_built(tmp_path: Path) -> None:
    if not ((ROOT / ".git").exists() and shutil.which("git")):
        pytest.skip("this is no checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    wanted = ("bot/", "responses/", "pyproject.toml", "README.md", "LICENSE", ".git_archival.txt")
    for name in listed.stdout.split("\0"):
        if name.startswith(wanted) and (ROOT / name).is_file():
            (tmp_path / "archive" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, tmp_path / "archive" / name)
    assert build(tmp_path / "archive", tmp_path / "dist").name.startswith("kusama_community_bot-0.1.0-")


def test_a_checkout_has_a_version_too() -> None:
    assert version()
