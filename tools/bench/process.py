"""Runs the measured programs, each in its own process, and reads their CPU time from the kernel."""

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
_PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV")  # environment variables
_CPU_OF_PROCESS = 2  # Linux: the clock of the CPU time of a process, all threads
_START, _LEAVE = 120.0, 20.0  # seconds that a program may take to start, and to end
_SOON = 5.0  # seconds after which the bot's one-time work has begun: it loads the encoder 3 s after its start
_CALM, _WORK = 1.0, 0.02  # a program is at rest if it uses at most _WORK seconds of CPU in _CALM seconds


class Void(RuntimeError):
    """The measurement is invalid: a program failed or an answer is wrong. The text says why."""


class Result(NamedTuple):
    """The CPU seconds (user and system, with children) and the output of a program that ended with status 0."""

    cpu: float
    output: str


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """The environment of a program: the few variables that it needs to start, and these settings."""
    passed_on = {key: os.environ[key] for key in _PASSED_ON if key in os.environ}
    return {**passed_on, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0", **settings}


def run(arguments: Sequence[str], settings: Mapping[str, str] | None = None, folder: Path = ROOT) -> Result:
    """Run `python ARGUMENTS…` and wait until it has ended. Raises Void if its exit status is not 0."""
    command, variables = [sys.executable, *arguments], environment(settings or {})
    with subprocess.Popen(command, cwd=folder, env=variables, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise Void(f"{' '.join(arguments)}: exit status {process.returncode}\n{output[-2000:]}")
    return Result(usage.ru_utime + usage.ru_stime, output)


def child(module: str, *arguments: str) -> dict[str, Any]:
    """Run `python -m MODULE ARGUMENTS…`; returns the JSON object on its last line. Raises Void if that fails."""
    output = run(("-m", module, *arguments)).output
    try:
        result: dict[str, Any] = json.loads(output.splitlines()[-1])
    except (IndexError, ValueError) as error:
        raise Void(f"{module}: the last line of its output is no JSON: {output[-500:]}") from error
    return result


@final
class Program:
    """A running program."""

    def __init__(self, process: Process) -> None:
        self.process = process

    @property
    def cpu(self) -> float:
        """CPU seconds used so far by all threads."""
        return time.clock_gettime((~self.process.pid << 3) | _CPU_OF_PROCESS)

    @property
    def resident(self) -> float:
        """Resident memory in MiB."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text("ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    async def rest(self, seconds: float = 90.0) -> None:
        """Wait until the program is idle. Raises TimeoutError if it is still busy after so many seconds."""
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
    """Run `python ARGUMENTS…` in `folder`, wait until `ready` has returned, and stop the program after the block. It
    gets SIGTERM, and is killed if it has not ended 20 s later.

    Raises:
        Void: the program ended before it was ready, or is not ready after two minutes.
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
