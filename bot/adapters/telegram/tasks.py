"""Work beside the connection. Its law: what fails is told when it fails, and nothing keeps us from leaving."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

log = structlog.get_logger(__name__)


def begun(work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
    """The work as a task that logs its failure at once."""
    task = asyncio.create_task(work)
    task.add_done_callback(_told)
    return task


def _told(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("telegram.task_failed", error=type(error).__name__, exc_info=error)


async def within(seconds: float, step: Coroutine[Any, Any, object]) -> None:
    """Give the step so many seconds. What it raises is known by then: it is why we leave."""
    task = asyncio.ensure_future(step)
    done, _ = await asyncio.wait({task}, timeout=seconds)
    task.cancel()
    await asyncio.gather(*done, return_exceptions=True)
