"""Whether a request is answered here and now: the community's channels, and the cooldown. Its law: a moderator who
uses a moderators' command is never turned away, so that nobody locks themselves out.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import final

from bot.core.community import Community, answers_in
from bot.core.cooldown import Cooldown, Limit
from bot.core.model import DISCORD, PLAYGROUND, Notice, Request, Right

MODERATOR = Right.MANAGE | Right.PIN
_DIRECT_BURST = 5  # in a direct chat nobody else is disturbed, so a few may come at once
_CHANNEL_BURST, _CHANNEL_SHARE = 5, 3  # a channel bears three times what one of its members may ask


@final
@dataclass(frozen=True, slots=True)
class Refused:
    """Not answered; `notice` is the one word about it, seen by the caller alone where the platform can (None: none)."""

    notice: Notice | None


@final
class Access:
    """Turns requests away. `clock` gives seconds that never go back.

    Discord shows a refusal to the caller alone, so each gets a word. On Telegram everybody would read it: of a pause
    it is told once, of a channel where the bot does not answer not at all. The playground is one person's own and
    waits for nobody.
    """

    def __init__(self, clock: Callable[[], float], cooldown: Cooldown | None = None) -> None:
        self._clock = clock
        self._cooldown = cooldown or Cooldown()

    def refusal(self, request: Request, community: Community, *, guarded: bool) -> Refused | None:
        """Why the request is not answered, or None. `guarded` tells that its command is the moderators' own."""
        if guarded and request.rights & MODERATOR:
            return None
        whispers = request.place.platform in (DISCORD, PLAYGROUND)
        if not (request.private or answers_in(community, request.place)):
            return Refused(Notice("not-in-this-channel") if whispers else None)
        if request.place.platform == PLAYGROUND:
            return None
        wait = self._cooldown.ask(self._clock(), *_limits(request, community))
        if wait is None:
            return None
        told = whispers or wait.first
        return Refused(Notice("slow-down", {"seconds": math.ceil(wait.seconds)}) if told else None)


def _limits(request: Request, community: Community) -> tuple[Limit, ...]:
    place, every = request.place, float(community.cooldown)
    member = (place.platform, place.community, request.member.id)
    if place.community is None:
        return (Limit(member, every, _DIRECT_BURST),)
    if request.private:  # nobody else sees the answer
        return (Limit(member, every),)
    channel = (place.platform, place.community, place.channel, place.thread)
    return (Limit(member, every), Limit(channel, every / _CHANNEL_SHARE, _CHANNEL_BURST))
