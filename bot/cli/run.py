"""`run`: serve until told to stop."""

import argparse
import asyncio
import gc
from collections.abc import Callable

from bot import telemetry
from bot.cli.problems import Failed, tell, told_content_errors
from bot.config import ConfigError, Settings, settings
from bot.core.errors import StoreError


def main(options: argparse.Namespace) -> int:
    """0 after an orderly end; 1 when it cannot start, with the reason in a line."""
    try:
        given = settings(playground=options.playground, host=options.host, port=options.port)
        telemetry.set_up(given.log_level, given.log_format, given.secrets)
        with told_content_errors():
            return _serve(given)
    except (ConfigError, StoreError) as error:
        tell(str(error))
    except Failed:
        pass
    return 1


def _serve(given: Settings) -> int:
    from bot.service import serve
    from bot.web import AddressTaken

    gc.freeze()  # what was imported stays: no collection needs to look at it again
    gc.enable()
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
