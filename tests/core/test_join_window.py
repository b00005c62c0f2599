"""The window: everybody is counted once, nobody waits too long, and a raid gets no names."""

import tracemalloc
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.core.join_window import (
    LONGEST_NAME,
    LONGEST_WAIT,
    MOST_NAMES,
    QUIET,
    RAID_JOINS,
    RAID_PAUSE,
    Join,
    JoinBatch,
    JoinWindow,
)

BEGIN = datetime(2026, 11, 22, 12, tzinfo=UTC)


def join(number: int, now: float = 0.0, name: str = "") -> Join:
    return Join(str(number), name or f"newcomer {number}", BEGIN + timedelta(seconds=now))


def told(gaps: list[float]) -> list[tuple[float, JoinBatch, float]]:
    """Lets people come, each some seconds after the last, and looks whenever the window says so: when each greeting
    was, who was in it, and when the first of them had come."""
    window, greetings, now, first = JoinWindow(), list[tuple[float, JoinBatch, float]](), 0.0, 0.0

    def look(until: float) -> None:
        while (wake := window.wake) is not None and wake <= until:
            if (gathered := window.take()) is None:
                return
            greetings.append((wake, gathered, first))

    for number, gap in enumerate(gaps):
        look(now + gap)
        now += gap
        first = now if window.due is None else first
        window.add(join(number, now), now)
    look(now + 1_000)
    return greetings


GAPS = st.lists(
    st.one_of(st.floats(0, 100, allow_subnormal=False), st.sampled_from([0.0, 0.5, 2.9, 3.0, 19.9, 20.0, 60.0])),
    max_size=120,
)


@given(GAPS)
def test_everybody_is_counted_once(gaps: list[float]) -> None:
    assert sum(gathered.count for _, gathered, _ in told(gaps)) == len(gaps)


@given(GAPS)
def test_nobody_waits_more_than_ninety_seconds_but_in_a_raid(gaps: list[float]) -> None:
    for now, gathered, first in told(gaps):
        assert gathered.raid or now - first <= LONGEST_WAIT


@given(GAPS)
def test_a_raid_has_no_names_and_everything_else_has_some(gaps: list[float]) -> None:
    for _, gathered, _ in told(gaps):
        assert len(gathered.names) == (0 if gathered.raid else min(gathered.count, MOST_NAMES))
        assert gathered.raid or gathered.count <= 5 * RAID_JOINS


@given(GAPS)
def test_two_greetings_are_twenty_seconds_apart_at_least(gaps: list[float]) -> None:
    times = [now for now, _, _ in told(gaps)]
    assert all(later - earlier >= QUIET - 1e-6 for earlier, later in pairwise(times))


@given(GAPS)
def test_what_was_greeted_up_to_is_the_time_of_the_latest(gaps: list[float]) -> None:
    last = BEGIN + timedelta(seconds=sum(gaps))
    assert [one.until for _, one, _ in told(gaps)][-1:] == ([last] if gaps else [])


def test_one_alone_is_greeted_after_twenty_seconds() -> None:
    assert [(now, one.count) for now, one, _ in told([0.0])] == [(20.0, 1)]


def test_who_keeps_coming_is_greeted_after_ninety_seconds() -> None:
    times = [now for now, _, _ in told([15.0] * 12)]
    assert times[0] == 15.0 + 90.0


def test_twenty_in_a_minute_are_no_raid_and_twenty_one_are() -> None:
    assert [one.raid for _, one, _ in told([0.0] + [2.5] * 19)] == [False]
    assert [one.raid for _, one, _ in told([0.0] + [2.5] * 20)] == [True]


def test_a_raid_is_noticed_across_two_greetings() -> None:
    greetings = [one for _, one, _ in told([0.1] * 15 + [25.0] + [0.1] * 14)]
    assert [(one.count, one.raid) for one in greetings] == [(15, False), (15, True)]


def test_a_raid_of_fifty_thousand_gets_one_summary_and_holds_no_memory() -> None:
    window = JoinWindow()
    tracemalloc.start()
    try:
        for number in range(100):
            window.add(join(number, name="x" * 30), number / 100)
        before = tracemalloc.get_traced_memory()[0]
        for number in range(100, 50_000):
            window.add(join(number, name="x" * 30), number / 100)
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown < 4096
    assert window.due == 499.99 + RAID_PAUSE
    gathered = window.take()
    assert gathered
    assert (gathered.count, gathered.names, gathered.raid) == (50_000, (), True)


def test_who_waits_by_name_already_is_not_counted_again() -> None:
    window = JoinWindow()
    window.add(join(1), 0.0)
    window.add(join(1), 5.0)
    gathered = window.take()
    assert gathered
    assert gathered.count == 1


def test_a_name_of_which_nothing_can_be_shown_is_not_left_empty() -> None:
    window = JoinWindow()
    window.add(join(1, name="\u200b\u202e\u3164"), 0.0)
    gathered = window.take()
    assert gathered
    assert [name.text for name in gathered.names] == ["…"]


def test_a_long_name_is_cut() -> None:
    window = JoinWindow()
    window.add(join(1, name="n" * 500), 0.0)
    gathered = window.take()
    assert gathered
    assert len(gathered.names[0].text) == LONGEST_NAME


def test_an_overdue_greeting_is_not_put_off_by_who_comes_late() -> None:
    window = JoinWindow()
    window.add(join(1), 0.0)
    window.add(join(2), 25.0)
    assert window.due == 20.0


def test_the_window_is_forgotten_when_a_raid_could_no_longer_be_told() -> None:
    window = JoinWindow()
    window.add(join(1), 5.0)
    window.take()
    assert (window.due, window.wake) == (None, 65.0)
