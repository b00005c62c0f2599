"""Caches the settings of communities, so that answering in a known community needs no query."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import NamedTuple, TypeVar, final

from cachetools import LRUCache

from bot.core.community import Community
from bot.core.errors import Moved, StoreError
from bot.core.model import Place
from bot.core.ports import Communities, CommunityRecords

_MOST_CACHED = 20_000  # about half a kilobyte each
_Key = tuple[str, str]
_T = TypeVar("_T")


async def retry_if_moved(communities: Communities, place: Place, act: Callable[[Place], Awaitable[_T]]) -> _T:
    """Return `await act(place)`. If the community has moved, record that and call `act` once more with its new place.

    Raises whatever `act` raises.
    """
    try:
        return await act(place)
    except Moved as moved:
        await communities.moved(place, moved.new)
        return await act(replace(place, community=moved.new, channel=moved.new))


class _Cached(NamedTuple):
    community: Community
    until: float  # when it expires, in monotonic seconds


@final
class KnownCommunities:
    """A cache over `records` that implements the ports `Communities` and `CommunityEvents`.

    Changes made through this object take effect at once. A change by another process takes effect when the cached value
    expires after `lifetime()` seconds (PostgreSQL, which processes share) or at the next `recheck` (SQLite). If the
    store fails, the expired value is used for another `lifetime()` and `report` gets the error. `clock` gives monotonic
    seconds, `today` the day in UTC.
    """

    def __init__(
        self,
        records: CommunityRecords,
        clock: Callable[[], float],
        today: Callable[[], date],
        report: Callable[[StoreError], None],
        lifetime: Callable[[], float],
    ) -> None:
        self._records, self._clock, self._today = records, clock, today
        self._report, self._lifetime = report, lifetime
        self._known: LRUCache[_Key, _Cached] = LRUCache(_MOST_CACHED)
        self._reading: dict[_Key, asyncio.Task[Community]] = {}
        self._changes = 0
        self._listeners: list[Callable[[Community, Community], None]] = []

    def listen(self, changed: Callable[[Community, Community], None]) -> None:
        """Call `changed(old, new)` after each change of a community's settings through this object."""
        self._listeners.append(changed)

    async def of(self, place: Place) -> Community:
        """Return the settings of that place's community; the defaults in a direct chat or if nothing is stored.

        Raises:
            StoreError: the settings cannot be read and are not cached.
        """
        if place.community is None:
            return Community(place.platform, None)
        key = place.platform, place.community
        known = self._known.get(key)
        if known is not None and self._clock() < known.until:
            return known.community
        reading = self._reading.get(key)
        if reading is None:  # callers that ask at the same time share one read
            reading = self._reading[key] = asyncio.create_task(self._read(place, known))
            reading.add_done_callback(partial(self._read_done, key))
        await asyncio.wait([reading])  # a cancelled caller does not cancel the read
        return reading.result()

    def _read_done(self, key: _Key, reading: asyncio.Task[Community]) -> None:
        if self._reading.get(key) is reading:
            del self._reading[key]
        if not reading.cancelled():
            reading.exception()  # marks the error as retrieved, even if all callers were cancelled

    async def _read(self, place: Place, known: _Cached | None) -> Community:
        before = self._changes
        try:
            community = await self._records.read(place) or Community(place.platform, place.community)
        except StoreError as error:
            if known is None:
                raise
            self._report(error)
            community = known.community
        if before == self._changes:  # otherwise this may be older than a change made meanwhile
            self._cache(community)
        return community

    async def change(self, place: Place, edit: Callable[[Community], Community]) -> Community:
        """Change the settings of that place's community and return the new ones. `edit` must be a pure function.

        Raises:
            StoreError: the change could not be stored.
        """
        before, after = await self._records.change(place, edit)
        self._changes += 1
        self._cache(after)
        for changed in self._listeners:
            changed(before, after)
        return after

    async def recheck(self) -> None:
        """Empty the cache if another process has written to the SQLite file. Raises StoreError."""
        if await self._records.changed_elsewhere():
            self._drop(*(Place(*key) for key in self._known))

    async def moved(self, place: Place, new: str) -> None:
        """Record that the community now has the id `new`. A StoreError is reported, not raised."""
        await self._report_error(self._records.moved(place, new))
        self._drop(place, Place(place.platform, new))

    async def left(self, place: Place) -> None:
        """Record that the bot was removed from the community today.

        A StoreError is reported, not raised; the community's data then stays until the platform reports the removal
        again.
        """
        await self._report_error(self._records.left(place, self._today()))

    async def returned(self, *places: Place) -> None:
        """Record that the bot is in these communities. A StoreError is reported, not raised."""
        await self._report_error(self._records.returned(*places))

    async def _report_error(self, write: Awaitable[None]) -> None:
        try:
            await write
        except StoreError as error:
            self._report(error)

    async def forget(self, place: Place) -> None:
        """Delete everything that is stored about the community. Raises StoreError."""
        await self._records.wipe(place)
        self._drop(place)

    async def forget_left(self, before: date) -> Sequence[Place]:
        """Delete the data of communities that the bot left before that day, and return them. Raises StoreError."""
        gone = await self._records.wipe_left(before)
        self._drop(*gone)
        return gone

    def _cache(self, community: Community) -> None:
        self._known[community.platform, community.id or ""] = _Cached(community, self._clock() + self._lifetime())

    def _drop(self, *places: Place) -> None:
        self._changes += 1
        for place in places:
            key = (place.platform, place.community or "")
            self._known.pop(key, None)
            self._reading.pop(key, None)  # a read under way may return older settings
