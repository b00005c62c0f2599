"""Keeps to what Telegram takes in one chat, and waits where it asks for it, only in that chat."""

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

GROUP: Final = 20  # messages that a group takes in a minute, by Telegram's FAQ for bots
_MINUTE: Final = 61.0  # seconds; calls do not all take equally long to arrive
_GROUPS: Final = 4096  # in so many it is remembered what was sent, or how long they ask to be left alone
_LONG: Final = 600.0  # seconds; for a shorter wait a call now and then does no harm
_TURN: Final = 180.0  # seconds that a call waits for its turn in a group
_PATIENCE: Final = 60.0  # seconds that it waits after a 429
_ATTEMPTS: Final = 3  # how often it is tried then
_LONGEST: Final = 60  # calls that wait for one chat after a 429, so that it does not hold up the others
_EPHEMERAL: Final = "ephemeral_message_parameters"
_COUNTED: Final = ("send", "edit", "pin")  # how the names of the methods begin


@final
@dataclass(slots=True)
class _Queue:
    """Calls to one chat that has to be left alone until `free_at`."""

    free_at: float = 0.0
    waiting: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


@final
class PerChat(BaseRateLimiter[None]):
    """Sends a group 20 messages a minute; further ones wait. When Telegram refuses a call anyway (429), that chat's
    calls are made one after another, and repeated: a 429 says that nothing was done.

    Assumptions: edits count (tdlib/telegram-bot-api, issue 318), and so do pins, each of which posts a message of
    Telegram's. Ephemeral messages, which are in nobody's history, and deletions do not. The topics of a group share its
    limit. A direct chat has another limit, which answers to one person do not reach.

    What would wait for longer, or be one more that waits, gets the RetryAfter.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._clock, self._sleep = clock, sleep
        self._queues: dict[object, _Queue] = {}
        self._floods: LRUCache[object, float] = LRUCache(_GROUPS)  # by chat and method, until when none is tried
        self._turns: LRUCache[object, deque[float]] = LRUCache(_GROUPS)  # by group, when the last calls were due

    def wait(self, chat: int) -> float:
        """How many seconds a message to that chat would wait now."""
        turns, queue, now = self._turns.get(chat), self._queues.get(chat), self._clock()
        full = turns is not None and len(turns) == GROUP
        due = max(turns[0] + _MINUTE if turns and full else now, queue.free_at if queue else now)
        return max(0.0, due - now)

    async def initialize(self) -> None:
        """Nothing to do; the library calls it."""

    async def shutdown(self) -> None:
        """Nothing to do; the library calls it."""

    async def process_request(  # noqa: PLR0917 - the signature is the library's
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: None,  # noqa: ARG002 - the signature is the library's
    ) -> Any:
        """Make the call, now or when the chat is free again.

        Raises RetryAfter when the wait would be too long, or the call belongs to no chat.
        """
        chat = data.get("chat_id")
        if (left := self._floods.get((chat, endpoint), 0.0) - self._clock()) > _PATIENCE:
            raise RetryAfter(round(left))  # a call before that time would be refused, and for longer
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
        if queue.waiting >= _LONGEST:
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
        """Wait until the group takes one more message; its calls keep their order."""
        wait = self.wait(group)
        if wait > _TURN:
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
        raise AssertionError("unreachable: it is tried at least once")

    def _queue_after(self, flood: RetryAfter, chat: object, endpoint: str) -> _Queue:
        """Where calls wait until the chat is free again. Raises the error where that is too long to wait."""
        wait, now = wait_of(flood).total_seconds(), self._clock()
        if wait > _LONG:
            self._floods[chat, endpoint] = now + wait
        if wait > _PATIENCE:
            raise flood
        queue = self._queues.setdefault(chat, _Queue())
        queue.free_at = max(queue.free_at, now + wait)
        return queue
