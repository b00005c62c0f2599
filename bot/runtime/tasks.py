"""Starts tasks whose errors are logged at once, cancels tasks, and limits the tasks that answer requests."""

import asyncio
import logging
from collections import Counter
from collections.abc import Coroutine, Hashable
from typing import Any, final

_log = logging.getLogger(__name__)


def start_task(work: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
    """Start the work as a task. If it raises, the error is logged at once, not only when the task is awaited."""
    task = asyncio.create_task(work)
    task.add_done_callback(_log_failure)
    return task


def _log_failure(task: "asyncio.Task[Any]") -> None:
    if not task.cancelled() and (error := task.exception()):
        _log.error("%s ended with %s", task.get_coro(), type(error).__name__, exc_info=error)


async def cancel_tasks(*tasks: "asyncio.Task[Any]") -> None:
    """Cancel the tasks and wait until they have ended. Their errors are ignored."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@final
class SharedTasks:
    """Tasks that each answer a request: at most `most` at the same time, shared between chats or guilds (`home`).

    A home may have no more tasks than there are free places: one busy home gets half of all, two get a third each. So a
    home with many slow requests leaves room for others. `platform` is for the log.
    """

    def __init__(self, platform: str, most: int) -> None:
        self._platform, self._most, self._dropped = platform, most, 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._by_home: Counter[Hashable] = Counter()

    @property
    def waiting(self) -> int:
        """How many requests are being answered."""
        return len(self._tasks)

    def start(self, work: Coroutine[Any, Any, None], home: Hashable) -> "asyncio.Task[None] | None":
        """Start the work, which must not raise. Returns None and drops the work if its home has used up its share."""
        if self._by_home[home] >= self._most - len(self._tasks):
            work.close()
            if not self._dropped:
                _log.warning("%s: %d requests are being answered, more are dropped", self._platform, self.waiting)
            self._dropped += 1
            return None

        def done(task: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            self._by_home[home] -= 1
            if not self._by_home[home]:
                del self._by_home[home]
            if self._dropped and len(self._tasks) <= self._most // 4:
                _log.warning("%s: requests are accepted again, %d were dropped", self._platform, self._dropped)
                self._dropped = 0

        task = asyncio.create_task(work)
        self._tasks.add(task)
        self._by_home[home] += 1
        task.add_done_callback(done)
        return task

    async def drain(self, seconds: float) -> None:
        """Wait up to so many seconds until the running requests are answered, then cancel the rest."""
        if not self._tasks:
            return
        _, left = await asyncio.wait(self._tasks, timeout=seconds)
        if left:
            _log.warning("%s: %d request(s) were not answered in time", self._platform, len(left))
            await cancel_tasks(*left)
