"""A clock that can be sped up, so that a greeting need not be waited for. It never goes back."""

import asyncio
from collections.abc import Callable
from typing import Final, final

SPEEDS: Final = (1, 10, 60)


@final
class Clock:
    """Counts the seconds of `real`, `speed` times as fast."""

    def __init__(self, real: Callable[[], float]) -> None:
        self._real = real
        self._since, self._counted = real(), 0.0
        self._changed = asyncio.Event()
        self.speed = 1

    def now(self) -> float:
        """Seconds since an arbitrary moment."""
        return self._counted + (self._real() - self._since) * self.speed

    def run_at(self, speed: int) -> None:
        """Go that fast from now on, also for those who sleep already."""
        self._since, self._counted = self._real(), self.now()
        self.speed = speed
        waiting, self._changed = self._changed, asyncio.Event()
        waiting.set()

    async def sleep(self, seconds: float) -> None:
        """Wait for that many seconds of this clock."""
        until = self.now() + seconds
        while (left := until - self.now()) > 0:
            try:
                async with asyncio.timeout(left / self.speed):
                    await self._changed.wait()
            except TimeoutError:
                continue
