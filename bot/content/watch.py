"""Tells when the content folder changes. Its law: it never gives up, whatever happens to the folder."""

import asyncio
import logging
import stat
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

from watchfiles import Change, watch

_log = logging.getLogger(__name__)

_AGAIN = 2.0  # seconds between two looks at a folder that cannot be watched, or may not be the same any more


async def changes(folder: Path, sleep: Callable[[float], Awaitable[None]]) -> AsyncGenerator[None, None]:
    """One item for each burst of changes to YAML files below `folder`, also while it is missing or unreadable.

    Where the system does not tell of changes (some network and bind mounts), the library looks itself if the
    environment sets WATCHFILES_FORCE_POLLING.
    """
    while True:
        watched = await asyncio.to_thread(_identity, folder)
        unseen = True  # what changed after the last reading and before the system watched
        try:
            async with aclosing(_bursts(folder)) as bursts:
                async for found in bursts:
                    if found or unseen:
                        unseen = False
                        yield
                    # The system watches what the folder was when it began, wherever that is moved to.
                    if await asyncio.to_thread(_identity, folder) != watched:
                        break
        except (OSError, RuntimeError) as error:
            _log.warning("%s cannot be watched (%s); looking again every %.0f s", folder, error, _AGAIN)
        await sleep(_AGAIN)
        yield


async def _bursts(folder: Path) -> AsyncGenerator[bool, None]:
    """Whether something changed, at every burst of changes and every two seconds.

    The library's own `awatch` does the same through anyio, which is 1 MiB and .02 s that nothing else here needs.
    """
    stop = threading.Event()
    timing: dict[str, Any] = {"rust_timeout": int(_AGAIN * 1000), "yield_on_timeout": True, "stop_event": stop}
    bursts = watch(folder, watch_filter=_yaml, recursive=True, raise_interrupt=False, **timing)
    try:
        while (found := await asyncio.to_thread(next, bursts, None)) is not None:
            yield bool(found)
    finally:
        stop.set()  # the thread sees it within a twentieth of a second


def _identity(folder: Path) -> tuple[int, int] | None:
    """What stands at that path, None for no folder."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if stat.S_ISDIR(found.st_mode) else None


def _yaml(_: Change, path: str) -> bool:
    return path.endswith(".yaml") or not Path(path).suffix
