"""Work that goes on beside other work. Its law: what fails is told when it fails, not when somebody asks for it."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any


def begun(
    work: Coroutine[Any, Any, Any], failed: Callable[["asyncio.Task[Any]", BaseException], None]
) -> "asyncio.Task[Any]":
    """The work as a task of its own; `failed` is told at once of the error it ends with."""

    def done(task: "asyncio.Task[Any]") -> None:
        if not task.cancelled() and (error := task.exception()):
            failed(task, error)

    task = asyncio.create_task(work)
    task.add_done_callback(done)
    return task


async def ended(*tasks: "asyncio.Task[Any]") -> None:
    """Cancel them, and wait until they have gone; their errors were told."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def within(seconds: float, step: Coroutine[Any, Any, object]) -> None:
    """Give the step so many seconds. What it raises is known by then: it is why we leave."""
    task = asyncio.ensure_future(step)
    done, _ = await asyncio.wait({task}, timeout=seconds)
    task.cancel()
    await asyncio.gather(*done, return_exceptions=True)
