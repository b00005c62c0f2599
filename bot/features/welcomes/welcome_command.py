"""The moderators' command for greetings: `/welcome on|off|preview|message|cleanup`. Its law: the caller's right and the
bot's own are looked at again at every use.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import final

from bot.core.community import Community
from bot.core.disclaimer import Reply
from bot.core.errors import BadInput, Forbidden, MessageGone
from bot.core.greeting_line import READY, checked
from bot.core.join_window import LONGEST_NAME, Gathered
from bot.core.markup import plain
from bot.core.model import Draft, Notice, Place, ReadyLine, Request, Right
from bot.core.normalise import normalise
from bot.core.permission import require, require_own
from bot.core.spans import ChannelRef
from bot.features.communities import KnownCommunities
from bot.features.welcomes.greeter import Greeter

_Action = Callable[[Request, Community, str], Awaitable[Draft | Reply]]


@final
class WelcomeCommand:
    """Answers `/welcome`. `now` tells the time, with a time zone; `fault_in_line` gives what in the moderators' own
    words must not stand in a greeting (None: nothing), and may block for some milliseconds."""

    def __init__(
        self,
        communities: KnownCommunities,
        welcomes: Greeter,
        now: Callable[[], datetime],
        fault_in_line: Callable[[str], str | None],
    ) -> None:
        self._communities, self._welcomes, self._now = communities, welcomes, now
        self._fault_in_line = fault_in_line
        self._actions: dict[str, _Action] = {
            "": self._state,
            "on": self._on,
            "off": self._off,
            "preview": self._preview,
            "message": self._message,
            "cleanup": self._cleanup,
        }

    async def welcome(self, request: Request, community: Community) -> Draft | Reply:
        """What the action did, or how things stand when none is named.

        Raises:
            BadInput: a right is missing, there is no such action, or what is behind it cannot be used.
            StoreError: nothing was saved.
        """
        require(request, Right.MANAGE)
        word, _, rest = request.text.strip().partition(" ")
        action = self._actions.get(word.casefold())
        if action is None:
            raise BadInput("welcome-needs-action")
        return await action(request, community, rest.strip())

    async def _state(self, request: Request, community: Community, _: str) -> Draft:
        if community.welcome is None:
            return Notice("welcome-is-off")
        rows = self._trouble(request.place) + _lacking(request)
        tidy = Notice("welcome-cleanup-on" if community.remove_greetings else "welcome-cleanup-off")
        return Notice("welcome-is-on", {"channel": _channel(community.welcome)}, (tidy, *rows))

    async def _on(self, request: Request, _: Community, __: str) -> Draft:
        require_own(request, Right.SEND)
        now = self._now()
        # Whoever came before this moment is no newcomer any more.
        await self._communities.change(
            request.place,
            lambda one: replace(one, welcome=request.place, greeted_until=max(one.greeted_until or now, now)),
        )
        self._welcomes.forgive(request.place)
        return Notice("welcome-on", {"channel": _channel(request.place)}, _lacking(request))

    async def _off(self, request: Request, _: Community, __: str) -> Draft:
        await self._communities.change(request.place, lambda one: replace(one, welcome=None))
        self._welcomes.forgive(request.place)
        return Notice("welcome-off")

    async def _preview(self, request: Request, community: Community, _: str) -> Reply:
        """The very greeting that the caller would get as the only newcomer."""
        name = plain(request.member.name, LONGEST_NAME)
        return await self._welcomes.greeting(community, Gathered(1, (name,), self._now()))

    async def _message(self, request: Request, _: Community, line: str) -> Draft:
        kept = await asyncio.to_thread(self._checked, line) if line else None
        await self._communities.change(request.place, lambda one: replace(one, welcome_line=kept))
        return Notice("welcome-message-saved" if kept else "welcome-message-reset")

    def _checked(self, line: str) -> str:
        """The line as it is kept; one that is refused is answered with the ready lines too."""
        rows = tuple(Notice("welcome-ready-line", {"number": int(one), "line": ReadyLine(int(one))}) for one in READY)
        if normalise(line).isdecimal() and normalise(line) not in READY:
            raise BadInput("welcome-ready", rows=rows)
        try:
            return checked(line, self._fault_in_line)
        except BadInput as bad:
            raise BadInput(bad.key, bad.values, rows=(Notice("welcome-ready"), *rows)) from bad

    async def _cleanup(self, request: Request, _: Community, choice: str) -> Draft:
        wanted = {"on": True, "off": False}.get(choice.casefold())
        if wanted is None:
            raise BadInput("welcome-cleanup-needs-choice")
        await self._communities.change(request.place, lambda one: replace(one, remove_greetings=wanted))
        return Notice(f"welcome-cleanup-{'on' if wanted else 'off'}")

    def _trouble(self, place: Place) -> tuple[Notice, ...]:
        match self._welcomes.trouble(place):
            case None:
                return ()
            case Forbidden(right=Right() as right) if right:
                return (Notice("welcome-failed-right", {"right": right}),)
            case MessageGone():
                return (Notice("welcome-failed-gone"),)
            case _:
                return (Notice("welcome-failed"),)


def _lacking(request: Request) -> tuple[Notice, ...]:
    """What else keeps newcomers from being greeted."""
    if request.bot_rights & Right.JOINS:
        return ()
    return (Notice("bot-lacks-right", {"right": Right.JOINS}),)


def _channel(place: Place) -> ChannelRef:
    return ChannelRef(place.thread or place.channel or "")
