"""What a writer typed is never silently read as something else, and no file brings the reader down."""

import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.content.yaml_file import Document, YamlProblem, read
from bot.core.errors import Problem


def _read(tmp_path: Path, text: str | bytes) -> Document:
    path = tmp_path / "x.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    return read(path, "en/x.yaml")


def _problem(tmp_path: Path, text: str | bytes) -> Problem:
    with pytest.raises(YamlProblem) as caught:
        _read(tmp_path, text)
    return caught.value.problems[0]


def test_values_keep_their_lines(tmp_path: Path) -> None:
    document = _read(tmp_path, "a: 1\nlist:\n  - x\n  - y: no\ntext: |\n  one\n  two\n")
    assert document.values == {"a": 1, "list": ["x", {"y": False}], "text": "one\ntwo\n"}
    assert document.line(("list", 1, "y")) == 4
    assert document.line(("list", 1, "missing")) == 4
    assert document.problem(("text",), "", "", 2).line == 7
    assert document.line_of(("a",), "two") == 7


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("no", False),
        ("On", True),
        ("2026-11-22", date(2026, 11, 22)),
        ("2026-13-99", "2026-13-99"),
        ("12", 12),
        ("1e5", "1e5"),
        ("0x10", "0x10"),
        ("1.10", "1.10"),
        ("12:30", "12:30"),
        ("~", None),
        ("'no'", "no"),
        ('"2026-11-22"', "2026-11-22"),
        ("007", 7),
        ("9" * 40, "9" * 40),
    ],
)
def test_only_what_a_writer_means_is_converted(tmp_path: Path, typed: str, value: object) -> None:
    assert _read(tmp_path, f"key: {typed}").values == {"key": value}


BROKEN = {
    "twice": ("a: 1\nb: 2\na: 3\n", 3, "has the key “a” twice"),
    "twice deep inside": ("x:\n  a: 1\n  a: 2\n", 3, "has the key “a” twice"),
    "an anchor": ("a: &x 1\n", 1, "uses & or * for a reference"),
    "an alias": ("a: 1\nb: *x\n", 2, "uses & or * for a reference"),
    "a tag": ("a: !!python/object:os.system x\n", 1, "has the tag"),
    "a tag on a list": ("a: !!set [x]\n", 1, "has the tag"),
    "a tag on a mapping": ("a: !thing {b: c}\n", 1, "has the tag"),
    "a lone mark": ("a: ! x\n", 1, "has the tag"),
    "a list as a key": ("a: 1\n? [x]\n: y\n", 2, "has a list or mapping as a key"),
    "two documents": ("a: 1\n---\nb: 2\n", 2, "has a second document"),
    "a tab": ("a:\n\tb: c\n", 2, "has U+0009 TAB where YAML needs indentation"),
    "an open quote": ("a: 1\nb: 'x\n", 3, "not valid YAML"),
    "a colon in a text": ("a: b: c\n", 1, "not valid YAML"),
    "nested too deeply": ("a: " + "[" * 50_000, 1, "is nested too deeply"),
    "indented too deeply": ("".join(f"{'  ' * n}k{n}:\n" for n in range(40)), 9, "is nested too deeply"),
    "a list": ("- a\n- b\n", 1, "has no keys"),
    "a text": ("hello\n", 1, "has no keys"),
    "nothing": ("", 1, "has no keys"),
    "comments": ("# nothing yet\n", 1, "has no keys"),
    "a bell": ("a: 1\nb: x\x07y\n", 2, "has the control character U+"),
    "a zero byte": (b"a: 1\n\nb: \x00\n", 3, "has the control character U+"),
    "a control character in an escape": ('a: 1\nb: "x\\0y"\n', 2, "has the control character U+"),
    "a control character in a key": ('a: 1\n"x\\u0007": y\n', 2, "has the control character U+"),
    "Latin-1": ("a: 1\nb: caf\xe9\n".encode("latin-1"), 2, "not UTF-8 text"),
    "UTF-16": ("a: 1\n".encode("utf-16"), 1, "not UTF-8 text"),
    "a surrogate": ("a: 1\nb: \ud800\n", 2, "not UTF-8 text"),
    "too much": ("a: " + "x" * 200_000, 0, "larger than 200 kB"),
}


@pytest.mark.parametrize(("text", "line", "what"), BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_used_is_told_with_its_line(tmp_path: Path, text: str | bytes, line: int, what: str) -> None:
    problem = _problem(tmp_path, text)
    assert (problem.file, problem.line) == ("en/x.yaml", line)
    assert what in problem.what
    assert problem.remedy.endswith(".")


def test_the_first_of_two_equal_keys_is_pointed_at(tmp_path: Path) -> None:
    assert "line 2" in _problem(tmp_path, "x: 1\na: 1\nb: 2\na: 3\n").remedy


def test_billions_of_laughs_end_at_the_first_anchor(tmp_path: Path) -> None:
    rows = ["a0: &a0 [lol, lol]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40))]
    assert _problem(tmp_path, "\n".join(rows)).line == 1


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    assert _read(tmp_path, b"\xef\xbb\xbfa: 1\n").values == {"a": 1}


def test_windows_line_ends_keep_their_lines(tmp_path: Path) -> None:
    assert _problem(tmp_path, b"a: 1\r\nb: 2\r\na: 3\r\n").line == 3


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(YamlProblem, match=r"en/x.yaml: cannot be read \(no such file"):
        read(tmp_path / "none.yaml", "en/x.yaml")


def test_a_directory_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").mkdir()
    with pytest.raises(YamlProblem, match=r"en/x.yaml: cannot be read \(is a directory\)"):
        read(tmp_path / "x.yaml", "en/x.yaml")


def test_a_link_to_itself_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").symlink_to(tmp_path / "x.yaml")
    with pytest.raises(YamlProblem, match=r"en/x.yaml: cannot be read \(too many levels"):
        read(tmp_path / "x.yaml", "en/x.yaml")


def test_a_pipe_is_told_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.yaml")
    with pytest.raises(YamlProblem, match="is not a regular file"):
        read(tmp_path / "x.yaml", "en/x.yaml")


_PIECES = st.sampled_from(
    [
        *(
            "a",
            "b: ",
            "- ",
            "\n",
            "  ",
            "\t",
            "{",
            "}",
            "[",
            "]",
            "'",
            '"',
            "|",
            ">",
            "&x ",
            "*x",
            "!!str ",
            "? ",
            ": ",
        ),
        *(
            "#",
            "---",
            "...",
            "%YAML 1.1\n",
            "<<: ",
            "\\",
            "\\u",
            "no",
            "2026-01-01",
            "~",
            "\x00",
            "\ud7ff",
            "\u2028",
            ",",
        ),
    ]
)


@given(st.binary(max_size=400) | st.lists(_PIECES, max_size=60).map(lambda some: "".join(some).encode()))
@example(b"a: \xff")
@example(b"%YAML 9.9\n---\na: 1")
@example(b"%TAG ! tag:x\n---\na: !y 1")
def test_no_bytes_bring_the_reader_down(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.yaml"
    path.write_bytes(raw)
    problem = None
    try:
        assert isinstance(read(path, "fuzz.yaml").values, dict)
    except YamlProblem as error:
        problem = error.problems[0]
    if problem:
        assert problem.what
        assert problem.remedy
        assert problem.line <= len(raw) + 2
