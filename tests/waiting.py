"""Waiting for what nobody tells: the loop goes round until it is so."""

import asyncio
from collections.abc import Callable


async def until(true: Callable[[], object]) -> None:
    """Return once it is so; fails if it never is."""
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 - what is looked at has no event, and needs none but here
            await asyncio.sleep(0)
