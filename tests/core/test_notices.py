"""Notices come from a closed set, and every value is shown in its own way."""

from types import MappingProxyType

import pytest

from bot.core.disclaimer import seal
from bot.core.model import Notice, Right, Risk, Value
from bot.core.notices import SLOTS
from bot.core.spans import ChannelRef, CommandRef, Slot, flatten, walk
from tests.builders import shipped

ENGLISH = shipped().default


def test_the_set_is_closed() -> None:
    assert isinstance(SLOTS, MappingProxyType)
    for language in shipped().languages.values():
        assert language.notices.keys() == SLOTS.keys()


def test_every_notice_of_every_language_has_just_its_slots() -> None:
    for language in shipped().languages.values():
        for key, body in language.notices.items():
            assert {span.name for span in walk(body) if isinstance(span, Slot)} == SLOTS[key]


@pytest.mark.parametrize(
    ("notice", "words"),
    [
        (Notice("slow-down", {"seconds": 3}), "3 s"),
        (Notice("pinned", {"command": CommandRef("whatisksm")}), "/whatisksm"),
        (Notice("welcome-on", {"channel": ChannelRef("42")}), "#42"),
        (Notice("no-rights", {"right": Right.PIN}), "pin messages"),
        (Notice("no-rights", {"right": Right.PIN | Right.MANAGE}), "pin messages and manage the community"),
    ],
)
def test_a_value_is_shown_in_its_own_way(notice: Notice, words: str) -> None:
    assert words in flatten(seal(notice, ENGLISH, Risk.GENERAL).body)


@pytest.mark.parametrize("values", [{}, {"second": 1}, {"seconds": 1, "more": 2}])
def test_a_notice_takes_just_its_slots(values: dict[str, Value]) -> None:
    with pytest.raises(ValueError, match="seconds"):
        Notice("slow-down", values)


def test_every_right_has_its_word_in_every_language() -> None:
    for language in shipped().languages.values():
        assert all(language.rights[right].strip() for right in Right)
