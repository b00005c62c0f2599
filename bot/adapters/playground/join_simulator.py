"""Made-up members and a clock with an adjustable speed, for the join simulator."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import count, cycle
from typing import final

from bot.core.join_window import Join

_HOSTILE = (
    "FREE COINS → t.me/free_airdrop",
    "@everyone claim now",
    "<img src=x onerror=alert(1)>",
    "**Admin** [verify](https://verify.example)",
    "Support\u202e nimdA",
    "<@1> </ask:2> <#3>",
    "discord.gg/airdrop",
    "\u200b\u2063\u3164",
    "Moderator\n\n/risk is off",
    "Z̷̡̛͎̹͔̻̗a̸̛̤̬͖̎̀l̵̢̺̲͊̈g̶̡̺̀o",
)


@final
class FakeMembers:
    """Makes new members, each with its own id, in the same order in each run. Hostile names are like those of spammers.
    `now` returns the time with its zone.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._ids = count(2 * 10**17)
        self._numbers = count(1)
        self._hostile = cycle(_HOSTILE)

    def create(self, number: int, *, hostile: bool) -> Sequence[Join]:
        """Return so many new members who join now."""
        names = self._hostile if hostile else (f"newcomer {n}" for n in self._numbers)
        return tuple(Join(str(next(self._ids)), next(names), self._now()) for _ in range(number))


@final
class Clock:
    """A clock that runs `speed` times as fast as the clock `real`, in seconds. It never goes back."""

    def __init__(self, real: Callable[[], float]) -> None:
        self._real = real
        self._since, self._counted = real(), 0.0
        self._changed = asyncio.Event()
        self.speed = 1

    def now(self) -> float:
        """Return the seconds since an arbitrary moment."""
        return self._counted + (self._real() - self._since) * self.speed

    def set_speed(self, speed: int) -> None:
        """Run that fast from now on. This also shortens or lengthens a `sleep` that has begun."""
        self._since, self._counted = self._real(), self.now()
        self.speed = speed
        waiting, self._changed = self._changed, asyncio.Event()
        waiting.set()

    async def sleep(self, seconds: float) -> None:
        """Wait so many seconds of this clock."""
        until = self.now() + seconds
        while (left := until - self.now()) > 0:
            try:
                async with asyncio.timeout(left / self.speed):
                    await self._changed.wait()
            except TimeoutError:
                continue
