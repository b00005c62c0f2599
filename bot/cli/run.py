"""`run`: serve until told to stop."""

import argparse
import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final

from bot.cli.problems import tell
from bot.config import Settings, settings
from bot.runtime import telemetry
from bot.runtime.gc_tuning import built, settled

_SETTLING: Final = (0.5, 2.0, 5.0)  # seconds after the start, by which most is built that stays


def main(options: argparse.Namespace) -> int:
    """0 after an orderly end, 1 when it cannot listen.

    Raises:
        ConfigError, ContentError, StoreError: it cannot start.
    """
    given = settings(playground=options.playground, host=options.host, port=options.port)
    telemetry.set_up(given.log_level, given.log_format, given.secrets)
    return _serve(given)


def _serve(given: Settings) -> int:
    from bot.runtime.http_server import AddressTaken
    from bot.runtime.service import serve

    settled()
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(_settling(serve(given)))
    except AddressTaken as error:
        tell(str(error))
        return 1
    return 0


async def _settling(service: Coroutine[Any, Any, None]) -> None:
    """The service. What it has built by those seconds (answers, what was trained, connections) stays as long as it
    runs, so no collection needs to look at it again: one would hold the event loop for 50 ms, in the middle of a raid.
    """
    for seconds in _SETTLING:
        asyncio.get_running_loop().call_later(seconds, built)
    await service


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop's event loop where it runs (not on Windows), else the standard one."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop
