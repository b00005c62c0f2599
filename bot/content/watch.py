"""Watches the content folders for changes: calls `stat` on every file once a second, in a thread.

System notifications (inotify) do not follow links, and many network and bind mounts do not send them. Checking about
150 files takes about a millisecond.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from pathlib import Path

from bot.content.files import stamps

_PAUSE = 1.0  # seconds between two checks
_SETTLING = 0.2  # seconds between two checks while files are changing
_MOST_SETTLING = 5  # checks; then the change is reported even if files are still changing


async def changes(folders: Sequence[Path], sleep: Callable[[float], Awaitable[object]]) -> AsyncGenerator[None, None]:
    """Yield once at the start, since files may have changed before the first check, then after each burst of changes.

    Follows links to the files that they lead to. A folder that is missing or cannot be read counts as a state, so that
    its return is noticed.
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
