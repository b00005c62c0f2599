"""Telegram's refusals as they come into the log: short, plain, and without anybody's words, names or ids."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import error as sdk

from bot.adapters.telegram.errors import LONGEST, logged, problem
from bot.core.errors import MessageGone


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Forbidden: bot was kicked from the supergroup chat", "Forbidden: bot was kicked from the supergroup chat"),
        ('Bad Request: can\'t parse entities: "my words" at byte 7', "Bad Request: can't parse entities: at byte 7"),
        ("Bad Request: user 123456789 not found", "Bad Request: user not found"),
        ("Bad Request: @someone at https://t.me/x is wrong", "Bad Request: at is wrong"),
        ("Bad Request: “unfinished words of a member", "Bad Request:"),
        ("Bad Request:\r\n\x1b[31m2026 INFO all is well", "Bad Request: 31m2026 INFO all is well"),
        ("дядя Фёдор", "refused without a description"),
    ],
)
def test_only_telegrams_own_words_are_left(said: str, expected: str) -> None:
    assert logged(said) == expected


@given(st.text(max_size=2000))
def test_whatever_is_said_is_one_short_plain_line(said: str) -> None:
    line = logged(said)
    assert 0 < len(line) <= LONGEST
    assert line.isprintable()
    assert line.rstrip("…").isascii()
    assert "@" not in line


@given(st.text("qwxyz 0123@/._", max_size=200).map(lambda one: f"member{one}"))
def test_what_is_quoted_is_never_logged(words: str) -> None:
    assert words not in logged(f'Bad Request: entity "{words}" is wrong')


def test_a_refusal_is_told_apart_by_all_its_words_and_logged_by_few() -> None:
    failure = problem(sdk.BadRequest(f'Bad Request: "{"x" * 5000}" message to edit not found'))
    assert isinstance(failure, MessageGone)
    assert len(failure.reason) <= LONGEST
