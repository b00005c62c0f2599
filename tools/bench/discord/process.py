"""A bot of Discord in a process of its own, connected to a pretended one. Its law: ours is the whole bot as an operator
starts it; a twin is on a stock install.
"""

import asyncio
import json
import signal
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from typing import Any, final

from tools.bench.child import ROOT, resident
from tools.bench.discord.pretend import TOKEN, Pretend
from tools.bench.spawn import begun, cpu, left, spawned

_BEGIN = 120.0  # seconds a bot gets to connect
_TELL = 20.0  # seconds it gets to tell how long it held its loop


@final
@dataclass(eq=False)
class Bot:
    """A running process."""

    process: Process

    def cpu(self) -> float:
        """Seconds that it has worked so far."""
        return cpu(self.process.pid)

    def resident(self) -> float:
        """KiB that it holds in memory."""
        return resident(self.process.pid) * 1024

    async def held(self) -> float:
        """Milliseconds that it held its event loop at the longest, since it was last asked; it must be watched."""
        assert self.process.stdout
        self.process.send_signal(signal.SIGUSR1)
        async with asyncio.timeout(_TELL):
            return float(json.loads(await self.process.stdout.readline())["held"])


@asynccontextmanager
async def running(pretend: Pretend, *module: str, **more: str) -> AsyncIterator[Bot]:
    """The module, connected; it is asked to end when it is left.

    Raises:
        ChildFailed: it ended before it connected.
    """
    with tempfile.TemporaryDirectory() as home:
        copytree(ROOT / "responses", f"{home}/responses")
        settings = {"DATA_DIR": f"{home}/data", "RESPONSES_DIR": f"{home}/responses", "PORT": "0"}
        settings |= {"LOG_LEVEL": "warning", "DISCORD_HTTP": pretend.url, "DISCORD_GATEWAY": pretend.gateway, **more}
        arguments = ("-m", "tools.bench.pointed", *module)
        async with spawned(*arguments, settings=settings, folder=Path(home), output=PIPE) as process:
            bot = Bot(process)
            pretend.cpu = bot.cpu
            await begun(process, pretend.connected(), _BEGIN)
            yield bot
            await left(process, signal.SIGTERM)


def ours(pretend: Pretend, **more: str) -> Any:
    """The whole bot, as an operator starts it."""
    return running(pretend, "bot", "run", DISCORD_TOKEN=TOKEN, SHARDS="1", **more)


def bare(pretend: Pretend, answer: Path, **more: str) -> Any:
    """A twin on a stock install."""
    return running(pretend, "tools.bench.discord.bare", str(answer), STOCK="1", **more)
