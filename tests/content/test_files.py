"""Every file of the content folder is read, passed over because a program left it there, or told by name."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.content.files import quoted
from bot.content.languages import is_language
from bot.core.errors import Problem
from tests.builders import Folder

KSM = "en/answers/whatisksm.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, "en")


@pytest.fixture
def open_folder() -> Iterator[Folder]:
    """A folder that other users can reach."""
    with tempfile.TemporaryDirectory() as path:
        Path(path).chmod(0o755)
        yield Folder(Path(path), "en", "es")


@contextmanager
def as_somebody_else() -> Iterator[None]:
    """Without the rights of root, which may read everything."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


LEFT_BEHIND = """
    ._whatisksm.yaml .#whatisksm.yaml #whatisksm.yaml# whatisksm.yaml~ .whatisksm.yaml.swp whatisksm.yaml.swp
    whatisksm.yaml.bak whatisksm.yaml.orig whatisksm.yaml.tmp whatisksm.yaml___jb_tmp___ ~$whatisksm.yaml .DS_Store
    Thumbs.db desktop.ini 4913 .goutputstream-X1Y2Z3 .~lock.whatisksm.yaml# whatisksm.yaml.kate-swp
"""
NO_LANGUAGES = "__MACOSX .git lost+found questions schema ..data .ipynb_checkpoints @eaDir $RECYCLE.BIN"


def test_what_a_program_left_behind_is_no_content(folder: Folder) -> None:
    before = folder.load().revision
    for place in ("", "en/", "en/answers/"):
        for name in (*LEFT_BEHIND.split(), "README.md"):
            folder.write(place + name, b"\x00\xff no yaml: [")
    for name in NO_LANGUAGES.split():
        folder.write(f"{name}/answers/x.yaml", "not: content")
    assert folder.load().revision == before


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("es copy", "language tag"),
        ("es-old", "language tag"),
        ("Kopie von es", "language tag"),
        ("old", "language tag"),
        ("xx", "language tag"),
        ("spanish", "language tag"),
        ("EN", "Name it en,"),
        ("en_US", "Name it en-US,"),
        ("pt-br", "Name it pt-BR,"),
        ("zh-hant", "Name it zh-Hant,"),
    ],
)
def test_a_folder_that_is_no_language_is_told(folder: Folder, name: str, remedy: str) -> None:
    folder.write(f"{name}/interface.yaml", folder.text("en/interface.yaml"))
    (problem,) = folder.problems()
    assert (problem.file, problem.line, problem.what) == (name, 0, "is a folder whose name is not a language tag")
    assert remedy in problem.remedy


@pytest.mark.parametrize("name", ["de", "pt-BR", "zh-Hant", "zh-Hant-TW", "es-419"])
def test_a_language_is_named_by_its_tag(name: str) -> None:
    assert is_language(name)


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("en/answers/new-one.YAML", "Name it new-one.yaml"),
        ("en/answers/new-one.yml", "Name it new-one.yaml"),
        ("en/answers/new-one.yaml.txt", "Name it new-one.yaml"),
        ("en/answers/new-one.yaml.yaml", "Name it new-one.yaml"),
        ("en/answers/new-one.txt", "Name it new-one.yaml"),
        ("en/answers/New One.YML", "Name it new-one.yaml"),
        ("en/answers/new-one (1).yaml", "single hyphens"),
        ("en/answers/new-one - Copy.yaml", "single hyphens"),
        ("en/answers/new-one", "<command>.yaml"),
        ("en/answers/picture.png", "<command>.yaml"),
        ("en/answers/drafts/new-one.yaml", "<command>.yaml"),
        ("en/new-one.yaml", "move it to answers"),
        ("en/policy.yml", "Name it policy.yaml"),
        ("en/Interface.yaml", "Name it interface.yaml"),
        ("en/answer/new-one.yaml", "Name it answers"),
        ("en/answers/n\udce9w.yaml", "single hyphens"),
    ],
)
def test_nothing_is_ignored_without_a_word(folder: Folder, name: str, remedy: str) -> None:
    folder.write(name, folder.text(KSM))
    (problem,) = folder.problems()
    assert name.replace("\udce9", "\\udce9").startswith(problem.file)
    assert remedy in problem.remedy
    str(problem).encode()


@pytest.mark.parametrize(
    ("path", "mode"),
    [("es", 0), ("es", 0o444), ("es/answers", 0), ("es/answers", 0o444), ("es/policy.yaml", 0), (KSM, 0), ("", 0)],
)
def test_what_may_not_be_read_is_told_with_its_path_and_takes_no_language_away(
    open_folder: Folder, path: str, mode: int
) -> None:
    (open_folder.path / path).chmod(mode)
    with as_somebody_else():
        problems = open_folder.problems()
    (open_folder.path / path).chmod(0o755)
    assert problems
    for problem in problems:
        assert problem.file.startswith(path or str(open_folder.path))
        assert problem.what == "cannot be read (permission denied)"
        assert "chmod a+r" in problem.remedy


@pytest.mark.parametrize(
    "path", ["es", "es/answers", "es/policy.yaml", "es/answers/staking.yaml", "en/answers/new.yaml"]
)
@pytest.mark.parametrize("kind", ["a link to nowhere", "a link to itself", "a pipe"])
def test_what_is_no_file_or_folder_is_told(tmp_path: Path, path: str, kind: str) -> None:
    folder = Folder(tmp_path, "en", "es")
    there = folder.path / path
    if there.exists():
        there.rename(tmp_path / "aside")
    if kind == "a pipe":
        os.mkfifo(there)
    else:
        there.symlink_to("nowhere" if kind == "a link to nowhere" else there)
    problems = folder.problems()
    assert {problem.file for problem in problems} == {path}
    assert all("cannot be read (" in one.what or one.what == "is not a regular file" for one in problems)


@pytest.mark.parametrize(
    "secret", ["TOKEN=abc\n", "token: abc\n", "a: 1\nb: !abc x\n", 'token: "abc\n', "x” y “: 1\nabc: [\n"]
)
def test_what_lies_outside_the_folder_is_never_quoted(folder: Folder, tmp_path: Path, secret: str) -> None:
    (tmp_path / "env").write_text(secret)
    (folder.path / "en/answers/new-one.yaml").symlink_to(tmp_path / "env")
    problems = [one for one in folder.problems() if one.file == "en/answers/new-one.yaml"]
    assert problems
    for problem in problems:
        assert "abc" not in str(problem)
        assert "token" not in str(problem).lower()
        assert quoted([folder.path], problem) is None


def test_what_is_linked_inside_the_folder_is_read_and_quoted(folder: Folder) -> None:
    (folder.path / "..data").mkdir()
    (folder.path / KSM).rename(folder.path / "..data/whatisksm.yaml")
    (folder.path / KSM).symlink_to("../../..data/whatisksm.yaml")
    folder.edit(KSM, "risk: high", "colour: red\nrisk: high")
    linked = Folder.__new__(Folder)
    linked.path = folder.path.with_name("link")
    linked.path.symlink_to(folder.path)
    (problem,) = linked.problems()
    assert "“colour”" in problem.what
    assert quoted([linked.path], problem) == "colour: red"


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
def test_a_problem_is_quoted_by_its_line_where_there_is_one(
    tmp_path: Path, file: str, line: int, shown: str | None
) -> None:
    (tmp_path / "a.yaml").write_text("title: Kusama\ntitel: no\n" + "x" * 500 + "\n", "utf-8")
    (tmp_path / "b.yaml").write_bytes(b"\xff\xfe\n")
    assert quoted([tmp_path], Problem(file, line, "wrong", "Mend it.")) == shown
