"""Decides when a chat may be edited next, so that a slow or failing chat does not delay the others."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final
from weakref import WeakValueDictionary

from bot.core.model import DISCORD, PLAYGROUND, TELEGRAM, Place
from bot.core.ports import Platform
from bot.core.sealed_catalog import SealedCatalog

_MOST_AT_ONCE = 500  # pins of a round in progress; most of them wait for their chat's turn
_MOST_CALLS = 100  # edits under way and not yet recorded; a crash may repeat this many
MOST_REFUSALS = 100  # refused edits per round; Discord blocks an IP address after 10,000 such calls in ten minutes
_LONGEST_ROUND = 60.0  # seconds; a new edit waits at most this long for the next round
_FIRST_REST, _LONGEST_REST = 30.0, 900.0  # seconds without edits in a chat after temporary errors


@dataclass(frozen=True, slots=True)
class EditIntervals:
    """Seconds between two edits in one chat, and between any two edits on the platform."""

    chat: float
    overall: float


# Telegram documents 20 messages a minute per group and about 30 a second per bot; commands need a part of both.
# Discord documents no limit for edits: its buckets allow about one a second per channel.
PACES: Final[Mapping[str, EditIntervals]] = MappingProxyType(
    {DISCORD: EditIntervals(1.0, 0.1), TELEGRAM: EditIntervals(3.0, 0.04), PLAYGROUND: EditIntervals(0.0, 0.0)}
)


def chat_of(place: Place) -> str:
    """Return the id of what a platform's limits apply to: a whole Telegram chat, a Discord channel or thread."""
    return (place.thread if place.platform == DISCORD else None) or place.channel or ""


class ChannelLocks:
    """One lock per channel, so that commands and the refresh do not act in a channel at the same time."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    def of(self, place: Place) -> asyncio.Lock:
        """Return the lock of that place's channel, for `async with`."""
        return self._locks.setdefault((place.platform, chat_of(place)), asyncio.Lock())


class Pace:
    """The pace of the refresh on one platform; commands do not wait for it. `clock` gives monotonic seconds."""

    def __init__(
        self, intervals: EditIntervals, clock: Callable[[], float], sleep: Callable[[float], Awaitable[object]]
    ) -> None:
        self._intervals, self._clock, self._sleep = intervals, clock, sleep
        self._next: dict[str, float] = {}  # by chat, the time of its next edit
        self._rests: dict[str, float] = {}  # by chat, the end of its rest
        self._failures: dict[str, int] = {}  # by chat, consecutive failures
        self._next_overall = 0.0  # the time of the platform's next edit
        self._end = math.inf  # of the round
        self.overran = False  # whether the round ended before every chat had all its turns

    def begin_round(self) -> None:
        """Start a round.

        It gives no turns later than a minute from now, so that a chat with many edits cannot delay the next round.
        """
        self._end, self.overran = self._clock() + _LONGEST_ROUND, False

    def closed(self, chat: str) -> bool:
        """Whether that chat gets no more turns in this round: it rests, or its next turn would come after the end."""
        late = max(self._next.get(chat, 0.0), self._next_overall) > self._end
        self.overran |= late
        return late or self.rest_left(chat) > 0

    async def wait_turn(self, chat: str) -> None:
        """Reserve the next turn of that chat, then one of the platform, and wait for them."""
        at = max(self._clock(), self._next.get(chat, 0.0))
        self._next[chat] = at + self._intervals.chat
        await self._until(at)
        at = max(self._clock(), self._next_overall)
        self._next_overall = at + self._intervals.overall
        await self._until(at)

    async def _until(self, at: float) -> None:
        if (wait := at - self._clock()) > 0:
            await self._sleep(wait)

    def rest_left(self, chat: str) -> float:
        """Return how many seconds that chat still rests."""
        return max(0.0, self._rests.get(chat, 0.0) - self._clock())

    def rest(self, chat: str, retry_after: timedelta | None) -> None:
        """Stop edits in that chat for as long as the platform asks, else from 30 seconds, doubling, to 15 minutes."""
        failures = self._failures[chat] = self._failures.get(chat, 0) + 1
        own = min(_FIRST_REST * 2 ** min(failures - 1, 10), _LONGEST_REST)
        self._rests[chat] = self._clock() + (own if retry_after is None else retry_after.total_seconds())

    def reset_failures(self, chat: str) -> None:
        """Reset the failures of that chat after a successful call."""
        self._failures.pop(chat, None)
        self._rests.pop(chat, None)

    def end_round(self) -> float | None:
        """End a round and release turns that were reserved but not used.

        Returns the seconds until the first resting chat may be edited again, None if none rests.
        """
        now = self._clock()
        self._next_overall = min(self._next_overall, now + self._intervals.overall)
        self._next = {chat: min(at, now + self._intervals.chat) for chat, at in self._next.items() if at > now}
        self._rests = {chat: at for chat, at in self._rests.items() if at > now}
        return min(self._rests.values()) - now if self._rests else None


@dataclass(slots=True)
class Round:
    """The progress of one pass over all pins of a platform, for one content version."""

    platform: Platform
    content: SealedCatalog
    pace: Pace
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_MOST_AT_ONCE))
    calls: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_MOST_CALLS))
    waiting: set[asyncio.Task[Any] | None] = field(default_factory=set)  # tasks that wait for their turn
    failures: int = 0  # consecutive
    refused: int = 0  # edits for which the bot lacked a right
    updated: int = 0
    failed: int = 0  # pins that got a state such as GONE or FORBIDDEN
    over: bool = False

    def done(self, task: asyncio.Task[Any]) -> None:
        """Release the slot of a task that ended, possibly cancelled before it started."""
        self.waiting.discard(task)
        self.slots.release()
