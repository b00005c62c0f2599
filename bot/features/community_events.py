"""The door by which communities come, move and go. Its law: whoever tells of it never fails over the store."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Protocol, final

from bot.core.errors import StoreError
from bot.core.model import Place


class Homes(Protocol):
    """What is stored of communities."""

    async def moved(self, place: Place, new: str) -> None:
        """The community goes on under the id `new`."""
        ...

    async def left(self, place: Place, day: date) -> None:
        """The bot was removed on that day."""
        ...

    async def returned(self, *places: Place) -> None:
        """The bot was added to each of these again."""
        ...


@final
class CommunityLifecycle:
    """`bot.core.ports.CommunityEvents` over what is stored. `today` tells the day in UTC, `trouble` is told what the
    store refused: a removal that is not noted keeps the community's rows until it is told again.
    """

    def __init__(self, homes: Homes, today: Callable[[], date], trouble: Callable[[StoreError], None]) -> None:
        self._homes, self._today, self._trouble = homes, today, trouble

    async def moved(self, place: Place, new: str) -> None:
        """The community goes on under the id `new`."""
        await self._noted(self._homes.moved(place, new))

    async def left(self, place: Place) -> None:
        """The bot was removed."""
        await self._noted(self._homes.left(place, self._today()))

    async def returned(self, *places: Place) -> None:
        """The bot was added to each of these, or is still there."""
        await self._noted(self._homes.returned(*places))

    async def _noted(self, work: Awaitable[None]) -> None:
        try:
            await work
        except StoreError as error:
            self._trouble(error)
