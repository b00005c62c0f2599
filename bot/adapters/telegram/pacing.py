"""Keeps calls within Telegram's limits for each chat, and waits when Telegram asks for it, in that chat only."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, final

from cachetools import LRUCache
from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot.adapters.telegram.errors import wait_of

GROUP: Final = 20  # messages per minute in a group, by Telegram's FAQ for bots
_MINUTE: Final = 61.0  # seconds; one more than a minute, because calls do not all take equally long to arrive
_REMEMBERED: Final = 4096  # groups whose last calls are remembered, and waits of more than `_LONG_FLOOD`
_LONG_FLOOD: Final = 600.0  # seconds; during a shorter wait, a call now and then does no harm
_LONGEST_TURN: Final = 180.0  # seconds that a call may wait for its turn in a group
_LONGEST_FLOOD: Final = 60.0  # seconds that a call may wait after a 429
_ATTEMPTS: Final = 3  # for each call that waits after a 429
_MOST_WAITING: Final = 60  # calls that may wait in one chat after a 429; more could hold up other chats
_EPHEMERAL: Final = "ephemeral_message_parameters"
_COUNTED: Final = ("send", "edit", "pin")  # the methods whose names begin so count towards the limit


@final
@dataclass(slots=True)
class _Queue:
    """The calls to one chat that wait after a 429. None may be made before `free_at`."""

    free_at: float = 0.0
    waiting: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


@final
class PerChat(BaseRateLimiter[None]):
    """Sends at most 20 messages a minute to a group; further calls wait. If Telegram still refuses a call (429), that
    chat's calls are made one after another and repeated, because a 429 means that nothing was done.

    Assumptions: edits count (tdlib/telegram-bot-api, issue 318), and so do pins, for each of which Telegram posts a
    message. Ephemeral messages, which are in nobody's history, and deletions do not count. The topics of a group share
    its limit. A direct chat has another limit, which answers to one person do not reach.

    If a call would wait too long, or if too many wait already, RetryAfter is raised.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._clock, self._sleep = clock, sleep
        self._queues: dict[object, _Queue] = {}
        self._floods: LRUCache[object, float] = LRUCache(_REMEMBERED)  # by chat and method: no call before that time
        self._turns: LRUCache[object, deque[float]] = LRUCache(_REMEMBERED)  # by group: when the last calls were due

    def wait(self, chat: int) -> float:
        """Return how many seconds a message to that chat would wait now."""
        turns, queue, now = self._turns.get(chat), self._queues.get(chat), self._clock()
        full = turns is not None and len(turns) == GROUP
        due = max(turns[0] + _MINUTE if turns and full else now, queue.free_at if queue else now)
        return max(0.0, due - now)

    async def initialize(self) -> None:
        """Do nothing. The library requires the method."""

    async def shutdown(self) -> None:
        """Do nothing. The library requires the method."""

    async def process_request(  # noqa: PLR0917 - the signature is the library's
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: None,  # noqa: ARG002 - the signature is the library's
    ) -> Any:
        """Make the call, now or when the chat takes calls again.

        Raises RetryAfter if the wait would be too long, if too many calls wait, or if Telegram refuses a call that
        belongs to no chat.
        """
        chat = data.get("chat_id")
        if (left := self._floods.get((chat, endpoint), 0.0) - self._clock()) > _LONGEST_FLOOD:
            raise RetryAfter(round(left))  # Telegram would refuse an earlier call, and for longer
        if isinstance(chat, int) and chat < 0 and endpoint.startswith(_COUNTED) and _EPHEMERAL not in data:
            await self._take_turn(chat)
        queue = self._queues.get(chat)
        if queue is None:
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as flood:
                if chat is None:
                    raise
                queue = self._queue_after(flood, chat, endpoint)
        if queue.waiting >= _MOST_WAITING:
            raise RetryAfter(max(1, round(queue.free_at - self._clock())))
        queue.waiting += 1
        try:
            async with queue.lock:
                return await self._repeated(partial(callback, *args, **kwargs), queue, chat, endpoint)
        finally:
            queue.waiting -= 1
            if not queue.waiting:
                self._queues.pop(chat, None)

    async def _take_turn(self, group: int) -> None:
        """Wait until the group may get one more message. Its calls keep their order."""
        wait = self.wait(group)
        if wait > _LONGEST_TURN:
            raise RetryAfter(round(wait))
        self._turns.setdefault(group, deque(maxlen=GROUP)).append(self._clock() + wait)
        if wait:
            await self._sleep(wait)

    async def _repeated(self, call: Callable[[], Awaitable[Any]], queue: _Queue, chat: object, endpoint: str) -> Any:
        for left in reversed(range(_ATTEMPTS)):
            await self._sleep(max(0.0, queue.free_at - self._clock()))
            try:
                return await call()
            except RetryAfter as flood:
                self._queue_after(flood, chat, endpoint)
                if not left:
                    raise
        raise AssertionError("unreachable: there is at least one attempt")

    def _queue_after(self, flood: RetryAfter, chat: object, endpoint: str) -> _Queue:
        """The queue in which calls wait until Telegram takes the chat's calls again. Raises `flood` if that is too
        long.
        """
        wait, now = wait_of(flood).total_seconds(), self._clock()
        if wait > _LONG_FLOOD:
            self._floods[chat, endpoint] = now + wait
        if wait > _LONGEST_FLOOD:
            raise flood
        queue = self._queues.setdefault(chat, _Queue())
        queue.free_at = max(queue.free_at, now + wait)
        return queue
