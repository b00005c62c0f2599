"""Shapes find every flaw of a value at once, and convert nothing."""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Literal

import pytest

from bot.content.shape import Flaw, Takes, shaped

Word = Annotated[str, Takes(strip=True, least=1, most=5, pattern="[a-z ]*")]


@dataclass(frozen=True, kw_only=True)
class Cat:
    kind: Literal["cat"]
    name: Word


@dataclass(frozen=True, kw_only=True)
class Dog:
    kind: Literal["dog"]
    tricks: Annotated[tuple[Word, ...], Takes(least=1, most=2)]


@dataclass(frozen=True, kw_only=True)
class Home:
    door: Word
    size: Literal["small", "large"] = "small"
    built: date | None = None
    pet: Cat | Dog | None = None
    rooms: dict[Word, Word] = field(default_factory=dict)


def flaws(value: Any) -> list[Flaw]:
    found = shaped(Home, value)
    assert isinstance(found, list)
    return found


def test_what_fits_is_taken_with_its_defaults() -> None:
    made = shaped(Home, {"door": " red ", "pet": {"kind": "dog", "tricks": ["sit"]}, "rooms": {"hall": "big"}})
    assert made == Home(door="red", pet=Dog(kind="dog", tricks=("sit",)), rooms={"hall": "big"})


def test_what_may_be_left_out_may_be_nothing() -> None:
    assert shaped(Home, {"door": "red", "pet": None, "built": None}) == Home(door="red")


@pytest.mark.parametrize(
    ("value", "where", "what", "remedy"),
    [
        ([], (), "“the file”: should be a mapping", "Write a mapping"),
        ({"door": 1}, ("door",), "“door”: should be text", "in quotes"),
        ({"door": True}, ("door",), "“door” is read by YAML as yes (true or false), not as text", '"no"'),
        ({"door": None}, ("door",), "“door”: should be text", "Write text"),
        ({"door": " "}, ("door",), "“door”: should have at least 1 characters", "some words"),
        ({"door": "yellow"}, ("door",), "“door”: has 6 characters, at most 5 are taken", "Shorten"),
        ({"door": "Red"}, ("door",), "“door”: should match the pattern [a-z ]*", "Correct"),
        ({"door": "red", "size": "huge"}, ("size",), "“size”: should be 'small' or 'large'", "one of the values"),
        ({"door": "red", "size": ["small"]}, ("size",), "“size”: should be 'small' or 'large'", "one of the values"),
        ({"door": "red", "built": "2026-01-01"}, ("built",), "“built”: should be a date", "without quotes"),
        ({"door": "red", "pet": "cat"}, ("pet",), "“pet”: should be a mapping", "Write a mapping"),
        ({"door": "red", "pet": {"kind": "cow"}}, ("pet", "kind"), "“pet → kind”: should be 'cat' or 'dog'", "one of"),
        ({"door": "red", "pet": {"kind": ["cat"]}}, ("pet", "kind"), "“pet → kind”: should be 'cat' or 'dog'", "one"),
        ({"door": "red", "rooms": ["hall"]}, ("rooms",), "“rooms”: should be a mapping", "Write a mapping"),
        ({"door": "red", "rooms": {"attic!": "a"}}, ("rooms", "attic!"), "“rooms → attic!”: has 6", "Shorten"),
        ({"door": "red", "rooms": {1: "a"}}, ("rooms", 1), "“rooms → 1”: should be text", "in quotes"),
    ],
)
def test_a_flaw_is_told_with_its_place_and_remedy(value: Any, where: tuple[Any, ...], what: str, remedy: str) -> None:
    (flaw,) = flaws(value)
    assert flaw.where == where
    assert flaw.what.startswith(what)
    assert remedy in flaw.remedy


def test_lists_are_no_texts_and_have_their_size() -> None:
    for tricks, what in (("sit", "should be a list"), ([], "at least 1 entries"), (["a", "b", "c"], "has 3 entries")):
        (flaw,) = flaws({"door": "red", "pet": {"kind": "dog", "tricks": tricks}})
        assert flaw.where == ("pet", "tricks")
        assert what in flaw.what


def test_all_flaws_are_told_at_once() -> None:
    value = {"size": "huge", "colour": "red", "pet": {"kind": "dog", "tricks": ["sit", 7]}}
    assert [flaw.where for flaw in flaws(value)] == [("door",), ("size",), ("pet", "tricks", 1), ("colour",)]


def test_a_line_feed_at_the_end_does_not_slip_by_a_pattern() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Named:
        name: Annotated[str, Takes(pattern="^[a-z]*$")]

    assert isinstance(shaped(Named, {"name": "abc\n"}), list)
