"""The date may be set while the bot runs; what waits or compares goes by the seconds."""

from datetime import date, timedelta

from tests.fakes.told import ToldClock

DAY = timedelta(days=1)


def test_the_day_is_the_machines_and_moments_go_by_the_seconds() -> None:
    told = ToldClock()
    clock, began = told.clock(), told.wall()
    told.set_on = DAY
    told.pass_(10)
    assert clock.today() == began.date() + DAY
    assert clock.moment() == began + timedelta(seconds=10)


def test_a_date_that_was_set_is_not_believed_for_an_hour() -> None:
    told = ToldClock()
    clock = told.clock()
    assert clock.trusted_day() == date(2026, 11, 22)
    for told.set_on in (DAY, timedelta(0), -DAY):
        told.pass_(60)
        assert clock.trusted_day() is None
        told.pass_(3599)
        assert clock.trusted_day() is None
        told.pass_(1)
        assert clock.trusted_day() == date(2026, 11, 22) + told.set_on


def test_a_date_that_a_network_corrects_by_little_is_believed() -> None:
    told = ToldClock()
    clock = told.clock()
    for _ in range(5):
        told.set_on += timedelta(minutes=20)
        told.pass_(60)
        assert clock.trusted_day() == date(2026, 11, 22)


def test_a_day_that_comes_by_itself_is_believed() -> None:
    told = ToldClock()
    clock = told.clock()
    for _ in range(48):
        told.pass_(1800)
        assert clock.trusted_day() is not None
    assert clock.trusted_day() == date(2026, 11, 23)


def test_what_has_been_lies_ahead_neither_of_the_date_nor_of_the_seconds() -> None:
    told = ToldClock()
    told.set_on = DAY  # it began with a wrong date
    clock = told.clock()
    assert clock.past() == told.wall()
    told.set_on = timedelta(0)
    assert clock.past() == told.wall()
    told.set_on = 3 * DAY
    assert clock.past() == clock.moment()
