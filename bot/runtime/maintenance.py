"""Writes down once a minute what waits for it, and deletes once a day what is too old."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import final

from bot.core.errors import StoreError
from bot.core.ports import Counts
from bot.features.statistics import DAYS

FLUSH = 60.0  # seconds between two writings of the counts
KEPT = timedelta(days=7)  # how long what is stored of a community outlives the bot's removal


@final
@dataclass(slots=True)
class Maintenance:
    """`forget_left` deletes the communities that the bot left before a day, `recheck` forgets settings that another
    process has changed, `keep` stores the content if that failed before. `today` gives the day in UTC, or None where it
    is in doubt: nothing is deleted then. `sleep` waits seconds, `trouble` gets the store's errors. Several processes
    may do the same work at the same time.
    """

    counts: Counts
    forget_left: Callable[[date], Awaitable[object]]
    today: Callable[[], date | None]
    sleep: Callable[[float], Awaitable[object]]
    trouble: Callable[[StoreError], None]
    recheck: Callable[[], Awaitable[object]]
    keep: Callable[[], Awaitable[object]]
    done: date | None = None  # the day on which what was too old was last deleted

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            await self.round()
            await self.sleep(FLUSH)

    async def round(self) -> None:
        """Write the counts; on a new day, and after a start, delete. What fails is due again in the next round."""
        await self.keep()
        try:
            await self.recheck()
            await self.counts.flush()
            today = self.today()
            if today is not None and today != self.done:
                await self.forget_left(today - KEPT)
                await self.counts.drop(today - timedelta(days=DAYS))
                self.done = today
        except StoreError as error:
            self.trouble(error)
