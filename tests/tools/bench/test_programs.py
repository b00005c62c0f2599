"""Every program that is measured still runs and tells what its row reads, at a size that takes no time."""

from tools.bench.inside import growth, rows
from tools.bench.start import shares


def test_an_answer_asks_no_query_and_opens_no_file() -> None:
    measured = rows.answers("answer", times=40, rounds=1)
    assert measured.void is None
    assert measured.ours[0] > 0


def test_pins_are_looked_at_without_an_edit_and_edited_after_a_change() -> None:
    measured = rows.unchanged(3, rounds=1)
    assert measured.void is None


def test_six_languages_are_reloaded() -> None:
    assert rows.reloading(1, rounds=1).void is None


def test_growth_is_told_by_size() -> None:
    (curve,) = growth.measure("edits", 10, rounds=1).curves.values()
    assert [size for size, _ in curve] == [1, 10]


def test_what_a_start_is_made_of_is_shown_as_a_table() -> None:
    assert shares.table().count("\n") == len(shares.PARTS) + 1
