"""A bot in a process of its own, and what it costs. Its law: the figures are the kernel's, read from outside."""

import asyncio
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from typing import Any, final

from bench.child import ROOT, ChildFailed
from bench.discord.pretend import TOKEN, Pretend

_KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV")
_LEAVE = 20.0  # seconds a bot gets to end
_CPU_OF_PROCESS = 2  # Linux: the clock of all that the process with this id has spent, threads and all


@final
@dataclass(eq=False)
class Bot:
    """A running process."""

    process: asyncio.subprocess.Process

    def cpu(self) -> float:
        """Seconds that it has worked so far."""
        return time.clock_gettime(~self.process.pid << 3 | _CPU_OF_PROCESS)

    def resident(self) -> float:
        """KiB that it holds in memory."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text("ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1024

    async def held(self) -> float:
        """Milliseconds that it held its event loop at the longest, since it was last asked; it must be watched."""
        assert self.process.stdout
        self.process.send_signal(signal.SIGUSR1)
        async with asyncio.timeout(_LEAVE):
            return float(json.loads(await self.process.stdout.readline())["held"])

    async def end(self) -> None:
        """Ask it to end, and wait until it has."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGINT)
        async with asyncio.timeout(_LEAVE):
            await self.process.communicate()


@asynccontextmanager
async def running(pretend: Pretend, *module: str, **more: str) -> AsyncIterator[Bot]:
    """The module, connected; it is asked to end when it is left.

    Raises:
        ChildFailed: it ended before it connected.
    """
    environment = {key: os.environ[key] for key in _KEPT if key in os.environ}
    environment |= {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0", "LOG_LEVEL": "warning"}
    environment |= {"DISCORD_HTTP": pretend.url, "DISCORD_GATEWAY": pretend.gateway, **more}
    with tempfile.TemporaryDirectory() as home:
        copytree(ROOT / "responses", f"{home}/responses")
        environment |= {"DATA_DIR": f"{home}/data", "RESPONSES_DIR": f"{home}/responses", "PORT": "0"}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.discord.pointed", *module,
            cwd=home, env=environment, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        bot = Bot(process)
        pretend.cpu = bot.cpu
        try:
            await _connected(pretend, process)
            yield bot
        finally:
            await bot.end()


async def _connected(pretend: Pretend, process: asyncio.subprocess.Process) -> None:
    ended = asyncio.create_task(process.wait())
    connected = asyncio.create_task(pretend.connected())
    await asyncio.wait({ended, connected}, return_when=asyncio.FIRST_COMPLETED)
    if not connected.done():
        connected.cancel()
        raise ChildFailed(f"a bot ended before it connected: exit status {process.returncode}")
    ended.cancel()
    await connected


def ours(pretend: Pretend, **more: str) -> Any:
    """The whole bot, as an operator starts it."""
    return running(pretend, "bot", "run", DISCORD_TOKEN=TOKEN, SHARDS="1", **more)


def bare(pretend: Pretend, answer: Path, **more: str) -> Any:
    """A twin on a stock install."""
    return running(pretend, "bench.discord.bare", str(answer), STOCK="1", **more)
