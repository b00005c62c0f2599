"""The clock and the sleep function of the process. Durations use monotonic seconds; the machine's date, which may be
changed, is used only to name days and moments.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Final, final

_JUMP: Final = timedelta(hours=1)  # more than time synchronisation usually corrects
_DOUBT: Final = 3600.0  # seconds for which the date is in doubt after a jump


@final
class Clock:
    """A clock. `seconds` returns monotonic seconds, `wall` the machine's date and time with its time zone; `sleep`
    waits for a number of seconds.
    """

    def __init__(
        self,
        seconds: Callable[[], float] = time.monotonic,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.seconds, self.wall, self.sleep = seconds, wall, sleep
        self._start = self._last = wall(), seconds()
        self._jumped = self._start[1] - _DOUBT

    def today(self) -> date:
        """The current day in UTC, by the machine's date."""
        return self.wall().date()

    def trusted_day(self) -> date | None:
        """The current day for deleting old data. None for an hour after the date jumped by more than an hour: it may be
        wrong, and would be corrected soon.
        """
        wall, seconds = self.wall(), self.seconds()
        before, then = self._last
        self._last = wall, seconds
        if abs(wall - before - timedelta(seconds=seconds - then)) > _JUMP:
            self._jumped = seconds
        return wall.date() if seconds - self._jumped >= _DOUBT else None

    def moment(self) -> datetime:
        """The date and time at this clock's start plus the seconds since then. Moments stay comparable even if the
        machine's date is changed.
        """
        wall, seconds = self._start
        return wall + timedelta(seconds=self.seconds() - seconds)

    def past(self) -> datetime:
        """The earlier of `moment` and `wall`: not in the future even if one of the two dates is ahead."""
        return min(self.moment(), self.wall())


MACHINE: Final = Clock()
