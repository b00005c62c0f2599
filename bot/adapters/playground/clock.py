"""Seconds that can be made to pass faster, to see what a greeting waits for. Its law: it never goes back."""

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
        """Seconds since some moment."""
        return self._counted + (self._real() - self._since) * self.speed

    def run_at(self, speed: int) -> None:
        """Go that fast from now on; whoever sleeps wakes earlier or later by it."""
        self._since, self._counted = self._real(), self.now()
        self.speed = speed
        waiting, self._changed = self._changed, asyncio.Event()
        waiting.set()

    async def sleep(self, seconds: float) -> None:
        """Wait until so many of these seconds have passed."""
        until = self.now() + seconds
        while (left := until - self.now()) > 0:
            try:
                async with asyncio.timeout(left / self.speed):
                    await self._changed.wait()
            except TimeoutError:
                continue
