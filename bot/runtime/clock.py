"""What the time is, and how to wait. Its law: what waits goes by seconds that never jump; the machine's date, which
somebody may set, tells days alone.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Final, final

_JUMP: Final = timedelta(hours=1)  # what a date may run ahead of the seconds, as where a network corrects it
_DOUBT: Final = 3600.0  # seconds


def _wall() -> datetime:
    return datetime.now(UTC)


@final
class Clock:
    """`seconds` only grow, whatever becomes of the date; `wall` is the machine's date and time, with its zone; `sleep`
    waits seconds.
    """

    def __init__(
        self,
        seconds: Callable[[], float] = time.monotonic,
        wall: Callable[[], datetime] = _wall,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.seconds, self.wall, self.sleep = seconds, wall, sleep
        self._began = wall(), seconds()
        self._told, self._doubted = self._began, self._began[1] - _DOUBT

    def today(self) -> date:
        """The day, in UTC, as the machine has it now."""
        return self.wall().date()

    def believed(self) -> date | None:
        """The day, for what cannot be undone: None for an hour after somebody set the date, since a date that is far
        from the truth is seldom left so for long.
        """
        wall, seconds = self.wall(), self.seconds()
        before, then = self._told
        self._told = wall, seconds
        if abs(wall - before - timedelta(seconds=seconds - then)) > _JUMP:
            self._doubted = seconds
        return wall.date() if seconds - self._doubted >= _DOUBT else None

    def moment(self) -> datetime:
        """Date and time as they were when this clock was made, and the seconds since: where two moments are compared,
        a date that is set meanwhile must not come between them.
        """
        wall, seconds = self._began
        return wall + timedelta(seconds=self.seconds() - seconds)

    def past(self) -> datetime:
        """A moment that has been, whether the date was wrong when this clock was made or is so now."""
        return min(self.moment(), self.wall())


MACHINE: Final = Clock()
