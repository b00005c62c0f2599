"""Stores the counts every minute, and deletes old data once a day."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import final

from bot.core.errors import StoreError
from bot.core.ports import Counts
from bot.features.statistics import DAYS

FLUSH = 60.0  # seconds between two rounds
KEPT = timedelta(days=7)  # how long a community's data is kept after the bot was removed from it


@final
@dataclass(slots=True)
class Maintenance:
    """Regular work on the stored data. Several processes may do it at the same time.

    `forget_left` deletes the communities that the bot left before a day. `recheck` drops cached settings that another
    process has changed. `keep` stores the content if that failed before. `today` returns the day in UTC, or None if the
    date is in doubt; nothing is deleted then. `sleep` waits for a number of seconds. `trouble` is called with errors of
    the store.
    """

    counts: Counts
    forget_left: Callable[[date], Awaitable[object]]
    today: Callable[[], date | None]
    sleep: Callable[[float], Awaitable[object]]
    trouble: Callable[[StoreError], None]
    recheck: Callable[[], Awaitable[object]]
    keep: Callable[[], Awaitable[object]]
    done: date | None = None  # the day of the last deletion

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            await self.round()
            await self.sleep(FLUSH)

    async def round(self) -> None:
        """Write the counts. In the first round and on each new day, also delete old data. The next round repeats
        whatever failed.
        """
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
