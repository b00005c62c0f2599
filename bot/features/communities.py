"""Settings of communities, kept in memory: answering in a known community costs no query."""

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

_MOST = 20_000  # about half a kilobyte each
_Key = tuple[str, str]
_T = TypeVar("_T")


async def following(communities: Communities, place: Place, act: Callable[[Place], Awaitable[_T]]) -> _T:
    """Act in that place; once more in the one that its group has become, if it moved."""
    try:
        return await act(place)
    except Moved as moved:
        await communities.moved(place, moved.new)
        return await act(replace(place, community=moved.new, channel=moved.new))


class _Known(NamedTuple):
    community: Community
    until: float


@final
class KnownCommunities:
    """`bot.core.ports.Communities` and `CommunityEvents` over what is stored.

    A change through this object is seen at once. One by another process is seen after the `lifetime` of what is known,
    in seconds (on PostgreSQL, which processes share), or at the next `recheck` (on an SQLite file). While the store
    fails, what is known stays in use for another `lifetime`, and `report` gets the error. `clock` gives monotonic
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
        self._known: LRUCache[_Key, _Known] = LRUCache(_MOST)
        self._reading: dict[_Key, asyncio.Task[Community]] = {}
        self._changes = 0
        self._listeners: list[Callable[[Community, Community], None]] = []

    def listen(self, changed: Callable[[Community, Community], None]) -> None:
        """Call `changed` with the old and the new settings after a community's were changed."""
        self._listeners.append(changed)

    async def of(self, place: Place) -> Community:
        """The community of that place, or the defaults in a direct chat and where nothing was chosen.

        Raises:
            StoreError: the settings cannot be read and none are known from before.
        """
        if place.community is None:
            return Community(place.platform, None)
        key = place.platform, place.community
        known = self._known.get(key)
        if known is not None and self._clock() < known.until:
            return known.community
        reading = self._reading.get(key)
        if reading is None:  # one read for all who ask at the same time
            reading = self._reading[key] = asyncio.create_task(self._read(place, known))
            reading.add_done_callback(partial(self._read_done, key))
        await asyncio.wait([reading])  # goes on if one who asked is cancelled
        return reading.result()

    def _read_done(self, key: _Key, reading: asyncio.Task[Community]) -> None:
        if self._reading.get(key) is reading:
            del self._reading[key]
        if not reading.cancelled():
            reading.exception()  # heard, even if all who asked were cancelled

    async def _read(self, place: Place, known: _Known | None) -> Community:
        before = self._changes
        try:
            community = await self._records.read(place) or Community(place.platform, place.community)
        except StoreError as error:
            if known is None:
                raise
            self._report(error)
            community = known.community
        if before == self._changes:  # else this may be older than what was changed meanwhile
            self._keep(community)
        return community

    async def change(self, place: Place, edit: Callable[[Community], Community]) -> Community:
        """Change the settings of the community of that place by a pure `edit`; returns the new ones.

        Raises:
            StoreError: they could not be stored.
        """
        before, after = await self._records.change(place, edit)
        self._changes += 1
        self._keep(after)
        for changed in self._listeners:
            changed(before, after)
        return after

    async def recheck(self) -> None:
        """Forget what is known if another process has written to the SQLite file. Raises StoreError."""
        if await self._records.changed_elsewhere():
            self._drop(*(Place(*key) for key in self._known))

    async def moved(self, place: Place, new: str) -> None:
        """The community goes on under the id `new`."""
        await self._noted(self._records.moved(place, new))
        self._drop(place, Place(place.platform, new))

    async def left(self, place: Place) -> None:
        """The bot was removed. If that cannot be stored, the rows stay until the platform tells it again."""
        await self._noted(self._records.left(place, self._today()))

    async def returned(self, *places: Place) -> None:
        """The bot was added to each of these, or is still there."""
        await self._noted(self._records.returned(*places))

    async def _noted(self, noting: Awaitable[None]) -> None:
        try:
            await noting
        except StoreError as error:
            self._report(error)

    async def forget(self, place: Place) -> None:
        """Delete all that is stored of the community, now. Raises StoreError."""
        await self._records.wipe(place)
        self._drop(place)

    async def forget_left(self, before: date) -> Sequence[Place]:
        """Delete all communities that the bot left before that day; returns them. Raises StoreError."""
        gone = await self._records.wipe_left(before)
        self._drop(*gone)
        return gone

    def _keep(self, community: Community) -> None:
        self._known[community.platform, community.id or ""] = _Known(community, self._clock() + self._lifetime())

    def _drop(self, *places: Place) -> None:
        self._changes += 1
        for place in places:
            key = (place.platform, place.community or "")
            self._known.pop(key, None)
            self._reading.pop(key, None)  # what is being read may be older than this
