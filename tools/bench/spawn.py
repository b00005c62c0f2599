"""Programs that run while they are measured. Its law: the figures are the kernel's, read from outside, and nothing of
our own environment goes along but what a program needs to start.
"""

import asyncio
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO, Any

from tools.bench.child import ROOT, ChildFailed, environment

_CPU_OF_PROCESS = 2  # Linux: the clock of all that the process with this id has spent, threads and all
_LEAVE = 20.0  # seconds a program gets to end
_SOON = 2.0  # seconds after its start by which a bot has begun what it does besides
_CALM, _WORK = 1.0, 0.02  # a program rests when it works for less than so many seconds in so many


@asynccontextmanager
async def spawned(
    *arguments: str, settings: Mapping[str, str], folder: Path = ROOT, output: int | IO[Any] | None = None
) -> AsyncIterator[Process]:
    """`python ARGUMENTS…` in `folder`, what it writes going to `output`; killed if it still runs when it is left."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=folder,
        env=environment(**settings),
        stdout=output,
        stderr=None if output == asyncio.subprocess.PIPE else output,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def begun(
    process: Process, ready: Awaitable[object], seconds: float, wrote: Callable[[], str] = lambda: ""
) -> None:
    """Wait until it is ready; `wrote` gives what it wrote, for the error.

    Raises:
        ChildFailed: it ended before, or `seconds` have passed.
    """
    serving, ended = asyncio.ensure_future(ready), asyncio.create_task(process.wait())
    await asyncio.wait({serving, ended}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    ended.cancel()
    if not serving.done():
        serving.cancel()
        status = f"it ended with {process.returncode}" if process.returncode is not None else "it still runs"
        raise ChildFailed(f"a bot was not ready in {seconds:.0f} s: {status}\n{wrote()[-2000:]}")
    await serving


async def left(process: Process, signal: int) -> None:
    """Ask it to end, and wait until it has.

    Raises:
        TimeoutError: it goes on.
    """
    if process.returncode is None:
        process.send_signal(signal)
    async with asyncio.timeout(_LEAVE):
        await process.communicate()


def cpu(pid: int) -> float:
    """CPU seconds of a living program until now, all its threads."""
    return time.clock_gettime((~pid << 3) | _CPU_OF_PROCESS)


async def rested(*pids: int, seconds: float = 60.0) -> None:
    """Wait until each of them has come to rest: what a bot begins with is over.

    Raises:
        TimeoutError: one still works after so many seconds.
    """
    async with asyncio.timeout(seconds):
        await asyncio.sleep(_SOON)
        for pid in pids:
            worked = cpu(pid) - _CALM
            while (now := cpu(pid)) - worked > _WORK:
                worked = now
                await asyncio.sleep(_CALM)
