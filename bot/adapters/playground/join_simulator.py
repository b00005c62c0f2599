"""What the join simulator needs: made-up members, and a clock that can be sped up."""

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
    """Makes new members, each with an id of its own, in the same order each time; hostile names are what spammers use.
    `now` gives the time, with a time zone.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._ids = count(2 * 10**17)
        self._numbers = count(1)
        self._hostile = cycle(_HOSTILE)

    def come(self, many: int, *, hostile: bool) -> Sequence[Join]:
        """That many members who join now."""
        names = self._hostile if hostile else (f"newcomer {number}" for number in self._numbers)
        return tuple(Join(str(next(self._ids)), next(names), self._now()) for _ in range(many))


@final
class Clock:
    """Counts the seconds of `real`, `speed` times as fast; never goes back."""

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
