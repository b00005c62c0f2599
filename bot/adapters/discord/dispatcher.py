"""Answers interactions and messages concurrently. An error in one does not affect others, and the log has no words of
members.
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
from bot.features.access import RateLimiter, member_limit
from bot.runtime.tasks import SharedTasks

_log = logging.getLogger(__name__)

_TROUBLE: Final = "something-went-wrong"
_OLD_BUTTON: Final = "old-button"
_ONE_MOMENT: Final = "one-moment"
_MOST: Final = 1024  # requests answered at once; the gateway cannot be made to wait, so further ones are dropped
_ATTEMPTS: Final = 3  # to answer a post
_CHANNELS: Final = 1024  # channels for which it is remembered whether they are threads
_OPEN: Final = 4096  # channels remembered as having accepted an answer
_MINUTE: Final = 60.0  # seconds
_REFUSED_BY_ONE, _REFUSED_BY_ALL = 20, 300  # the most refusals in a minute: of one guild, and of all together

Titles = Callable[[Place, str, str], Awaitable[Reply | None]]
"""Answers the title of a new post in a forum. Takes the post's place, its author's id and the title."""


@final
class Dispatcher:
    """Sends the replies of `answers` and, for posts in forums, of `titles`. An answer to an interaction that takes
    longer than `patience` seconds is deferred first.
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
        self._clock, self._limiter, self._refusals = clock, RateLimiter(), Refusals(clock)
        self.tasks = SharedTasks("Discord", _MOST)
        self._places: LRUCache[Place, Place] = LRUCache(_CHANNELS)

    def start(self, work: Coroutine[Any, Any, None], home: Hashable) -> None:
        """Run the work in a task and log its error. Drop it if too many run in all or for that guild or direct chat."""
        if self.tasks.start(_logged(work), home) is None:
            work.close()

    async def on_interaction(self, interaction: Interaction, caller: Request) -> None:
        """Answer a command, a button press or an option that is being typed."""
        if wait := self._limiter.ask(self._clock(), member_limit(caller.member.id)):
            if wait.first and interaction.type != AUTOCOMPLETE:
                await self._sender.respond(interaction, self._answers.notice(_ONE_MOMENT, caller))
        elif interaction.type == AUTOCOMPLETE:
            if (typed := interaction.data.typed) is not None:
                await self._sender.suggest(interaction, self._answers.suggest(typed, caller.locale))
        elif request := requests.request(interaction, caller, self._answers.commands, self._sender.connected.me):
            await self._sender.answer(interaction, request, self._reply(request), self._patience)
        elif interaction.type == MESSAGE_COMPONENT:
            await self._sender.respond(interaction, self._answers.notice(_OLD_BUTTON, caller))

    async def on_message(self, request: Request, message: str) -> None:
        """Answer the message with that id by a reply to it. Does nothing if its author has asked too much, or if too
        many answers there were refused.
        """
        if self._refusals.rests(request.place) or self._limiter.ask(self._clock(), member_limit(request.member.id)):
            return
        if request.place.community and self._answers.info(request).needs(request.text):
            # A message does not tell its author's rights, so a moderators' command in it counts as a question.
            request = replace(request, command="ask", text=f"{request.command} {request.text}")
        place = await self._place(request.place)
        reply = await self._answers.respond(replace(request, place=place))
        if reply and not (reply.private and place.community):  # a private reply cannot be posted in a guild's channel
            await self._post(place, reply, message)

    async def on_post(self, post: NewThread) -> None:
        """Answer the title of a new post in a forum. Tries again, because Discord creates its first message a moment
        after the post.
        """
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
        """The place of a message, with the parent channel if the channel is a thread, which the message does not tell.
        Discord is asked once for each channel.
        """
        if not (place.community and place.channel):
            return place
        if place not in self._places:
            channel = await translated(self._sender.connected.http.get_channel(place.channel))
            self._places[place] = requests.place(place.community, msgspec.convert(channel, Channel))
        return self._places[place]

    async def _reply(self, request: Request) -> Reply | None:
        try:
            return await self._answers.respond(request)
        except Exception as error:  # the caller gets a notice, and other requests go on
            _log_error(error)
            return self._answers.notice(_TROUBLE, replace(request, private=True))


async def _logged(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except PlatformError as error:
        _log.warning("Discord rejected an answer: %s", error.reason)
    except Exception as error:  # nothing above this task could handle it
        _log_error(error)


def _log_error(error: Exception) -> None:
    """Log the error's type and traceback, but not its text, which may quote a member."""
    where = "".join(traceback.format_tb(error.__traceback__))
    _log.error("a request failed: %s\n%s", type(error).__name__, where)


@final
class Refusals:
    """Keeps the bot far below the limit at which Discord blocks an IP address: 10,000 calls answered with 401, 403 or
    429 in ten minutes (https://docs.discord.com/developers/topics/rate-limits, "Invalid Request Limit").

    Messages and posts do not tell what the bot may do in their channel. When a guild, or all together, refused too many
    answers within a minute, no more are tried for now. An answer under way counts as refused if no answer was accepted
    in its channel before. `clock` returns monotonic seconds, `by_one` is the most refusals of one guild.
    """

    def __init__(self, clock: Callable[[], float], by_one: int = _REFUSED_BY_ONE) -> None:
        self._by_one = by_one
        self._refused: TTLCache[object, str | None] = TTLCache(_REFUSED_BY_ALL, _MINUTE, clock)  # by attempt: the guild
        self._open: LRUCache[Place, bool] = LRUCache(_OPEN)

    def rests(self, place: Place) -> bool:
        """Whether too many answers there, or in all, were refused, so that none should be tried now."""
        refused = list(self._refused.values())
        return len(refused) >= _REFUSED_BY_ALL or refused.count(_home(place)) >= self._by_one

    @contextmanager
    def trying(self, place: Place) -> Iterator[None]:
        """Count the attempt to answer there that is made within the block."""
        attempt = object()
        if place not in self._open:
            self._refused[attempt] = _home(place)
        try:
            yield
        except Forbidden:
            self._open.pop(place, None)
            self._refused[attempt] = _home(place)
            raise
        except BaseException:
            self._refused.pop(attempt, None)
            raise
        self._refused.pop(attempt, None)
        self._open[place] = True


def _home(place: Place) -> str | None:
    return place.community or place.channel
