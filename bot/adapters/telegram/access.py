"""Asks Telegram what somebody may do, without letting members cause a call with every command."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Final, final

from bot.core.catalog import spelling
from bot.core.commands import CommandInfo
from bot.core.model import Member, Place, Request, Right, Rights

REMEMBERED: Final = 10.0  # seconds that a member without a moderator's rights counts as one
_MOST: Final = 4096  # members
_MODERATOR: Final = Right.MANAGE | Right.PIN

Held = tuple[Rights, Rights]


@final
class Access:
    """The rights of members and of the bot, by `ask`. `clock` gives seconds that never go back.

    Whoever has a moderator's right is asked about at every use. That somebody has none is remembered for a moment, and
    commands that come at the same time share one answer.
    """

    def __init__(self, ask: Callable[[Place, Member | None], Awaitable[Rights]], clock: Callable[[], float]) -> None:
        self._ask, self._clock = ask, clock
        self._asking: dict[tuple[Place, str], asyncio.Task[Held]] = {}
        self._lacking: dict[tuple[Place, str], float] = {}
        self._known: tuple[tuple[CommandInfo, ...], Mapping[str, CommandInfo]] = ((), {})

    async def complete(self, request: Request, commands: tuple[CommandInfo, ...]) -> Request:
        """The request with the member's and the bot's rights, if it is one of `commands` that needs any."""
        if commands is not self._known[0]:
            self._known = (commands, {spelling(info.name): info for info in commands})
        info = self._known[1].get(spelling(request.command))
        key = request.place, request.member.id
        if info is None or not info.guarded(request.text) or self._lacking.get(key, 0.0) > self._clock():
            return request
        asking = self._asking.get(key)
        if asking is None:
            asking = self._asking[key] = asyncio.create_task(self._asked(request.place, request.member))
            asking.add_done_callback(lambda _: self._asking.pop(key, None))
        theirs, ours = await asyncio.shield(asking)
        return replace(request, rights=theirs, bot_rights=ours)

    async def _asked(self, place: Place, member: Member) -> Held:
        theirs, ours = await asyncio.gather(self._ask(place, member), self._ask(place, None))
        if not theirs & _MODERATOR:
            if len(self._lacking) >= _MOST:
                self._lacking.clear()
            self._lacking[place, member.id] = self._clock() + REMEMBERED
        return theirs, ours
