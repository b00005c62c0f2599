"""Watches the content folders for changes, with a `stat` of every file once a second, in a thread.

The system's notifications (inotify) do not follow links, and many network and bind mounts do not send them. One look at
some 150 files takes about a millisecond.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from pathlib import Path

from bot.content.files import stamps

_PAUSE = 1.0  # seconds between two looks
_SETTLING = 0.2  # seconds between two looks while somebody writes
_MOST_SETTLING = 5  # looks, then the change is reported although the files still change


async def changes(folders: Sequence[Path], sleep: Callable[[float], Awaitable[object]]) -> AsyncGenerator[None, None]:
    """Yield once at first, since something may have changed before the first look, then after each burst of changes.

    Links are followed to the files that are read in the end. A folder that is missing or cannot be read is one more
    state, so that it is noticed when it comes back.
    """
    known = await asyncio.to_thread(stamps, folders)
    yield
    while True:
        await sleep(_PAUSE)
        now = await asyncio.to_thread(stamps, folders)
        if now == known:
            continue
        for _ in range(_MOST_SETTLING):
            known = now
            await sleep(_SETTLING)
            if (now := await asyncio.to_thread(stamps, folders)) == known:
                break
        known = now
        yield
