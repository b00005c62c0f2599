"""What communities chose, in a dictionary: for tests of everything that is not the store."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from bot.core.community import Community
from bot.core.errors import StoreError
from bot.core.model import Place
from bot.features.communities import KnownCommunities


class Homes:
    """`bot.core.ports.CommunityRecords` in memory. While `broken`, nothing can be read or written."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str | None], Community] = {}
        self.broken = False

    def known(self) -> KnownCommunities:
        """A cache over it that asks every time."""
        return KnownCommunities(self, lambda: 0.0, lambda: date.min, lambda error: None, lambda: -1.0)

    async def read(self, place: Place) -> Community | None:
        self._check()
        return self.rows.get((place.platform, place.community))

    async def change(self, place: Place, edit: Callable[[Community], Community]) -> tuple[Community, Community]:
        self._check()
        key = (place.platform, place.community)
        before = self.rows.get(key, Community(*key))
        self.rows[key] = edit(before)
        return before, self.rows[key]

    async def changed_elsewhere(self) -> bool:
        return False

    async def moved(self, place: Place, new: str) -> None:
        row = self.rows.pop((place.platform, place.community), None)
        if row is not None:
            welcome = row.welcome and replace(row.welcome, community=new, channel=new)
            self.rows[place.platform, new] = replace(row, id=new, welcome=welcome)

    async def left(self, place: Place, day: date) -> None: ...

    async def returned(self, *places: Place) -> None: ...

    async def wipe(self, place: Place) -> None:
        self._check()
        self.rows.pop((place.platform, place.community), None)

    async def wipe_left(self, before: date) -> Sequence[Place]:
        return ()

    def _check(self) -> None:
        if self.broken:
            raise StoreError("the disk is full", "Make room.")
