"""When a chat may be edited next, and the progress of a round of edits. A chat that is slow, flooded or failing holds
up no other.
"""

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

_MOST_AT_ONCE = 500  # pins of a round; most of them wait for their chat's turn
_MOST_CALLS = 100  # pins being edited and not yet recorded: as many may be edited again after a crash
MOST_REFUSALS = 100  # of a round; Discord shuts out an address that gets 10,000 in ten minutes
_LONGEST_ROUND = 60.0  # seconds; an edit asked for meanwhile starts within this time
_FIRST_REST, _LONGEST_REST = 30.0, 900.0  # seconds that a chat is left alone after errors that may pass


@dataclass(frozen=True, slots=True)
class Figures:
    """Seconds between two edits in one chat, and between any two on the platform."""

    chat: float
    overall: float


# Telegram publishes 20 messages a minute for a group and about 30 a second for a bot; commands need some of both.
# Discord publishes no number for edits: its buckets allow about one a second and channel.
PACES: Final[Mapping[str, Figures]] = MappingProxyType(
    {DISCORD: Figures(1.0, 0.1), TELEGRAM: Figures(3.0, 0.04), PLAYGROUND: Figures(0.0, 0.0)}
)


def chat(place: Place) -> str:
    """What a platform's limits count as one: on Telegram a chat with all its topics, on Discord a channel or thread."""
    return (place.thread if place.platform == DISCORD else None) or place.channel or ""


class Turns:
    """Lets a command or the refresh act in a channel, one at a time."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    def of(self, place: Place) -> asyncio.Lock:
        """The lock of that channel, for `async with`."""
        return self._locks.setdefault((place.platform, chat(place)), asyncio.Lock())


class Pace:
    """The refresh's pace on one platform; commands do not wait for it. `clock` gives monotonic seconds."""

    def __init__(
        self, figures: Figures, clock: Callable[[], float], sleep: Callable[[float], Awaitable[object]]
    ) -> None:
        self._figures, self._clock, self._sleep = figures, clock, sleep
        self._next: dict[str, float] = {}  # by chat, when its next edit may be
        self._rests: dict[str, float] = {}  # by chat, until when it is left alone
        self._failures: dict[str, int] = {}  # by chat, in a row
        self._slot = 0.0  # when the platform's next edit may be
        self._end = math.inf  # of the round
        self.left = False  # whether a turn of this round would have come after its end

    def begin(self) -> None:
        """A round begins, in which nobody gets a turn later than a minute from now, so that a chat with many edits
        cannot delay the next round.
        """
        self._end, self.left = self._clock() + _LONGEST_ROUND, False

    def closed(self, where: str) -> bool:
        """Whether that chat gets no more turns in this round: it rests, or its next turn comes after the end."""
        late = max(self._next.get(where, 0.0), self._slot) > self._end
        self.left |= late
        return late or self.resting(where) > 0

    async def turn(self, where: str) -> None:
        """Wait until that chat, and then the platform, may be edited."""
        at = max(self._clock(), self._next.get(where, 0.0))
        self._next[where] = at + self._figures.chat
        await self._until(at)
        at = max(self._clock(), self._slot)
        self._slot = at + self._figures.overall
        await self._until(at)

    async def _until(self, at: float) -> None:
        if (wait := at - self._clock()) > 0:
            await self._sleep(wait)

    def resting(self, where: str) -> float:
        """For how many seconds that chat is still left alone."""
        return max(0.0, self._rests.get(where, 0.0) - self._clock())

    def rest(self, where: str, asked: timedelta | None) -> None:
        """Leave that chat alone for as long as the platform asks, or longer after each failure."""
        times = self._failures[where] = self._failures.get(where, 0) + 1
        own = min(_FIRST_REST * 2 ** min(times - 1, 10), _LONGEST_REST)
        self._rests[where] = self._clock() + (own if asked is None else asked.total_seconds())

    def went_well(self, where: str) -> None:
        """The chat took a call: forget its failures."""
        self._failures.pop(where, None)
        self._rests.pop(where, None)

    def settled(self) -> float | None:
        """Give back turns that were not taken in a round that is over. Returns in how many seconds the first chat that
        rests may be asked again; None if none rests.
        """
        now = self._clock()
        self._slot = min(self._slot, now + self._figures.overall)
        self._next = {where: min(at, now + self._figures.chat) for where, at in self._next.items() if at > now}
        self._rests = {where: at for where, at in self._rests.items() if at > now}
        return min(self._rests.values()) - now if self._rests else None


@dataclass(slots=True)
class Round:
    """One look at all pins of a platform, for one content version."""

    platform: Platform
    content: SealedCatalog
    pace: Pace
    room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_MOST_AT_ONCE))
    calls: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_MOST_CALLS))
    waiting: set[asyncio.Task[Any] | None] = field(default_factory=set)  # for their turn
    failures: int = 0  # in a row
    refused: int = 0  # for want of a right
    updated: int = 0
    troubled: int = 0
    over: bool = False

    def done(self, task: asyncio.Task[Any]) -> None:
        """A task ended, perhaps cancelled before it began."""
        self.waiting.discard(task)
        self.room.release()
