"""Answers interactions and messages as they come. An error in one never reaches another, and is logged without
anybody's words.
"""

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable, Coroutine, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final, final

import msgspec
from cachetools import LRUCache, TTLCache

from bot.adapters.discord import requests
from bot.adapters.discord.errors import translated
from bot.adapters.discord.send import Sender
from bot.adapters.discord.updates import AUTOCOMPLETE, MESSAGE_COMPONENT, Channel, Interaction, NewThread
from bot.core.disclaimer import Reply
from bot.core.errors import Forbidden, PlatformError
from bot.core.model import DISCORD, Place, Request
from bot.core.ports import Answers
from bot.features.access import Cooldown, budget
from bot.runtime.tasks import SharedTasks

_log = logging.getLogger(__name__)

_TROUBLE: Final = "something-went-wrong"
_OLD_BUTTON: Final = "old-button"
_ONE_MOMENT: Final = "one-moment"
_MOST: Final = 1024  # requests that are answered at once; the gateway cannot be made to wait, so more are dropped
_ATTEMPTS: Final = 3  # to answer a post
_CHANNELS: Final = 1024  # channels of which it is known whether they are threads
_OPEN: Final = 4096  # channels of which it is known that they take answers
_MINUTE: Final = 60.0  # seconds
_REFUSED_BY_ONE, _REFUSED_BY_ALL = 20, 300  # refusals in a minute: of a guild, and of all

Titles = Callable[[Place, str, str], Awaitable[Reply | None]]
"""Answers the title of a new post in a forum: its place, its author, the title."""


@final
class Dispatcher:
    """Sends what `answers` and, for posts in forums, `titles` give. An answer that takes longer than `patience` seconds
    is announced first.
    """

    def __init__(
        self,
        sender: Sender,
        answers: Answers,
        patience: float,
        clock: Callable[[], float],
        *,
        titles: Titles | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._sender, self._answers, self._titles = sender, answers, titles
        self._patience, self._sleep = patience, sleep
        self._clock, self._cooldown, self._refusals = clock, Cooldown(), Refusals(clock)
        self.tasks = SharedTasks("Discord", _MOST)
        self._places: LRUCache[Place, Place] = LRUCache(_CHANNELS)

    def start(self, work: Coroutine[Any, Any, None], home: Hashable) -> None:
        """Run in a task, unless too many run in all or for that guild or direct chat; an error is logged."""
        if self.tasks.start(_logged(work), home) is None:
            work.close()

    async def on_interaction(self, sent: Interaction, caller: Request) -> None:
        """Answer a command, a button press or an option that is being typed."""
        if wait := self._cooldown.ask(self._clock(), budget(caller.member.id)):
            if wait.first and sent.type != AUTOCOMPLETE:
                await self._sender.respond(sent, self._answers.notice(_ONE_MOMENT, caller))
        elif sent.type == AUTOCOMPLETE:
            if (typed := sent.data.typed) is not None:
                await self._sender.suggest(sent, self._answers.suggest(typed, caller.locale))
        elif request := requests.request(sent, caller, self._answers.commands, self._sender.connected.me):
            await self._sender.answer(sent, request, self._reply(request), self._patience)
        elif sent.type == MESSAGE_COMPONENT:
            await self._sender.respond(sent, self._answers.notice(_OLD_BUTTON, caller))

    async def on_message(self, request: Request, message: str) -> None:
        """Answer a message (by its id) with a reply to it, unless its author has asked too much."""
        if self._refusals.rests(request.place) or self._cooldown.ask(self._clock(), budget(request.member.id)):
            return
        if request.place.community and self._answers.info(request).needs(request.text):
            # The rights that a moderator's command needs come only with a slash command.
            request = replace(request, command="ask", text=f"{request.command} {request.text}")
        place = await self._place(request.place)
        reply = await self._answers.respond(replace(request, place=place))
        if reply and not (reply.private and place.community):  # a guild's channel has no private messages
            await self._post(place, reply, message)

    async def on_post(self, post: NewThread) -> None:
        """Answer the title of a new post in a forum. Discord makes its first message a moment later."""
        if self._titles is None or post.owner_id is None:
            return
        place = Place(DISCORD, post.guild_id, post.parent_id, post.id)
        if self._refusals.rests(place) or not (reply := await self._titles(place, post.owner_id, post.name)):
            return
        for left in reversed(range(_ATTEMPTS)):
            try:
                await self._post(place, reply, post.id, f"post-{post.id}")
                return
            except PlatformError as error:
                if error.permanent or not left:
                    raise
                await self._sleep(error.retry_after.total_seconds() if error.retry_after else 1.0)

    async def _post(self, place: Place, reply: Reply, answers: str, once: str | None = None) -> None:
        if not self._refusals.rests(place):
            with self._refusals.trying(place):
                await self._sender.post(place, reply, once, answers=answers)

    async def _place(self, place: Place) -> Place:
        """With its parent if the channel is a thread, which a message does not say. Each channel is asked for once."""
        if not (place.community and place.channel):
            return place
        if place not in self._places:
            found = await translated(self._sender.connected.http.get_channel(place.channel))
            self._places[place] = requests.place(place.community, msgspec.convert(found, Channel))
        return self._places[place]

    async def _reply(self, request: Request) -> Reply | None:
        try:
            return await self._answers.respond(request)
        except Exception as error:  # the caller is told, and others are not affected
            _log_error(error)
            return self._answers.notice(_TROUBLE, replace(request, private=True))


async def _logged(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except PlatformError as error:
        _log.warning("Discord rejected an answer: %s", error.reason)
    except Exception as error:  # nothing above could do anything about it
        _log_error(error)


def _log_error(error: Exception) -> None:
    """Log where it happened, without the error's text, which may quote what a member wrote."""
    where = "".join(traceback.format_tb(error.__traceback__))
    _log.error("a request failed: %s\n%s", type(error).__name__, where)


@final
class Refusals:
    """Keeps the bot far below the refusals for which Discord shuts out an address: 10,000 calls with 401, 403 or 429 in
    ten minutes (https://docs.discord.com/developers/topics/rate-limits, "Invalid Request Limit").

    Answers to messages and posts do not say what the bot may do in their channel. Where a guild, or all together,
    refused too many within a minute, none is tried for now; in a channel of which nothing is known, an answer under way
    counts as refused. `clock` gives monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._refused: TTLCache[object, str | None] = TTLCache(_REFUSED_BY_ALL, _MINUTE, clock)  # by try, the guild
        self._open: LRUCache[Place, bool] = LRUCache(_OPEN)

    def rests(self, place: Place) -> bool:
        """Whether no answer is to be tried there now."""
        refused = list(self._refused.values())
        return len(refused) >= _REFUSED_BY_ALL or refused.count(_home(place)) >= _REFUSED_BY_ONE

    @contextmanager
    def trying(self, place: Place) -> Iterator[None]:
        """Answer there within the block."""
        this = object()
        if place not in self._open:
            self._refused[this] = _home(place)
        try:
            yield
        except Forbidden:
            self._open.pop(place, None)
            self._refused[this] = _home(place)
            raise
        except BaseException:
            self._refused.pop(this, None)
            raise
        self._refused.pop(this, None)
        self._open[place] = True


def _home(place: Place) -> str | None:
    return place.community or place.channel
