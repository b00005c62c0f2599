"""When new members are greeted, and which of them by name. In a raid nobody is named, and few names are held."""

import hashlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cachetools import TTLCache

from bot.core.markup import plain
from bot.core.spans import Text

LONGEST_NAME: Final = 32  # characters shown of a name
NAMELESS: Final = Text("…")  # stands for a name of which nothing can be shown
DAY: Final = 86_400.0  # seconds
MOST_REMEMBERED: Final = 20_000  # members of all communities together

# More than RAID joins within SPELL seconds are a raid, which is over CALM seconds after the last such join.
QUIET, LONGEST_WAIT = 20.0, 90.0  # seconds to a greeting: after the last join, and at most after the first
MOST_NAMES: Final = 5  # of a greeting
RAID, SPELL, CALM = 20, 60.0, 60.0


@dataclass(frozen=True, slots=True)
class Join:
    """A member joined `at` that time (with a time zone), under the name they gave themselves."""

    member: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Gathered:
    """Whom to greet together: `count` people who joined up to `until`, some of them by name, none in a raid. `members`
    are all of them with their names, for greetings that each sees alone; none in a raid.
    """

    count: int
    names: tuple[Text, ...]
    until: datetime
    raid: bool = False
    members: tuple[tuple[str, Text], ...] = ()


class JoinWindow:
    """Gathers the joins of one community. `now` is in monotonic seconds."""

    def __init__(self) -> None:
        self._latest: deque[float] = deque(maxlen=RAID + 1)
        self._named: dict[str, Text] = {}
        self._count, self._first = 0, 0.0
        self._until: datetime | None = None
        self.raid = False  # whether those who wait joined in a raid
        self.due: float | None = None  # when to greet; None while nobody waits

    @property
    def wake(self) -> float | None:
        """When to look again: when the greeting is due, or when the joins no longer count for a raid and can be
        forgotten. A greeting for later joins is due QUIET seconds after them at the earliest."""
        if self.due is not None:
            return self.due
        return self._latest[-1] + SPELL if self._latest else None

    def add(self, join: Join, now: float) -> None:
        """Somebody joined. A member who waits here already is not counted again, except in a raid."""
        if join.member in self._named:
            return
        self._latest.append(now)
        self._schedule(now)
        self._count += 1
        self._until = join.at if self._until is None else max(self._until, join.at)
        if not self.raid:  # what is held is bounded by what a raid is
            name = plain(join.name, LONGEST_NAME)
            self._named[join.member] = name if name.text else NAMELESS

    def remove(self, member: str) -> None:
        """A member left, and is not greeted. In a raid only the number is held."""
        if self._named.pop(member, None) is None:
            return
        self._count -= 1
        if not self._count:
            self.take()

    def _schedule(self, now: float) -> None:
        if len(self._latest) > RAID and now - self._latest[0] < SPELL:
            self.raid, self.due = True, now + CALM
            self._named.clear()
        elif self.due is None:
            self._first, self.due = now, now + QUIET
        elif not self.raid and now < self.due:
            self.due = min(now + QUIET, self._first + LONGEST_WAIT)

    def take(self) -> Gathered | None:
        """Everyone who waits, even before they are due; the window is empty afterwards."""
        if self._until is None:
            return None
        members = tuple(self._named.items())
        names = tuple(name for _, name in members[:MOST_NAMES])
        gathered = Gathered(self._count, names, self._until, self.raid, members)
        self._named.clear()
        self._count, self.raid, self._until, self.due = 0, False, None, None
        return gathered


class RecentMembers:
    """Remembers who joined within a day, so that somebody who leaves and comes back is not greeted again; or who
    rated an answer, so that this counts once a day.

    At most `most` members; the least recent is forgotten first. Only 64 bits of a BLAKE2b hash under `key` (32 random
    bytes that are stored nowhere) are held, in memory: they say nothing without the key. `clock` gives seconds.
    """

    def __init__(self, key: bytes, clock: Callable[[], float], most: int = MOST_REMEMBERED) -> None:
        self._key = key
        self._seen: TTLCache[int, None] = TTLCache(most, DAY, clock)

    def __len__(self) -> int:
        return len(self._seen)

    def returns(self, member: tuple[str, ...], *, remember: bool = True, renew: bool = True) -> bool:
        """Whether the member of a community, who joins now, also joined within the day before. One who did not is
        remembered only with `remember`; for one who did a new day begins only with `renew`."""
        named = repr(member).encode("utf-8", "surrogatepass")
        hashed = int.from_bytes(hashlib.blake2b(named, digest_size=8, key=self._key).digest())
        returns = hashed in self._seen
        if renew if returns else remember:
            self._seen[hashed] = None  # for a day from now
        return returns
