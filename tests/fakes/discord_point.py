"""Points the real discord.py at another address, and back. Two class attributes are set, nothing else.

discord.py takes its REST address from `Route.BASE` and its first gateway address from
`DiscordWebSocket.DEFAULT_GATEWAY` (a sharded client asks GET /gateway/bot instead); there is no argument for
either. With plain http and ws addresses no certificate is needed.

As a program it does the same for a process of its own:
`python -m tests.fakes.discord_point MODULE ARGUMENTS…` runs `python -m MODULE ARGUMENTS…` with the addresses in
DISCORD_HTTP and DISCORD_GATEWAY (`DiscordServer.environment`).
"""

from __future__ import annotations

import os
import runpy
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route


@contextmanager
def pointed(http: str, gateway: str) -> Iterator[None]:
    """Until it is left, clients made by discord.py speak to these addresses (`http` with /api/v10)."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = http, yarl.URL(gateway)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before


if __name__ == "__main__":
    with pointed(os.environ["DISCORD_HTTP"], os.environ["DISCORD_GATEWAY"]):
        sys.argv = sys.argv[1:]
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
