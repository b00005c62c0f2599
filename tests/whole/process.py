"""The bot as operators run it: a process of its own, told what to do by its environment and by signals alone."""

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from tests.builders import Folder
from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[2]
_LISTENING = re.compile(r"listening on port (\d+)")


@dataclass
class Bot:
    """A running bot; `log` holds the lines it wrote so far."""

    process: asyncio.subprocess.Process
    log: list[str] = field(default_factory=list)
    port: int = 0
    _heard: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def listen(self) -> None:
        """Collect what it writes until it closes its standard error."""
        assert self.process.stderr
        async for line in self.process.stderr:
            async with self._heard:
                self.log.append(line.decode().rstrip())
                self._heard.notify_all()
        async with self._heard:
            self._heard.notify_all()

    async def says(self, pattern: str) -> re.Match[str]:
        """Wait for a line that matches, also one that was written before."""
        async with asyncio.timeout(PATIENCE), self._heard:
            while True:
                for line in self.log:
                    if found := re.search(pattern, line):
                        return found
                if self.process.stderr and self.process.stderr.at_eof():
                    raise AssertionError(f"it ended and never said {pattern}:\n" + "\n".join(self.log))
                await self._heard.wait()

    async def get(self, path: str) -> tuple[int, Any]:
        """A GET on the bot's own server: status and JSON."""
        address = f"http://127.0.0.1:{self.port}{path}"
        async with aiohttp.ClientSession() as session, session.get(address) as answer:
            return answer.status, await answer.json()

    async def post(self, path: str, body: Mapping[str, Any]) -> tuple[int, Any]:
        """A POST of JSON to the bot's own server: status and JSON."""
        address = f"http://127.0.0.1:{self.port}{path}"
        async with aiohttp.ClientSession() as session, session.post(address, json=body) as answer:
            return answer.status, await answer.json()

    async def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Tell it to end, and wait until it has; returns its exit status."""
        if self.process.returncode is None:
            self.process.send_signal(how)
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait()


def environment(home: Path, **settings: str) -> dict[str, str]:
    """A clean environment for a bot whose data and content lie below `home`; the content is a copy that may be edited,
    in English alone unless it is there already.
    """
    content = home / "responses"
    if not content.exists():
        Folder(home, "en")
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    fixed = {"RESPONSES_DIR": str(content), "DATA_DIR": str(home / "data"), "PORT": "0", "PYTHONPATH": str(ROOT)}
    return kept | fixed | settings


async def ended(home: Path, *arguments: str, before: Sequence[str] = (), **settings: str) -> tuple[int, str, str]:
    """Run the command line to its end, with the words `before` it: exit status, standard output, standard error."""
    process = await asyncio.create_subprocess_exec(
        *before, sys.executable, "-m", "bot", *arguments,
        cwd=home, env=environment(home, **settings),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    async with asyncio.timeout(PATIENCE):
        out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(errors="replace"), err.decode(errors="replace")


@asynccontextmanager
async def running(home: Path, *, module: tuple[str, ...] = ("bot",), **settings: str) -> AsyncIterator[Bot]:
    """A bot that has begun to listen; killed at the end if the test has not stopped it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        *module,
        "run",
        cwd=home,
        env=environment(home, **settings),
        stderr=asyncio.subprocess.PIPE,
    )
    bot = Bot(process)
    listening = asyncio.create_task(bot.listen())
    try:
        bot.port = int((await bot.says(_LISTENING.pattern))[1])
        yield bot
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await listening


def json_of(output: str) -> Any:
    """Standard output that holds one JSON value and nothing else."""
    return json.loads(output)
