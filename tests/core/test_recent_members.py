"""Somebody who comes back within a day is known, without an id and without growing."""

from bot.core.recent_members import DAY, RecentMembers

KEY = b"k" * 32


def test_who_comes_back_within_a_day_is_known_and_each_time_starts_the_day_anew() -> None:
    recent = RecentMembers(KEY)
    assert not recent.returns(("telegram", "-5", "1"), 0.0)
    assert recent.returns(("telegram", "-5", "1"), DAY - 1)
    assert recent.returns(("telegram", "-5", "1"), 2 * DAY - 2)
    assert not recent.returns(("telegram", "-5", "1"), 3 * DAY - 2)


def test_a_member_is_known_in_the_community_where_they_came() -> None:
    recent = RecentMembers(KEY)
    assert not recent.returns(("telegram", "-5", "1"), 0.0)
    assert not recent.returns(("telegram", "-6", "1"), 1.0)
    assert not recent.returns(("discord", "-5", "1"), 1.0)
    assert not recent.returns(("telegram", "-", "51"), 1.0)


def test_who_is_not_to_be_remembered_is_not_but_who_was_stays_so() -> None:
    recent = RecentMembers(KEY)
    assert not recent.returns(("1",), 0.0, remember=False)
    assert not recent.returns(("1",), 1.0)
    assert recent.returns(("1",), DAY, remember=False)
    assert recent.returns(("1",), 2 * DAY - 1)


def test_at_most_so_many_are_remembered_and_who_came_longest_ago_goes_first() -> None:
    recent = RecentMembers(KEY, most=3)
    for number in range(4):
        assert not recent.returns((str(number),), float(number))
    assert len(recent) == 3
    assert recent.returns(("3",), 5.0)
    assert not recent.returns(("0",), 5.0)


def test_after_a_day_nothing_is_left_of_anybody() -> None:
    recent = RecentMembers(KEY)
    for number in range(100):
        recent.returns((str(number),), float(number))
    recent.returns(("new",), DAY + 100)
    assert len(recent) == 1


def test_what_is_kept_holds_no_id_and_depends_on_the_key() -> None:
    one, other = RecentMembers(KEY), RecentMembers(b"o" * 32)
    for recent in (one, other):
        recent.returns(("telegram", "-5", "424242"), 0.0)
    assert "424242" not in repr(vars(one))
    assert vars(one)["_came"] != vars(other)["_came"]
