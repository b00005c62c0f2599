"""Tells when the content folder changes. Its law: it never gives up, whatever happens to the folder."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path

from watchfiles import Change, awatch

_log = logging.getLogger(__name__)

_AGAIN = 2.0  # seconds between two looks at a folder that cannot be watched


async def changes(folder: Path, sleep: Callable[[float], Awaitable[None]]) -> AsyncGenerator[None, None]:
    """One item for each burst of changes to YAML files below `folder`, also while it is missing or unreadable.

    Where the system does not tell of changes (some network and bind mounts), the library looks itself if the
    environment sets WATCHFILES_FORCE_POLLING.
    """
    while True:
        try:
            async for _ in awatch(folder, watch_filter=_yaml, recursive=True):
                yield
                if not await asyncio.to_thread(folder.is_dir):
                    break
        except (OSError, RuntimeError) as error:
            _log.warning("%s cannot be watched (%s); looking again every %.0f s", folder, error, _AGAIN)
        await sleep(_AGAIN)
        yield


def _yaml(_: Change, path: str) -> bool:
    return path.endswith(".yaml") or not Path(path).suffix
