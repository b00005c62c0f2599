"""Starts the programs that are measured, each in a process of its own, and reads their CPU time from the kernel."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple, final

ROOT = Path(__file__).parents[2]
_KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV")
_CPU_OF_PROCESS = 2  # Linux: the clock of all CPU time that the process with this id has used, all threads
_START, _LEAVE = 120.0, 20.0  # seconds a program has to start, and to end
_SOON = 5.0  # seconds after which a bot has begun what it does once: it loads the encoder three after its start
_CALM, _WORK = 1.0, 0.02  # a program is at rest when it uses less than this CPU time in this time, in seconds


class Void(RuntimeError):
    """Why what was measured does not count: a program failed, or an answer is wrong."""


class Ended(NamedTuple):
    """A program that ended well: CPU seconds (user and system, with its children) and what it printed."""

    cpu: float
    said: str


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """What a program needs of our environment to start, and these settings; nothing else is passed on."""
    kept = {key: os.environ[key] for key in _KEPT if key in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0", **settings}


def ended(arguments: Sequence[str], settings: Mapping[str, str] | None = None, folder: Path = ROOT) -> Ended:
    """Run `python ARGUMENTS…` to its end. Raises Void when its exit status is not 0."""
    command = [sys.executable, *arguments]
    known = environment(settings or {})
    with subprocess.Popen(command, cwd=folder, env=known, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise Void(f"{' '.join(arguments)}: exit status {process.returncode}\n{said[-2000:]}")
    return Ended(usage.ru_utime + usage.ru_stime, said)


def child(module: str, *arguments: str) -> dict[str, Any]:
    """Run `python -m MODULE ARGUMENTS…` to its end; returns the JSON object on its last line. Raises Void."""
    said = ended(("-m", module, *arguments)).said
    try:
        found: dict[str, Any] = json.loads(said.splitlines()[-1])
    except (IndexError, ValueError) as error:
        raise Void(f"{module}: its last line is no JSON: {said[-500:]}") from error
    return found


@final
class Program:
    """A program that runs."""

    def __init__(self, process: Process) -> None:
        self.process = process

    @property
    def cpu(self) -> float:
        """CPU seconds until now, all threads."""
        return time.clock_gettime((~self.process.pid << 3) | _CPU_OF_PROCESS)

    @property
    def resident(self) -> float:
        """MiB of memory that it holds now, as Linux counts them."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text("ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    async def rest(self, seconds: float = 90.0) -> None:
        """Wait until it does nothing any more. Raises TimeoutError when it still works after so many seconds."""
        async with asyncio.timeout(seconds):
            await asyncio.sleep(_SOON)
            before = self.cpu - 1.0
            while (now := self.cpu) - before > _WORK:
                before = now
                await asyncio.sleep(_CALM)


@asynccontextmanager
async def running(
    arguments: Sequence[str], settings: Mapping[str, str], folder: Path, ready: Awaitable[object]
) -> AsyncIterator[Program]:
    """`python ARGUMENTS…` in `folder`, once `ready` has come; it is asked to end, and killed where it does not.

    Raises:
        Void: it ended before, or is not ready in two minutes.
    """
    with (folder / "log").open("w+b") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, cwd=folder, env=environment(settings), stdout=log, stderr=log
        )
        try:
            starting, ending = asyncio.ensure_future(ready), asyncio.create_task(process.wait())
            await asyncio.wait({starting, ending}, timeout=_START, return_when=asyncio.FIRST_COMPLETED)
            ending.cancel()
            if not starting.done():
                starting.cancel()
                log.seek(0)
                status = "is not ready" if process.returncode is None else f"ended with {process.returncode}"
                raise Void(f"{' '.join(arguments)} {status}\n{log.read()[-2000:].decode()}")
            await starting
            yield Program(process)
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(process.wait(), _LEAVE)
            except TimeoutError:
                process.kill()
                await process.wait()
