"""Tasks whose errors are reported when they happen, not when somebody asks for the result."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any


def begun(
    work: Coroutine[Any, Any, Any], failed: Callable[["asyncio.Task[Any]", BaseException], None]
) -> "asyncio.Task[Any]":
    """Start the work as a task; `failed` gets the error that it ends with, at once."""

    def done(task: "asyncio.Task[Any]") -> None:
        if not task.cancelled() and (error := task.exception()):
            failed(task, error)

    task = asyncio.create_task(work)
    task.add_done_callback(done)
    return task


async def ended(*tasks: "asyncio.Task[Any]") -> None:
    """Cancel the tasks, and wait until they have ended."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
