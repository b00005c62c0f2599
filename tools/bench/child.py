"""Programs that are measured, each in a process of its own. Its law: what is counted is that process's own CPU time,
never the driver's.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

ROOT = Path(__file__).parents[2]
_KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV")


class ChildFailed(RuntimeError):
    """The program ended with an error, or said nothing that can be read; the text is what it wrote."""


@final
@dataclass(frozen=True, slots=True)
class Ended:
    """A program that ended well: its CPU seconds (user and system, with its own children), its largest resident size
    in MiB, and what it printed.
    """

    cpu: float
    peak: float
    said: str


def environment(**more: str) -> dict[str, str]:
    """What a program needs of our own environment to start, and `more`."""
    kept = {key: os.environ[key] for key in _KEPT if key in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0", **more}


def ended(
    arguments: Sequence[str], settings: Mapping[str, str] | None = None, folder: Path = ROOT, status: int = 0
) -> Ended:
    """Run `python ARGUMENTS…` to its end, in `folder` and with nothing of our environment but what it needs to start.

    Raises:
        ChildFailed: its exit status is another than `status`.
    """
    known = environment(**(settings or {}))
    with subprocess.Popen(
        [sys.executable, *arguments], cwd=folder, env=known, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        said = process.stdout.read()
        _, raw, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(raw)
    if process.returncode != status:
        raise ChildFailed(f"{' '.join(arguments)}: exit status {process.returncode}\n{said[-2000:]}")
    return Ended(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, said)


def child(module: str, *arguments: object, settings: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Run `python -m MODULE ARGUMENTS…` to its end; returns the JSON object on its last line.

    Raises:
        ChildFailed: it ended with an error, or its last line is no JSON object.
    """
    said = ended(("-m", module, *map(str, arguments)), settings).said
    try:
        told: dict[str, Any] = json.loads(said.splitlines()[-1])
    except (IndexError, ValueError) as error:
        raise ChildFailed(f"{module}: its last line is no JSON: {said[-500:]}") from error
    return told


def tell(**figures: object) -> None:
    """In the measured program: say what was measured, as the last line."""
    print(json.dumps(figures), flush=True)


def cpu() -> float:
    """CPU seconds of this process until now, all threads, user and system."""
    return time.process_time()


def resident(pid: int | str = "self") -> float:
    """MiB that a living program holds in memory now, as Linux counts them."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
