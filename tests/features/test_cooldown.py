"""The cooldown: never more than promised, never longer than promised, and never more memory than promised."""

from hypothesis import given
from hypothesis import strategies as st

from bot.features.access import Limit, RateLimiter, Wait

PAUSES = st.lists(st.floats(0, 20), max_size=60)


def moments(pauses: list[float]) -> list[float]:
    """Points in time that only grow."""
    return [sum(pauses[: n + 1]) for n in range(len(pauses))]


@given(PAUSES, st.floats(0.5, 10), st.integers(1, 6))
def test_no_stretch_of_time_holds_more_turns_than_the_burst_and_what_grew_since(
    pauses: list[float], every: float, burst: int
) -> None:
    cooldown = RateLimiter()
    taken = [now for now in moments(pauses) if cooldown.ask(now, Limit("ada", every, burst)) is None]
    for start, first in enumerate(taken):
        for end, last in enumerate(taken[start:], start):
            assert end - start + 1 <= burst + (last - first) / every + 1e-6


@given(PAUSES, st.floats(0.5, 10), st.integers(1, 6))
def test_whoever_waits_as_long_as_told_is_let_through(pauses: list[float], every: float, burst: int) -> None:
    cooldown, limit = RateLimiter(), Limit("ada", every, burst)
    for now in moments(pauses):
        wait = cooldown.ask(now, limit)
        if wait is not None:
            assert 0 < wait.seconds <= every + 1e-6
            assert cooldown.ask(now + wait.seconds + 1e-6, limit) is None
            return


@given(st.integers(1, 50), st.lists(st.integers(0, 200), max_size=300))
def test_memory_stays_within_its_bound(most: int, members: list[int]) -> None:
    cooldown = RateLimiter(most)
    for number, member in enumerate(members):
        cooldown.ask(number / 100, Limit(member, 60))
        assert len(cooldown) <= most


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 2)), max_size=60))
def test_one_member_never_costs_another_a_turn(turns: list[tuple[int, float]]) -> None:
    together, now = RateLimiter(), 0.0
    alone = {member: RateLimiter() for member in range(4)}
    for member, pause in turns:
        now += pause
        assert together.ask(now, Limit(member, 3)) == alone[member].ask(now, Limit(member, 3))


def test_the_first_refusal_of_a_pause_is_marked_and_no_other() -> None:
    cooldown, limit = RateLimiter(), Limit("ada", 10)
    assert cooldown.ask(0, limit) is None
    assert [cooldown.ask(now, limit) for now in (1, 2, 9)] == [Wait(9, True), Wait(8, False), Wait(1, False)]
    assert cooldown.ask(10, limit) is None
    assert cooldown.ask(11, limit) == Wait(9, True)


def test_a_turn_that_one_limit_refuses_costs_no_other_limit_anything() -> None:
    cooldown, member, channel = RateLimiter(), Limit("ada", 10), Limit("general", 1)
    assert cooldown.ask(0, channel) is None
    assert cooldown.ask(0.5, member, channel) == Wait(0.5, True)
    assert cooldown.ask(0.9, member) is None


def test_the_longest_of_several_waits_is_told() -> None:
    cooldown, member, channel = RateLimiter(), Limit("ada", 10), Limit("general", 1)
    assert cooldown.ask(0, member, channel) is None
    assert cooldown.ask(0.5, member, channel) == Wait(9.5, True)


def test_a_limit_that_was_shortened_holds_at_once() -> None:
    cooldown = RateLimiter()
    assert cooldown.ask(0, Limit("ada", 3600)) is None
    assert cooldown.ask(1, Limit("ada", 5)) == Wait(5, True)
    assert cooldown.ask(6, Limit("ada", 5)) is None


def test_no_seconds_are_no_limit() -> None:
    cooldown = RateLimiter()
    assert [cooldown.ask(0, Limit("ada", 0)) for _ in range(100)] == [None] * 100
    assert len(cooldown) == 0
