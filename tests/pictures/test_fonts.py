"""Lines hold the whole text, and fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pictures.fonts import wrap


def each_sign_is_as_wide_as_the_size(text: str, size: float) -> float:
    return len(text) * size


@given(st.text(max_size=120), st.integers(1, 40))
def test_nothing_is_lost_and_no_line_is_too_wide(text: str, signs: int) -> None:
    lines = wrap(text, 10, signs * 10, each_sign_is_as_wide_as_the_size)
    assert "".join(lines) == text
    assert all(len(line.rstrip()) <= signs for line in lines)


@pytest.mark.parametrize(
    ("text", "signs", "lines"),
    [
        ("one two three", 7, ["one two ", "three"]),
        ("immeasurable", 5, ["immea", "surab", "le"]),
        ("你可能亏掉全部的钱。", 9, ["你可能亏掉全部的", "钱。"]),
        ("例如（relay chain）：帮助", 7, ["例如", "（relay ", "chain）：", "帮助"]),
    ],
)
def test_lines_break_where_a_reader_expects_it(text: str, signs: int, lines: list[str]) -> None:
    assert wrap(text, 10, signs * 10, each_sign_is_as_wide_as_the_size) == lines
