"""What work costs, beside other work in the same run: a busy machine makes both slower."""

import asyncio
import time
from collections.abc import Callable, Coroutine


def ratio(work: Callable[[], object], twin: Callable[[], object], *, times: int = 5) -> float:
    """How many times as much processor time as `twin` does `work` take? Both are done once before that counts; then
    the least of several times of either is taken, since whatever disturbs only adds to it.
    """
    work()
    twin()
    pairs = [(_cost(work), _cost(twin)) for _ in range(times)]
    return min(one for one, _ in pairs) / min(other for _, other in pairs)


async def held(work: Callable[[], Coroutine[None, None, None]]) -> tuple[float, float]:
    """The longest turn of the event loop while that is done, and all the work of this process for it. Both in seconds
    of processor, of which other programs take none.
    """
    working, began = asyncio.create_task(work()), time.process_time()
    longest, worked = 0.0, time.thread_time()
    while not working.done():
        await asyncio.sleep(0)
        before, worked = worked, time.thread_time()
        longest = max(longest, worked - before)
    await working
    return longest, time.process_time() - began


def _cost(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began
