"""Notices when the content folder changes, by looking at it every second.

The system's own notices (inotify) end where a link leads elsewhere, and are not sent on many network and bind mounts.
A look costs a `stat` for each of some 150 files, less than a millisecond, in a thread of its own.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path

from bot.content.files import stamp

_PAUSE = 1.0  # seconds between two looks
_SETTLING = 0.2  # seconds between two looks while somebody writes
_MOST_SETTLING = 5  # looks, then what is there is told although it still changes


async def changes(folder: Path, sleep: Callable[[float], Awaitable[object]]) -> AsyncGenerator[None, None]:
    """One item at first, since something may have changed before the first look, then one for each burst of changes.

    Links are followed: what counts is the file that is read in the end, wherever it lies. A folder that is missing
    or cannot be read is one more state, and looked for again and again.
    """
    known = await asyncio.to_thread(stamp, folder)
    yield
    while True:
        await sleep(_PAUSE)
        now = await asyncio.to_thread(stamp, folder)
        if now == known:
            continue
        for _ in range(_MOST_SETTLING):
            known = now
            await sleep(_SETTLING)
            if (now := await asyncio.to_thread(stamp, folder)) == known:
                break
        known = now
        yield
