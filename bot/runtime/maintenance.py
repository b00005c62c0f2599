"""What is done again and again: counts are written down, and what is too old is forgotten. Its law: the store's
trouble is told and tried again, and never ends the work.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, timedelta
from typing import Protocol, final

from bot.core.errors import StoreError
from bot.core.model import Place
from bot.core.ports import Counts
from bot.features.statistics import DAYS

FLUSH = 60.0  # seconds between two writings of the counts
KEPT = timedelta(days=7)  # how long what is stored outlives the bot's removal


class Homes(Protocol):
    """Communities that left."""

    async def forget_left(self, before: date) -> Sequence[Place]:
        """Delete all of the communities that the bot left before that day; returns them."""
        ...


@final
class Maintenance:
    """Runs until cancelled. `today` tells the day in UTC, or None where it is in doubt: nothing is
    forgotten then. `sleep` waits seconds, `trouble` is told of failures.

    Each process writes its own counts; what is too old is forgotten by the one whose turn it is (`mine`).
    """

    def __init__(
        self,
        counts: Counts,
        homes: Homes,
        today: Callable[[], date | None],
        sleep: Callable[[float], Awaitable[object]],
        trouble: Callable[[StoreError], None],
        *,
        mine: Callable[[], bool] = lambda: True,
    ) -> None:
        self._counts, self._homes, self._today = counts, homes, today
        self._sleep, self._trouble, self._mine = sleep, trouble, mine
        self._done: date | None = None

    async def run(self) -> None:
        """Once a minute; what is due once a day is done in the day's first minute, and after a start."""
        while True:
            await self.round()
            await self._sleep(FLUSH)

    async def round(self) -> None:
        """Write the counts; on a new day forget what is too old. What fails is due again in the next round."""
        try:
            await self._counts.flush()
            today = self._today()
            if today is not None and today != self._done and self._mine():
                await self._homes.forget_left(today - KEPT)
                await self._counts.drop(today - timedelta(days=DAYS))
                self._done = today
        except StoreError as error:
            self._trouble(error)
