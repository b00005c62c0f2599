"""What a process holds: memory, tasks, open files. Measured at rest, after the garbage is gone."""

import asyncio
import contextlib
import gc
import os
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MIB = 1 << 20


@dataclass(frozen=True)
class Holding:
    """`blocks` are Python's own allocations that live, one an object or less; `resident` counts bytes of the kernel's,
    what is held below Python included. `files` counts files, sockets and pipes that are open, by name, and `kinds` the
    objects that the garbage collector knows, by type.
    """

    blocks: int
    resident: int
    tasks: frozenset["asyncio.Task[Any]"]
    files: Counter[str]
    kinds: Counter[str]

    def grown(self, since: "Holding") -> str:
        """For whoever has to find a leak: what there is more of."""
        more = (self.kinds - since.kinds).most_common(12)
        new = [str(task.get_coro()) for task in self.tasks - since.tasks][:5]
        opened = dict(self.files - since.files)
        return (
            f"{self.blocks - since.blocks:+} blocks, {(self.resident - since.resident) / MIB:+.1f} MiB, "
            f"{len(self.tasks) - len(since.tasks):+} tasks, {self.files.total() - since.files.total():+} files; "
            f"most of all {more}, new tasks {new}, new files {opened}"
        )


async def held() -> Holding:
    """What is held now."""
    for _ in range(20):  # what has ended lets go
        await asyncio.sleep(0)
    gc.collect()
    kinds = Counter(type(one).__name__ for one in gc.get_objects())
    return Holding(sys.getallocatedblocks(), _resident(), frozenset(asyncio.all_tasks()), _files(), kinds)


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _files() -> Counter[str]:
    found = Counter[str]()
    for one in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # that of the listing itself
            found[os.readlink(one).partition("[")[0]] += 1
    return found
