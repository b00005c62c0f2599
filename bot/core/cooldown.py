"""Who asks too often, and how long they are to wait. Its law: it is told the time, and its memory is bounded."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import final


@final
@dataclass(frozen=True, slots=True)
class Limit:
    """At most one turn every `every` seconds for `key`, after a burst of `burst` turns at once."""

    key: Hashable
    every: float
    burst: int = 1


def budget(member: Hashable) -> Limit:
    """What one member may ask of a platform, of whatever kind, before anything is looked up for it: 40 things at once
    (a name typed with completion, some presses), and four a second after that."""
    return Limit(member, 0.25, 40)


@final
@dataclass(frozen=True, slots=True)
class Wait:
    """Refused for that many seconds; `first` is True once per pause, for the one word that tells of it."""

    seconds: float
    first: bool


@final
@dataclass(slots=True)
class _Bucket:
    """`full` is when all its turns are there again; `told` that the pause was told of."""

    full: float
    told: bool = False


@final
class Cooldown:
    """Token buckets, one a key, at most `most` of them: the one that was used longest ago is forgotten first, which
    lets its owner ask once more."""

    def __init__(self, most: int = 50_000) -> None:
        self._buckets: OrderedDict[Hashable, _Bucket] = OrderedDict()
        self._most = most

    def __len__(self) -> int:
        return len(self._buckets)

    def ask(self, now: float, *limits: Limit) -> Wait | None:
        """Take a turn of every limit, or of none: then how long to wait until all would give one.

        `now` is in seconds, of a clock that does not go back; a limit of 0 seconds is none.
        """
        limits = tuple(limit for limit in limits if limit.every > 0)
        waits = [(self._wait(limit, now), limit) for limit in limits]
        longest, slowest = max(waits, key=lambda pair: pair[0], default=(0.0, None))
        if slowest is None or longest <= 0:
            for limit in limits:
                self._take(limit, now)
            return None
        bucket = self._buckets[slowest.key]
        first, bucket.told = not bucket.told, True
        return Wait(longest, first)

    def _wait(self, limit: Limit, now: float) -> float:
        bucket = self._buckets.get(limit.key)
        if bucket is None:
            return 0.0
        bucket.full = min(bucket.full, now + limit.every * limit.burst)  # the limit was shortened meanwhile
        return bucket.full - now - limit.every * (limit.burst - 1)

    def _take(self, limit: Limit, now: float) -> None:
        bucket = self._buckets.pop(limit.key, None)
        self._buckets[limit.key] = _Bucket(max(bucket.full if bucket else now, now) + limit.every)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
