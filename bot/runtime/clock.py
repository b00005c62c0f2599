"""The time, and how to wait. Waiting goes by seconds that never jump; the machine's date, which may be set, only names
days.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Final, final

_JUMP: Final = timedelta(hours=1)  # more than a network's correction of the date
_DOUBT: Final = 3600.0  # seconds


@final
class Clock:
    """`seconds` are monotonic; `wall` gives the machine's date and time, with its zone; `sleep` waits seconds."""

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
        """The day in UTC, by the machine's date."""
        return self.wall().date()

    def believed(self) -> date | None:
        """The day, for deleting: None for an hour after the date was set, since a wrong date is soon corrected."""
        wall, seconds = self.wall(), self.seconds()
        before, then = self._last
        self._last = wall, seconds
        if abs(wall - before - timedelta(seconds=seconds - then)) > _JUMP:
            self._jumped = seconds
        return wall.date() if seconds - self._jumped >= _DOUBT else None

    def moment(self) -> datetime:
        """The date and time of this clock's start plus the seconds since: for comparing moments, whatever date is set
        meanwhile.
        """
        wall, seconds = self._start
        return wall + timedelta(seconds=self.seconds() - seconds)

    def past(self) -> datetime:
        """A moment that lies in the past, also where the date was wrong at the start or is wrong now."""
        return min(self.moment(), self.wall())


MACHINE: Final = Clock()
