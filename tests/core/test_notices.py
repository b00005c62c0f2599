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


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en", ("1 problem found", "2 problems found", "5 problems found", "21 problems found")),
        ("ru", ("Найдена 1 проблема,", "Найдены 2 проблемы,", "Найдено 5 проблем,", "Найдена 21 проблема,")),
        ("es", ("1 problema aquí,", "2 problemas aquí,", "5 problemas aquí,", "21 problemas aquí,")),
        ("zh", ("这里发现 1 个问题", "这里发现 2 个问题", "这里发现 5 个问题", "这里发现 21 个问题")),
    ],
)
def test_a_number_has_the_grammar_of_its_language(locale: str, said: tuple[str, ...]) -> None:
    language = shipped().languages[locale]
    for number, words in zip((1, 2, 5, 21), said, strict=True):
        assert flatten(seal(Notice("diagnose", {"count": number}), language, Risk.GENERAL).body).startswith(words)


def test_rows_stand_in_one_list_and_a_row_with_rows_of_its_own_between_two() -> None:
    row = Notice("settings-risk-high")
    notice = Notice("settings-now", {}, (row, row, Notice("diagnose-also", {}, (row,)), row))
    kinds = [type(block).__name__ for block in seal(notice, shipped().default, Risk.GENERAL).body]
    assert kinds == ["Paragraph", "Bullets", "Paragraph", "Bullets", "Bullets"]
