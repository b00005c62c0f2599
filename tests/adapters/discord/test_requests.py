"""What Discord's permission bits mean to us."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.discord import requests
from bot.core.model import Right

VIEW, SEND, IN_THREADS, ADMINISTRATOR = 1 << 10, 1 << 11, 1 << 38, 1 << 3


@pytest.mark.parametrize(
    ("bits", "thread", "right", "held"),
    [
        (1 << 51, False, Right.PIN, True),
        (1 << 13, False, Right.PIN, False),  # managing messages has not sufficed since 2026
        (1 << 13, False, Right.DELETE, True),
        (1 << 5, False, Right.MANAGE, True),
        (1 << 16, False, Right.HISTORY, True),
        (VIEW | SEND, False, Right.SEND, True),
        (SEND, False, Right.SEND, False),
        (VIEW | SEND, True, Right.SEND, False),
        (VIEW | IN_THREADS, True, Right.SEND, True),
        (VIEW | IN_THREADS, False, Right.SEND, False),
    ],
)
def test_each_right_asks_for_its_own_permission(bits: int, thread: bool, right: Right, held: bool) -> None:
    assert bool(requests.rights(bits, thread=thread) & right) is held


@given(st.integers(0, (1 << 53) - 1), st.booleans())
def test_an_administrator_may_do_everything_but_is_told_of_joins_by_the_intent_alone(bits: int, thread: bool) -> None:
    held = requests.rights(bits | ADMINISTRATOR, thread=thread)
    assert held == Right.SEND | Right.PIN | Right.MANAGE | Right.HISTORY | Right.DELETE | Right.ATTACH


def test_nothing_is_allowed_without_a_permission() -> None:
    assert requests.rights(0, thread=False) == Right.NONE
