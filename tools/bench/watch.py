"""How long the event loop was held. Its law: a machine that is busy with other programs is not the loop's fault."""

import asyncio
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self, final

_TICK = 0.001  # seconds between two looks


@final
class Watch:
    """`async with Watch() as watch:` … `watch.longest` is the longest hold so far, in milliseconds.

    A task wants to run every millisecond. How late it comes counts, but not more than what this process worked in that
    time (all its threads: one that holds the interpreter's lock keeps the loop waiting too). `elapsed` and `worked`
    count the seconds of either.
    """

    def __init__(
        self, elapsed: Callable[[], float] = time.perf_counter, worked: Callable[[], float] = time.process_time
    ) -> None:
        self._elapsed, self._worked = elapsed, worked
        self.longest = 0.0
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._look())
        await asyncio.sleep(0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.sleep(_TICK)  # what was held just now is seen
        assert self._task
        self._task.cancel()
        await asyncio.wait({self._task})

    async def _look(self) -> None:
        while True:
            due, worked = self._elapsed() + _TICK, self._worked()
            await asyncio.sleep(_TICK)
            late, work = self._elapsed() - due, self._worked() - worked
            self.longest = max(self.longest, min(late, work) * 1000)
