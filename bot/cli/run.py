"""`run`: serve until stopped."""

import argparse
import asyncio
import sys
from collections.abc import Callable

from bot.cli.problems import tell
from bot.config import Settings, settings
from bot.runtime import telemetry


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

    sys.setswitchinterval(0.001)  # seconds until a thread that reads content lets the event loop run
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(serve(given))
    except AddressTaken as error:
        tell(str(error))
        return 1
    return 0


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop's event loop where it runs (not on Windows), else the standard one."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop
