"""Writes the counts down once a minute, and deletes once a day what is too old."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import final

from bot.core.errors import StoreError
from bot.core.ports import Counts
from bot.features.statistics import DAYS

FLUSH = 60.0  # seconds between two writings of the counts
KEPT = timedelta(days=7)  # how long what is stored of a community outlives the bot's removal


@final
class Maintenance:
    """`forget_left` deletes the communities that the bot left before a day. `today` gives the day in UTC, or None where
    it is in doubt: nothing is deleted then. `sleep` waits seconds, `trouble` gets the store's errors.

    Each process writes its own counts; the one for which `mine` is true deletes.
    """

    def __init__(
        self,
        counts: Counts,
        forget_left: Callable[[date], Awaitable[object]],
        today: Callable[[], date | None],
        sleep: Callable[[float], Awaitable[object]],
        trouble: Callable[[StoreError], None],
        *,
        mine: Callable[[], bool] = lambda: True,
    ) -> None:
        self._counts, self._forget_left, self._today = counts, forget_left, today
        self._sleep, self._trouble, self._mine = sleep, trouble, mine
        self._done: date | None = None

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            await self.round()
            await self._sleep(FLUSH)

    async def round(self) -> None:
        """Write the counts; on a new day, and after a start, delete. What fails is due again in the next round."""
        try:
            await self._counts.flush()
            today = self._today()
            if today is not None and today != self._done and self._mine():
                await self._forget_left(today - KEPT)
                await self._counts.drop(today - timedelta(days=DAYS))
                self._done = today
        except StoreError as error:
            self._trouble(error)
