"""Waits where Telegram asks for it, in that one chat alone."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, final

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot.adapters.telegram.errors import wait_of


@final
@dataclass(slots=True)
class _Queue:
    """Calls to one chat that has to be left alone until `free_at`."""

    free_at: float
    waiting: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


@final
class PerChat(BaseRateLimiter[None]):
    """Lets calls pass until a chat is flooded, then makes that chat's calls one after another. A call is repeated only
    after a 429, which says that nothing was done.

    A call waits up to `patience` seconds and is tried `attempts` times; at most `longest` calls wait for a chat, so
    that one chat does not hold up the others. Beyond that the caller gets the RetryAfter.
    """

    def __init__(
        self,
        *,
        patience: float = 20.0,
        attempts: int = 3,
        longest: int = 8,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._patience, self._attempts, self._longest = patience, attempts, longest
        self._clock, self._sleep = clock, sleep
        self._queues: dict[object, _Queue] = {}

    async def initialize(self) -> None:
        """Nothing to do; the library calls it."""

    async def shutdown(self) -> None:
        """Nothing to do; the library calls it."""

    async def process_request(  # noqa: PLR0917 - the signature is the library's
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,  # noqa: ARG002 - the signature is the library's
        data: dict[str, Any],
        rate_limit_args: None,  # noqa: ARG002 - the signature is the library's
    ) -> Any:
        """Make the call, now or when the chat is free again.

        Raises RetryAfter when the wait would be too long, or the call belongs to no chat.
        """
        chat = data.get("chat_id")
        queue = self._queues.get(chat)
        if queue is None:
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as flood:
                if chat is None:
                    raise
                free_at = self._free_at(flood)
                queue = self._queues.setdefault(chat, _Queue(free_at))
                queue.free_at = max(queue.free_at, free_at)
        if queue.waiting >= self._longest:
            raise RetryAfter(max(1, round(queue.free_at - self._clock())))
        queue.waiting += 1
        try:
            async with queue.lock:
                return await self._repeated(queue, lambda: callback(*args, **kwargs))
        finally:
            queue.waiting -= 1
            if not queue.waiting:
                self._queues.pop(chat, None)

    async def _repeated(self, queue: _Queue, call: Callable[[], Awaitable[Any]]) -> Any:
        for left in reversed(range(self._attempts)):
            await self._sleep(max(0.0, queue.free_at - self._clock()))
            try:
                return await call()
            except RetryAfter as flood:
                queue.free_at = self._free_at(flood)
                if not left:
                    raise
        raise AssertionError("unreachable: attempts is at least 1")

    def _free_at(self, flood: RetryAfter) -> float:
        """When the chat is free again. Raises the error where that is too long to wait."""
        wait = wait_of(flood).total_seconds()
        if wait > self._patience:
            raise flood
        return self._clock() + wait
