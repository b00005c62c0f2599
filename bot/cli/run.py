"""`run`: runs the bot until it is stopped."""

import argparse
import asyncio
import os
import sys
from concurrent.futures import ThreadPoolExecutor

from bot.cli.problems import tell
from bot.config import load_settings
from bot.runtime.http_server import AddressTaken
from bot.runtime.service import serve
from bot.runtime.telemetry import set_up

try:
    from uvloop import new_event_loop
except ImportError:  # on Windows
    new_event_loop = None  # type: ignore[assignment]  # asyncio's own loop

_NICENESS = 10  # by which the priority of the threads that match questions, draw pictures and read content is lower


def main(options: argparse.Namespace) -> int:
    """Run the bot. Returns 0 after an orderly stop, 1 if the address to listen on is taken."""
    settings = load_settings(playground=options.playground, host=options.host, port=options.port)
    set_up(settings.log_level, settings.log_format, settings.secrets)
    sys.setswitchinterval(0.001)  # seconds after which a thread that reads content lets the event loop run
    try:
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            runner.get_loop().set_default_executor(_background())
            runner.run(serve(settings))
    except AddressTaken as error:
        tell(str(error))
        return 1
    return 0


def _background() -> ThreadPoolExecutor:
    """Return the threads for blocking work. On Linux they have a lower priority than the event loop; on other systems,
    `os.nice` would lower that of the whole process.
    """
    if sys.platform == "linux":
        return ThreadPoolExecutor(initializer=os.nice, initargs=(_NICENESS,))
    return ThreadPoolExecutor()
