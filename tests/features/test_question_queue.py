"""Free questions are matched one at a time, in turn, and nobody fills the queue alone."""

import asyncio
from dataclasses import dataclass, field

import pytest

from bot.core.errors import Busy
from bot.core.model import Match, Outcome, Suggestion
from bot.features.question_queue import QuestionQueue


@dataclass
class Slow:
    """A matcher that finishes a question when told to."""

    begun: list[str] = field(default_factory=list)
    go: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))

    async def match(self, text: str) -> Match:
        """Note that it began, and wait."""
        self.begun.append(text)
        await self.go.acquire()
        if text == "broken":
            raise LookupError(text)
        return Match(Outcome.NONE, None, (), 0.0, text)

    def suggest(self, text: str, limit: int) -> tuple[Suggestion, ...]:
        """Nothing."""
        return ()


async def settled() -> None:
    """Let every task go as far as it can."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_one_question_is_matched_at_a_time_in_the_order_in_which_they_came() -> None:
    slow = Slow()
    queue = QuestionQueue(slow)
    asked = [asyncio.create_task(queue.match(text, text)) for text in "abc"]
    await settled()
    assert slow.begun == ["a"]
    slow.go.release()
    await settled()
    assert slow.begun == ["a", "b"]
    slow.go.release()
    slow.go.release()
    assert [match.why for match in await asyncio.gather(*asked)] == ["a", "b", "c"]


async def test_four_hundred_questions_of_one_member_let_anothers_be_the_second() -> None:
    slow = Slow()
    queue = QuestionQueue(slow)
    flood = [asyncio.create_task(queue.match(f"flood {number}", "mallory")) for number in range(400)]
    await settled()
    other = asyncio.create_task(queue.match("other", "ada"))
    await settled()
    slow.go.release()
    slow.go.release()
    assert (await other).why == "other"
    assert slow.begun == ["flood 0", "other"]
    told = await asyncio.gather(*flood, return_exceptions=True)
    assert sum(isinstance(one, Busy) for one in told) == 399


async def test_the_queue_is_short_and_says_so() -> None:
    slow = Slow()
    queue = QuestionQueue(slow, most=3)
    waiting = [asyncio.create_task(queue.match("?", number)) for number in range(3)]
    await settled()
    with pytest.raises(Busy):
        await queue.match("?", 3)
    for _ in waiting:
        slow.go.release()
    await asyncio.gather(*waiting)
    slow.go.release()
    await queue.match("?", 3)


async def test_a_question_that_fails_or_is_given_up_makes_room() -> None:
    slow = Slow()
    queue = QuestionQueue(slow, most=2)
    slow.go.release()
    with pytest.raises(LookupError):
        await queue.match("broken", "ada")
    held, given_up = asyncio.create_task(queue.match("held", 1)), asyncio.create_task(queue.match("given up", 2))
    await settled()
    given_up.cancel()
    await settled()
    last = asyncio.create_task(queue.match("last", 2))
    await settled()
    for _ in range(2):
        slow.go.release()
    await asyncio.gather(held, last)
    assert slow.begun == ["broken", "held", "last"]


async def test_forty_people_who_type_take_no_place_of_a_question_and_let_it_go_first() -> None:
    slow = Slow()
    queue = QuestionQueue(slow)
    typed = [asyncio.create_task(queue.look_up(f"typed {number}")) for number in range(40)]
    await settled()
    asked = [asyncio.create_task(queue.match(f"asked {number}", number)) for number in range(32)]
    await settled()
    for _ in range(40):
        slow.go.release()
    assert [match.why for match in await asyncio.gather(*asked)] == [f"asked {number}" for number in range(32)]
    found = await asyncio.gather(*typed, return_exceptions=True)
    assert slow.begun == ["typed 0", *(f"asked {number}" for number in range(32))]
    assert sum(isinstance(one, Busy) for one in found) == 39


async def test_at_most_a_quarter_of_the_places_is_for_look_ups() -> None:
    slow = Slow()
    queue = QuestionQueue(slow, most=8)
    waiting = [asyncio.create_task(queue.look_up("?")) for _ in range(2)]
    await settled()
    with pytest.raises(Busy):
        await queue.look_up("?")
    for _ in waiting:
        slow.go.release()
    await asyncio.gather(*waiting)
