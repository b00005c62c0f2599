"""Waiting for what nobody tells: the loop goes round until it is so."""

import asyncio
from collections.abc import Callable
from typing import Final

PATIENCE: Final = 60.0
"""Seconds until a test gives up on what never comes. Nothing is learnt from how long anything took: whatever stalls
for a while on a busy machine still passes.
"""


async def until(true: Callable[[], object]) -> None:
    """Return once it is so; fails if it never is."""
    async with asyncio.timeout(PATIENCE):
        while not true():  # noqa: ASYNC110 - what is looked at has no event, and needs none but here
            await asyncio.sleep(0)
