"""Decides when newcomers are greeted and which of them by name. In a raid no names are shown, and few are stored."""

import hashlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cachetools import TTLCache

from bot.core.markup import plain
from bot.core.spans import Text

LONGEST_NAME: Final = 32  # characters of a name that are shown
NAMELESS: Final = Text("…")  # shown for a name without any visible character
DAY: Final = 86_400.0  # seconds
MOST_REMEMBERED: Final = 20_000  # members, of all communities together

# A greeting is due QUIET seconds after the last join, but at most LONGEST_WAIT seconds after the first one.
QUIET, LONGEST_WAIT = 20.0, 90.0
MOST_NAMES: Final = 5  # in a greeting
# More than RAID_JOINS joins within RAID_WINDOW seconds are a raid. Its greeting is due RAID_PAUSE seconds after the
# last such join.
RAID_JOINS, RAID_WINDOW, RAID_PAUSE = 20, 60.0, 60.0


@dataclass(frozen=True, slots=True)
class Join:
    """A member joined `at` that time (with a time zone). They chose the `name` themselves."""

    member: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class JoinBatch:
    """The newcomers of one greeting: `count` members who joined up to the time `until`.

    `names` are those to show. `members` has the ids and names of all, for greetings that only one member sees. Both are
    empty in a raid.
    """

    count: int
    names: tuple[Text, ...]
    until: datetime
    raid: bool = False
    members: tuple[tuple[str, Text], ...] = ()


class JoinWindow:
    """Collects the joins of one community. `now` is always in monotonic seconds."""

    def __init__(self) -> None:
        self._latest: deque[float] = deque(maxlen=RAID_JOINS + 1)
        self._named: dict[str, Text] = {}
        self._count, self._first = 0, 0.0
        self._until: datetime | None = None
        self.raid = False  # whether the waiting members joined in a raid
        self.due: float | None = None  # when to greet; None while no member waits

    @property
    def wake(self) -> float | None:
        """When to check the window again: when the greeting is due, or when the joins no longer count for a raid and
        the window can be dropped. A greeting for later joins is due QUIET seconds after them at the earliest."""
        if self.due is not None:
            return self.due
        return self._latest[-1] + RAID_WINDOW if self._latest else None

    def add(self, join: Join, now: float) -> None:
        """Add a join. A member who is already waiting is not counted again, except in a raid."""
        if join.member in self._named:
            return
        self._latest.append(now)
        self._schedule(now)
        self._count += 1
        self._until = join.at if self._until is None else max(self._until, join.at)
        if not self.raid:  # a raid stores no names, which limits how many are stored
            name = plain(join.name, LONGEST_NAME)
            self._named[join.member] = name if name.text else NAMELESS

    def remove(self, member: str) -> None:
        """Remove a member who left before the greeting. Does nothing in a raid, which has only a number."""
        if self._named.pop(member, None) is None:
            return
        self._count -= 1
        if not self._count:
            self.take()

    def _schedule(self, now: float) -> None:
        if len(self._latest) > RAID_JOINS and now - self._latest[0] < RAID_WINDOW:
            self.raid, self.due = True, now + RAID_PAUSE
            self._named.clear()
        elif self.due is None:
            self._first, self.due = now, now + QUIET
        elif not self.raid and now < self.due:
            self.due = min(now + QUIET, self._first + LONGEST_WAIT)

    def take(self) -> JoinBatch | None:
        """Return all who wait, even before the greeting is due, and empty the window; None if nobody waits."""
        if self._until is None:
            return None
        members = tuple(self._named.items())
        names = tuple(name for _, name in members[:MOST_NAMES])
        batch = JoinBatch(self._count, names, self._until, self.raid, members)
        self._named.clear()
        self._count, self.raid, self._until, self.due = 0, False, None, None
        return batch


class RecentMembers:
    """Remembers members for a day: those who joined, so that a member who leaves and comes back is not greeted again,
    or those who rated an answer, so that each rating counts once a day.

    Keeps at most `most` members and drops the least recent. Only 64 bits of a BLAKE2b hash with `key` (32 random bytes
    that are stored nowhere) are kept, in memory: without the key they reveal nothing. `clock` returns seconds.
    """

    def __init__(self, key: bytes, clock: Callable[[], float], most: int = MOST_REMEMBERED) -> None:
        self._key = key
        self._seen: TTLCache[int, None] = TTLCache(most, DAY, clock)

    def __len__(self) -> int:
        return len(self._seen)

    def seen(self, member: tuple[str, ...], *, remember: bool = True, renew: bool = True) -> bool:
        """Tell whether the member was remembered within the last day.

        A new member is remembered only with `remember`. The day of a known member starts again only with `renew`.
        """
        identity = repr(member).encode("utf-8", "surrogatepass")
        hashed = int.from_bytes(hashlib.blake2b(identity, digest_size=8, key=self._key).digest())
        known = hashed in self._seen
        if renew if known else remember:
            self._seen[hashed] = None  # for a day from now
        return known
