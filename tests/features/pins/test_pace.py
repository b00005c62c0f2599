"""How fast pins are edited, by a told clock."""

import asyncio
from datetime import timedelta

from bot.core.model import Place
from bot.features.pins.pace import PACES, ChannelLocks, EditIntervals, Pace, chat_of
from tests.features.pins.stage import Told


def pace(told: Told, figures: EditIntervals) -> Pace:
    return Pace(figures, told.clock, told.sleep)


async def test_one_chat_is_edited_no_faster_than_its_figure_says() -> None:
    told = Told(0.0)
    one = pace(told, PACES["telegram"])
    for _ in range(21):
        await one.wait_turn("chat")
    assert told.now == 60.0, "twenty-one edits take a minute: twenty fall into any"


async def test_all_chats_together_are_edited_no_faster_than_the_platform_takes() -> None:
    told = Told(0.0)
    one = pace(told, PACES["telegram"])
    for number in range(101):
        await one.wait_turn(f"chat {number}")
    assert round(told.now, 6) == 4.0


async def test_discord_gets_one_edit_a_second_and_channel_and_ten_in_all() -> None:
    told = Told(0.0)
    one = pace(told, PACES["discord"])
    await one.wait_turn("channel")
    await one.wait_turn("channel")
    assert told.now == 1.0
    for number in range(11):
        await one.wait_turn(f"channel {number}")
    assert round(told.now, 6) == 2.1


def test_a_chat_that_fails_rests_longer_each_time_and_no_other_does() -> None:
    told = Told(0.0)
    one = pace(told, EditIntervals(0.0, 0.0))
    rests = []
    for _ in range(7):
        one.rest("chat", None)
        rests.append(one.rest_left("chat"))
    assert rests == [30, 60, 120, 240, 480, 900, 900]
    assert one.rest_left("another") == 0
    one.reset_failures("chat")
    one.rest("chat", None)
    assert one.rest_left("chat") == 30


def test_a_chat_rests_for_exactly_as_long_as_the_platform_asks() -> None:
    told = Told(0.0)
    one = pace(told, EditIntervals(0.0, 0.0))
    one.rest("chat", timedelta(seconds=7))
    assert (one.rest_left("chat"), one.end_round()) == (7, 7)
    told.now = 7.0
    assert (one.rest_left("chat"), one.end_round()) == (0, None)


async def test_turns_that_were_not_taken_are_given_back() -> None:
    slept: list[float] = []

    async def stuck(seconds: float) -> None:
        slept.append(seconds)
        await asyncio.Event().wait()

    one = Pace(EditIntervals(3.0, 0.0), lambda: 0.0, stuck)
    waiting = [asyncio.ensure_future(one.wait_turn("chat")) for _ in range(50)]
    await asyncio.sleep(0)
    assert slept[-1] == 147.0
    one.end_round()
    waiting.append(asyncio.ensure_future(one.wait_turn("chat")))
    await asyncio.sleep(0)
    assert slept[-1] == 3.0
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_a_round_gives_no_turn_after_its_minute_and_the_next_goes_on() -> None:
    told = Told(0.0)
    one = pace(told, EditIntervals(3.0, 0.0))
    for _ in range(2):
        one.begin_round()
        turns = 0
        while not one.closed("chat"):
            await one.wait_turn("chat")
            turns += 1
        assert (turns in (20, 21), one.overran) == (True, True)
        assert not one.closed("another")
        one.end_round()
    one.begin_round()
    assert not one.overran


def test_telegram_counts_a_whole_chat_and_discord_each_thread() -> None:
    assert chat_of(Place("telegram", "-1", "-1", "5")) == "-1"
    assert chat_of(Place("discord", "1", "2", "3")) == "3"
    assert chat_of(Place("discord", "1", "2")) == "2"


async def test_a_channel_is_one_at_a_time_and_others_are_free() -> None:
    locks = ChannelLocks()
    here, there = Place("discord", "1", "2"), Place("discord", "1", "3")
    async with locks.of(here):
        assert locks.of(here).locked()
        assert not locks.of(there).locked()
    assert not locks.of(here).locked()
