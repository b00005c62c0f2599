"""Waits where Telegram asks for it, in that one chat alone. Its law: a call is repeated only after a 429, which
says that nothing was done.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, final

from telegram._utils.types import JSONDict  # the library's own name for a signature that must be kept
from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

Answer = bool | JSONDict | list[JSONDict]


@final
@dataclass(slots=True)
class _Line:
    """Calls to one chat that has to be left alone until `free_at`."""

    free_at: float
    waiting: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


def seconds(flood: RetryAfter) -> float:
    """How long Telegram asks to wait; the library tells a number or, when so configured, a timedelta."""
    asked = flood.retry_after
    return asked.total_seconds() if isinstance(asked, timedelta) else float(asked)


@final
class PerChat(BaseRateLimiter[None]):
    """Lets calls pass until a chat is flooded, then sends that chat's calls one after another.

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
        self._lines: dict[object, _Line] = {}

    async def initialize(self) -> None:
        """Needs nothing; the library asks for it."""

    async def shutdown(self) -> None:
        """Holds nothing; the library asks for it."""

    async def process_request(  # noqa: PLR0917 - the signature is the library's
        self,
        callback: Callable[..., Coroutine[Any, Any, Answer]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,  # noqa: ARG002 - the signature is the library's
        data: dict[str, Any],
        rate_limit_args: None,  # noqa: ARG002 - the signature is the library's
    ) -> Answer:
        """Make the call, now or when the chat is free again.

        Raises RetryAfter when the wait would be too long, or the call belongs to no chat.
        """
        chat = data.get("chat_id")
        line = self._lines.get(chat)
        if line is None:
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as flood:
                if chat is None or seconds(flood) > self._patience:
                    raise
                line = self._lines.setdefault(chat, _Line(0.0))
                line.free_at = max(line.free_at, self._clock() + seconds(flood))
        return await self._in_line(chat, line, lambda: callback(*args, **kwargs))

    async def _in_line(self, chat: object, line: _Line, call: Callable[[], Awaitable[Answer]]) -> Answer:
        if line.waiting >= self._longest:
            raise RetryAfter(max(1, round(line.free_at - self._clock())))
        line.waiting += 1
        try:
            async with line.lock:
                return await self._repeated(line, call)
        finally:
            line.waiting -= 1
            if not line.waiting:
                self._lines.pop(chat, None)

    async def _repeated(self, line: _Line, call: Callable[[], Awaitable[Answer]]) -> Answer:
        for left in reversed(range(self._attempts)):
            await self._sleep(max(0.0, line.free_at - self._clock()))
            try:
                return await call()
            except RetryAfter as flood:
                line.free_at = self._clock() + seconds(flood)
                if not left or seconds(flood) > self._patience:
                    raise
        raise AssertionError("unreachable: attempts is at least 1")
