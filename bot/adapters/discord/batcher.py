"""Things that come one by one and are dealt with together. The law: one batch after another, in the order they came."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar, final

_T = TypeVar("_T")


@final
class Gathered(Generic[_T]):
    """Hands on, as one batch, all that came while the batch before was dealt with; of more than `most` the latest.
    `hand_on` must not raise.
    """

    def __init__(self, hand_on: Callable[[Sequence[_T]], Awaitable[None]], most: int | None = None) -> None:
        self._hand_on = hand_on
        self._waiting: deque[_T] = deque(maxlen=most)
        self._task: asyncio.Task[None] | None = None

    def put(self, one: _T) -> None:
        """It came."""
        self._waiting.append(one)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())

    async def _work(self) -> None:
        while self._waiting:
            batch = tuple(self._waiting)
            self._waiting.clear()
            await self._hand_on(batch)
