"""Somebody who comes back within a day is known, without an id and without growing."""

import pytest

from bot.core.join_window import DAY, RecentMembers

KEY = b"k" * 32
ADA = ("telegram", "-5", "1")


class Members:
    """Remembers with a clock that the test sets."""

    def __init__(self, key: bytes = KEY, most: int = 100) -> None:
        self.now = 0.0
        self.recent = RecentMembers(key, lambda: self.now, most)

    def seen(self, member: tuple[str, ...], now: float, *, remember: bool = True) -> bool:
        self.now = now
        return self.recent.seen(member, remember=remember)


def test_who_comes_back_within_a_day_is_known_and_each_time_starts_the_day_anew() -> None:
    members = Members()
    assert [members.seen(ADA, now) for now in (0, DAY - 1, 2 * DAY - 2, 3 * DAY - 2)] == [False, True, True, False]


@pytest.mark.parametrize("other", [("telegram", "-6", "1"), ("discord", "-5", "1"), ("telegram", "-", "51")])
def test_a_member_is_known_in_the_community_where_they_came(other: tuple[str, ...]) -> None:
    members = Members()
    members.seen(ADA, 0)
    assert not members.seen(other, 1)


def test_who_is_not_to_be_remembered_is_not_but_who_was_stays_so() -> None:
    members = Members()
    assert not members.seen(ADA, 0, remember=False)
    assert not members.seen(ADA, 1)
    assert members.seen(ADA, DAY, remember=False)
    assert members.seen(ADA, 2 * DAY - 1)


def test_at_most_so_many_are_remembered_and_who_came_longest_ago_goes_first() -> None:
    members = Members(most=3)
    for number in range(4):
        assert not members.seen((str(number),), number)
    assert len(members.recent) == 3
    assert members.seen(("3",), 5)
    assert not members.seen(("0",), 5)


def test_after_a_day_nothing_is_left_of_anybody() -> None:
    members = Members()
    for number in range(100):
        members.seen((str(number),), number)
    members.seen(("new",), DAY + 100)
    assert len(members.recent) == 1


def test_what_is_held_has_no_id_and_depends_on_the_key() -> None:
    held = []
    for key in (KEY, b"o" * 32):
        members = Members(key)
        members.seen(("telegram", "-5", "424242"), 0)
        held.append(list(vars(members.recent)["_seen"]))
    assert "424242" not in str(held)
    assert held[0] != held[1]
