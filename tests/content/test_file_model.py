"""A content file is held against its model: every flaw is found at once, at its line, and nothing is converted."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import Field, StringConstraints

from bot.content.file_model import ContentFile, Model
from bot.content.schema import Many
from bot.content.yaml_file import YamlProblem, read
from bot.core.errors import Problem

Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5, pattern="^[a-z ]*$")]


class Cat(Model):
    kind: Literal["cat"]
    name: Word


class Dog(Model):
    kind: Literal["dog"]
    tricks: Many[Word] = Field(min_length=1, max_length=2)


class Home(ContentFile):
    door: Word
    size: Literal["small", "large"] = "small"
    built: date | None = None
    pet: Annotated[Cat | Dog, Field(discriminator="kind")] | None = None
    rooms: dict[Word, Word] = Field({})


def made(folder: Path, text: str) -> Home:
    (folder / "x.yaml").write_text(text, "utf-8")
    return Home.of(read(folder / "x.yaml", "x.yaml"))


def problems(folder: Path, text: str) -> tuple[Problem, ...]:
    with pytest.raises(YamlProblem) as caught:
        made(folder, text)
    return caught.value.problems


def test_what_fits_is_taken_with_its_defaults(tmp_path: Path) -> None:
    home = made(tmp_path, 'door: " red "\npet: {kind: dog, tricks: [sit]}\nrooms: {hall: big}\n')
    assert (home.door, home.size, home.pet, home.rooms) == (
        "red",
        "small",
        Dog(kind="dog", tricks=("sit",)),
        {"hall": "big"},
    )


def test_what_may_be_left_out_may_be_nothing(tmp_path: Path) -> None:
    home = made(tmp_path, "door: red\npet:\nbuilt: ~\n")
    assert (home.pet, home.built) == (None, None)


@pytest.mark.parametrize(
    ("line", "what", "remedy"),
    [
        ("door: 1", "“door”: should be text", "in quotes"),
        ("door: yes", "“door” is read by YAML as yes (true or false), not as text", '"yes"'),
        ("door: no", "“door” is read by YAML as no (true or false), not as text", '"no"'),
        ("door:", "“door”: should be text", "Write text"),
        ('door: " "', "“door”: should have at least 1 characters", "some words"),
        ("door: yellow", "“door”: has 6 characters, at most 5 are allowed", "Shorten"),
        ("door: Red", "“door”: should match the pattern ^[a-z ]*$", "Correct"),
        ("size: huge", "“size”: should be 'small' or 'large'", "one of the values"),
        ("size: [small]", "“size”: should be 'small' or 'large'", "one of the values"),
        ('built: "2026-01-01"', "“built”: should be a date", "without quotes"),
        ("pet: cat", "“pet”: should be a mapping", "Write a mapping"),
        ("pet: {kind: cow}", "“pet → kind”: should be 'cat', 'dog', not “cow”", "one of"),
        ("pet: {kind: [cat]}", "“pet → kind”: should be 'cat', 'dog'", "one"),
        ("pet: {name: Tom}", "the key “pet → kind” is missing", "Add it"),
        ("pet: {kind: dog, tricks: sit}", "“pet → tricks”: should be a list", "`- item`"),
        ("pet: {kind: dog, tricks: []}", "“pet → tricks”: should have at least 1 entries", "Add some"),
        ("pet: {kind: dog, tricks: [a, b, c]}", "“pet → tricks”: has 3 entries, at most 2", "Remove some"),
        ("rooms: [hall]", "“rooms”: should be a mapping", "Write a mapping"),
        ("rooms: {attic!: a}", "“rooms → attic!”: has 6", "Shorten"),
        ("xyz: red", "the key “xyz” is not known here", "correct its spelling"),
        ("rooom: {}", "the key “rooom” is not known here", "Did you mean “rooms”?"),
    ],
)
def test_a_flaw_is_told_at_its_line_with_its_remedy(tmp_path: Path, line: str, what: str, remedy: str) -> None:
    before = "" if line.startswith("door") else "door: red\n"
    (problem,) = problems(tmp_path, f"{before}{line}\n")
    assert problem.line == before.count("\n") + 1
    assert problem.what.startswith(what)
    assert remedy in problem.remedy


def test_a_misspelt_key_of_a_part_is_told_with_the_one_that_was_meant(tmp_path: Path) -> None:
    found = problems(tmp_path, "door: red\npet:\n  kind: cat\n  nmae: a\n")
    assert [(one.line, one.remedy) for one in found] == [(2, "Add it."), (4, "Did you mean “name”?")]


def test_all_flaws_are_told_at_once(tmp_path: Path) -> None:
    found = problems(tmp_path, "size: huge\ncolour: red\npet:\n  kind: dog\n  tricks:\n  - sit\n  - 7\n")
    assert sorted(one.line for one in found) == [1, 1, 2, 7]


def test_a_line_feed_at_the_end_does_not_slip_by_a_pattern(tmp_path: Path) -> None:
    class Named(ContentFile):
        name: Annotated[str, Field(pattern="^[a-z]*$")]

    (tmp_path / "x.yaml").write_text('name: "abc\\n"\n', "utf-8")
    with pytest.raises(YamlProblem):
        Named.of(read(tmp_path / "x.yaml", "x.yaml"))
