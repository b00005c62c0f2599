"""Members that never were, for the join simulator. Its law: the same number brings the same names, so that what is seen
can be seen again; the hostile ones are what spammers really write."""

from collections.abc import Sequence
from itertools import cycle, islice

from bot.core.model import Member

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


def crowd(count: int, *, hostile: bool) -> Sequence[Member]:
    """So many new members, numbered as the ids of Discord are."""
    names = islice(cycle(_HOSTILE), count) if hostile else (f"newcomer {number}" for number in range(1, count + 1))
    return tuple(Member(str(2 * 10**17 + number), name) for number, name in enumerate(names))
