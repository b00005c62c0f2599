"""`python -m bench.discord.pointed MODULE ARGUMENTS…` runs that module with discord.py pointed at the addresses in
DISCORD_HTTP and DISCORD_GATEWAY. Its law: nothing else differs from `python -m MODULE ARGUMENTS…`, but for what the
environment asks for: STOCK hides the fast parts that a stock install lacks, WATCHED tells how long the loop was held.
"""

import asyncio
import os
import runpy
import signal
import sys

import yarl


def _stock() -> None:
    """discord.py looks for these when it is imported; its own install brings neither."""
    for name in ("orjson", "zstandard"):
        sys.modules[name] = None  # type: ignore[assignment]  # how the import system is told that a module is absent


def _watch() -> None:
    """The service as ever, with a watch beside it, which tells at each SIGUSR1 the longest since the one before. It
    begins with IDENTIFY: until then nobody is served.
    """
    from discord.gateway import DiscordWebSocket

    from bench.child import tell
    from bench.watch import Watch
    from bot import service
    from bot.config import Settings

    serve, identify = service.serve, DiscordWebSocket.identify

    async def watched(settings: Settings) -> None:
        async with Watch() as watch:

            def told() -> None:
                tell(held=watch.longest)
                watch.longest = 0.0

            async def identified(socket: DiscordWebSocket) -> None:
                watch.longest = 0.0
                await identify(socket)

            DiscordWebSocket.identify = identified  # type: ignore[assignment, method-assign]  # nothing else is told of it
            asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, told)
            await serve(settings)

    service.serve = watched


def main() -> None:
    """Set the two addresses, for which the library has no argument, and go on as the module."""
    if os.environ.get("STOCK"):
        _stock()
    from discord.gateway import DiscordWebSocket
    from discord.http import Route

    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = os.environ["DISCORD_HTTP"], yarl.URL(os.environ["DISCORD_GATEWAY"])
    if os.environ.get("WATCHED"):
        _watch()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
