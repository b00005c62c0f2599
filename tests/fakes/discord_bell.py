"""Waiting for something to have happened, without sleeping or polling. Whoever changes things rings."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from tests.waiting import PATIENCE

T = TypeVar("T")


class Bell:
    """Wakes everyone who waits, each of whom looks again whether what they wait for is there."""

    def __init__(self) -> None:
        self._waiting: list[asyncio.Future[None]] = []

    def ring(self) -> None:
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def until(self, look: Callable[[], T | None], what: Callable[[], str], seconds: float = PATIENCE) -> T:
        """What `look` gives, once it is not None; an AssertionError that says `what` after so many true seconds."""
        try:
            async with asyncio.timeout(seconds):
                while (found := look()) is None:
                    future = asyncio.get_running_loop().create_future()
                    self._waiting.append(future)
                    await future
                return found
        except TimeoutError:
            raise AssertionError(f"waited {seconds} s for {what()}") from None
