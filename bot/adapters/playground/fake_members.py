"""Made-up members for the join simulator: the same number gives the same names; hostile ones are what spammers use."""

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
    """Makes new members, each with an id of its own. `now` gives the time, with a time zone."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._ids = count(2 * 10**17)
        self._numbers = count(1)
        self._hostile = cycle(_HOSTILE)

    def come(self, many: int, *, hostile: bool) -> Sequence[Join]:
        """That many members who join now."""
        names = self._hostile if hostile else (f"newcomer {number}" for number in self._numbers)
        return tuple(Join(str(next(self._ids)), next(names), self._now()) for _ in range(many))
