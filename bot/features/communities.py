"""What communities chose, kept at hand. Its law: answering a command in a known community costs no query."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple, final

from bot.core.community import Community
from bot.core.errors import StoreError
from bot.core.model import Place
from bot.core.ports import Residence, Settings

_MOST = 20_000  # about half a kilobyte each


class _Known(NamedTuple):
    community: Community
    until: float


@final
class KnownCommunities:
    """`bot.core.ports.Communities` over the stored settings.

    A change made through this object is seen at once. One made by another process (several share a PostgreSQL) is
    seen up to `fresh` seconds later: until then that process answers with the language, floor and channels of before.
    With a file of its own a process may take `fresh` as infinite. `clock` gives seconds that never go back.

    While the store is in trouble, what is known stays in use for another `fresh` seconds, and `trouble` is told.
    """

    def __init__(
        self,
        settings: Settings,
        residence: Residence,
        clock: Callable[[], float],
        trouble: Callable[[StoreError], None],
        *,
        fresh: float,
        most: int = _MOST,
    ) -> None:
        self._settings = settings
        self._residence = residence
        self._clock = clock
        self._trouble = trouble
        self._fresh = fresh
        self._most = most
        self._known: OrderedDict[tuple[str, str], _Known] = OrderedDict()
        self._reading: dict[tuple[str, str], asyncio.Future[Community]] = {}
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
        known = self._known.get((place.platform, place.community))
        if known is None or known.until <= self._clock():
            return await self._shared(place, known)
        self._known.move_to_end((place.platform, place.community))
        return known.community

    async def _shared(self, place: Place, known: _Known | None) -> Community:
        """Read it once for all who ask at the same time; if who reads is cancelled, the next one does."""
        key = (place.platform, place.community or "")
        if (others := self._reading.get(key)) is not None:
            await asyncio.wait([others])
            return await self.of(place) if others.cancelled() else others.result()
        reading: asyncio.Future[Community] = asyncio.get_running_loop().create_future()
        self._reading[key] = reading
        try:
            reading.set_result(await self._read(place, known))
        except StoreError as error:
            reading.set_exception(error)
        finally:
            reading.cancel()
            if self._reading.get(key) is reading:
                del self._reading[key]
        return reading.result()

    async def _read(self, place: Place, known: _Known | None) -> Community:
        before = self._changes
        try:
            community = await self._settings.read(place) or Community(place.platform, place.community)
        except StoreError as error:
            if known is None:
                raise
            self._trouble(error)
            community = known.community
        if before == self._changes:  # else what was read may be older than what was changed meanwhile
            self._keep(community)
        return community

    async def change(self, place: Place, edit: Callable[[Community], Community]) -> Community:
        """Change what the community of that place chose, by a pure `edit`; returns what now holds."""
        old = Community(place.platform, place.community)

        def noting(before: Community) -> Community:
            nonlocal old
            old = before
            return edit(before)

        community = await self._settings.change(place, noting)
        self._changes += 1
        self._keep(community)
        for changed in self._listeners:
            changed(old, community)
        return community

    async def moved(self, place: Place, new: str) -> None:
        """The community goes on under the id `new`."""
        await self._residence.moved(place, new)
        self._drop(place, Place(place.platform, new))

    async def left(self, place: Place, day: date) -> None:
        """The bot was removed on that day."""
        await self._residence.left(place, day)
        self._drop(place)

    async def returned(self, *places: Place) -> None:
        """The bot was added to each of these again, or had never left it."""
        await self._residence.returned(*places)
        self._drop(*places)

    async def forget(self, place: Place) -> None:
        """Delete all that is stored of the community, now."""
        await self._residence.wipe(place)
        self._drop(place)

    async def forget_left(self, before: date) -> Sequence[Place]:
        """Delete all of the communities that the bot left before that day; returns them."""
        gone = await self._residence.wipe_left(before)
        self._drop(*gone)
        return gone

    def _keep(self, community: Community) -> None:
        key = (community.platform, community.id or "")
        self._known[key] = _Known(community, self._clock() + self._fresh)
        self._known.move_to_end(key)
        if len(self._known) > self._most:
            self._known.popitem(last=False)

    def _drop(self, *places: Place) -> None:
        self._changes += 1
        for place in places:
            key = (place.platform, place.community or "")
            self._known.pop(key, None)
            self._reading.pop(key, None)  # what is being read may be older than this
