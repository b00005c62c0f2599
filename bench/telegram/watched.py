"""The bot exactly as `run` starts it, with a watch on its event loop. It tells the longest hold when it is stopped."""

import asyncio
import signal
import sys

from bench.child import tell
from bench.watch import Watch
from bot import service
from bot.__main__ import main
from bot.config import Settings

_serve = service.serve


async def watched(settings: Settings) -> None:
    """Serve until SIGTERM; the watch begins with SIGUSR1, when all that starts has started."""
    begin = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, begin.set)
    serving = asyncio.create_task(_serve(settings))
    await begin.wait()
    async with Watch() as watch:
        await asyncio.wait({serving})
    serving.result()
    tell(hold=watch.longest)


if __name__ == "__main__":
    service.serve = watched
    sys.exit(main(["run"]))
