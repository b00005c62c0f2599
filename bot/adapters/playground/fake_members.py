"""Members that never were, for the join simulator. Its law: the same number brings the same names, so that what is seen
can be seen again; the hostile ones are what spammers really write."""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import count, cycle
from typing import final

from bot.core.join_window import Join

_HOSTILE = (
    "FREE KSM → t.me/kusama_airdrop",
    "@everyone claim now",
    "<img src=x onerror=alert(1)>",
    "**Admin** [verify](https://kusama.example)",
    "Support\u202e nimdA",
    "<@1> </ask:2> <#3>",
    "discord.gg/airdrop",
    "\u200b\u2063\u3164",
    "Moderator\n\n/risk is off",
    "Z̷̡̛͎̹͔̻̗a̸̛̤̬͖̎̀l̵̢̺̲͊̈g̶̡̺̀o",
)


@final
class FakeMembers:
    """Lets newcomers come, each with an id of their own. `now` tells the time, with a time zone."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._ids = count(2 * 10**17)
        self._numbers = count(1)
        self._hostile = cycle(_HOSTILE)

    def come(self, many: int, *, hostile: bool) -> Sequence[Join]:
        """So many of them, now."""
        names = self._hostile if hostile else (f"newcomer {number}" for number in self._numbers)
        return tuple(Join(str(next(self._ids)), next(names), self._now()) for _ in range(many))
