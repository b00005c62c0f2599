"""Answers what people press, type, call and say on Discord. The law: no error in one request reaches another, and
none is told in anybody's words.
"""

import asyncio
import logging
import time
import traceback
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any, Final, Protocol, final

import discord

from bot.adapters.discord import lookups, requests, send
from bot.adapters.discord.gateway import Client
from bot.adapters.discord.requests import Call
from bot.core.commands import CommandInfo
from bot.core.disclaimer import Reply
from bot.core.errors import PlatformError
from bot.core.model import Place, Request, Right, Suggestion
from bot.core.ports import Pictures
from bot.features.access import Cooldown, budget

_log = logging.getLogger(__name__)

_WRONG: Final = "something-went-wrong"
_OLD_BUTTON: Final = "old-button"
_ONE_MOMENT: Final = "one-moment"
_IN_HAND: Final = 1024  # requests; the gateway waits for nobody, so what comes while so many are in hand is left out
_PLACES: Final = 1024  # channels of which it is known whether they are threads


class Responding(Protocol):
    """What is asked of the responder."""

    @property
    def commands(self) -> tuple[CommandInfo, ...]: ...
    async def respond(self, request: Request) -> Reply | None: ...
    def suggest(self, text: str, locale: str | None) -> tuple[Suggestion, ...]: ...
    def notice(self, key: str, request: Request) -> Reply: ...


@final
class Dispatcher:
    """Answers through `responder`. An answer that takes longer than `patience` seconds is announced first. `pictures`
    draws what is attached where the bot may attach.
    """

    def __init__(
        self,
        responder: Responding,
        patience: float,
        pictures: Pictures | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock, self._cooldown = clock, Cooldown()
        self._responder, self._patience, self._pictures = responder, patience, pictures
        self._busy: set[asyncio.Task[None]] = set()
        self._left_out = 0
        self._commands: tuple[CommandInfo, ...] = ()
        self._by_name: dict[str, CommandInfo] = {}
        self._places: dict[Place, Place] = {}

    @property
    def waiting(self) -> int:
        """How many requests are in hand."""
        return len(self._busy)

    async def drain(self, seconds: float) -> None:
        """Give the requests in hand so many seconds; then let go of the rest."""
        if not self._busy:
            return
        _, left = await asyncio.wait(self._busy, timeout=seconds)
        if left:
            _log.warning("Discord: %d request(s) were not finished in time", len(left))
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Take something in hand, unless too much is already; what goes wrong with it is reported once."""
        if len(self._busy) >= _IN_HAND:
            work.close()
            if not self._left_out:
                _log.warning("Discord: %d requests are in hand, and what comes now is left out", _IN_HAND)
            self._left_out += 1
            return
        task = asyncio.create_task(_contained(work))
        self._busy.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._busy.discard(task)
        if self._left_out and len(self._busy) <= _IN_HAND // 2:
            _log.warning("Discord: the rush is over, %d request(s) were left out", self._left_out)
            self._left_out = 0

    async def interacted(self, client: Client, call: Call) -> None:
        """Answer whatever was pressed, typed or called."""
        if wait := self._cooldown.ask(self._clock(), budget(call.member.id)):
            if wait.first and call.kind != requests.COMPLETION:
                asker = Request(call.place, call.member, "", locale=call.locale, private=True)
                await send.respond(client, call, self._responder.notice(_ONE_MOMENT, asker))
            return
        if call.kind == requests.COMPLETION:
            if (typed := requests.typed(call)) is not None:
                await send.suggest(client, call, self._responder.suggest(typed, call.locale))
            return
        request = requests.request(call, self._known())
        if request is not None:
            await self._answer(client, call, request)
        elif stranger := requests.strange(call):
            await send.respond(client, call, self._responder.notice(_OLD_BUTTON, stranger))

    async def told(self, client: discord.Client, request: Request, message: int) -> None:
        """Answer a message, attached to it, unless its author has asked too much."""
        if self._cooldown.ask(self._clock(), budget(request.member.id)):
            return
        place = await self._place(client, request.place)
        reply = await self._responder.respond(replace(request, place=place))
        if reply and not (reply.private and place.community):  # nothing in a guild's channel is for one alone
            channel, png = send.channel(client, place), await self.picture(reply)
            await send.pictured(png, lambda png: send.post(channel, reply, answering=message, png=png))

    async def _place(self, client: discord.Client, place: Place) -> Place:
        """With its parent, if the channel is a thread. Each is asked for once, however often the bot is
        mentioned there.
        """
        if not (place.community and place.channel):
            return place
        if place not in self._places:
            found = await lookups.place(client, place.community, place.channel)
            if len(self._places) >= _PLACES:
                self._places.clear()
            self._places[place] = found
        return self._places[place]

    async def _answer(self, client: Client, call: Call, request: Request) -> None:
        """Answer within Discord's three seconds: what takes longer is announced first, then put in its place."""
        deferring = list[asyncio.Task[None]]()

        def defer() -> None:
            deferring.append(asyncio.create_task(send.defer(client, call, private=request.private)))

        timer = asyncio.get_running_loop().call_later(self._patience, defer)
        try:
            reply, png = await self._replied(request)
        except asyncio.CancelledError:
            for begun in deferring:
                begun.cancel()
            raise
        finally:
            timer.cancel()
        for begun in deferring:
            await begun
        if reply is None:
            await send.dismiss(client, call, deferred=bool(deferring))
        elif deferring:
            await send.finish(client, call, reply, png, private=request.private)
        else:
            await send.respond(client, call, reply, png)

    def _known(self) -> dict[str, CommandInfo]:
        """The commands by name; they change with the content alone."""
        if self._commands is not (commands := self._responder.commands):
            self._commands, self._by_name = commands, {info.name: info for info in commands}
        return self._by_name

    async def picture(self, reply: Reply) -> bytes | None:
        """The picture of the reply, if there is one."""
        return await self._pictures.png(reply) if self._pictures and reply.picture else None

    async def _replied(self, request: Request) -> tuple[Reply | None, bytes | None]:
        """The answer, and its picture where the bot may attach it."""
        try:
            reply = await self._responder.respond(request)
            return reply, await self.picture(reply) if reply and Right.ATTACH in request.bot_rights else None
        except Exception as error:  # the shell: a fault in one answer is told, and stays in it
            _report(error)
            return self._responder.notice(_WRONG, replace(request, private=True)), None


async def _contained(work: Coroutine[Any, Any, None]) -> None:
    """The work, whose errors are logged."""
    try:
        await work
    except PlatformError as error:
        _log.warning("Discord did not take an answer: %s", error.reason)
    except Exception as error:  # the shell: nothing above could do anything about it
        _report(error)


def _report(error: Exception) -> None:
    """Logs where it happened, without the error's own text, which may quote what a member wrote."""
    where = "".join(traceback.format_tb(error.__traceback__))
    _log.error("a request failed: %s\n%s", type(error).__name__, where)
