"""Runs work only while a lease is held. If the lease is lost, the work is cancelled before anything else starts."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, final

from bot.core.errors import PlatformError
from bot.core.ports import Lease, Leases
from bot.runtime.tasks import cancel_tasks, start_task


@final
@dataclass(eq=False, slots=True)
class LeaseRunner:
    """A platform, or a shard of one, that only one process serves. Waits for one of the leases `names`, then runs
    `serve`. `live` returns whether the platform or shard can answer now.
    """

    name: str
    leases: Leases
    names: tuple[str, ...]
    serve: Callable[[Lease], Coroutine[Any, Any, None]]
    live: Callable[[], bool] = lambda: True
    lease: Lease | None = field(default=None, init=False)
    waiting: bool = field(default=False, init=False)

    @property
    def ready(self) -> bool:
        """Whether the lease is held and the platform or shard can answer."""
        return self.lease is not None and self.live()

    @property
    def standby(self) -> bool:
        """Whether another process holds the lease and this one waits to take over."""
        return self.waiting and self.leases.reachable

    async def run(self) -> None:
        """Wait for a lease, then serve until cancelled.

        Raises PlatformError when the lease is lost, and any error that `serve` raises.
        """
        self.waiting = True
        try:
            async with self.leases.hold(*self.names) as lease:
                self.lease, self.waiting = lease, False
                await until_lost(lease, self.serve(lease))
        finally:
            self.lease, self.waiting = None, False


async def until_lost(lease: Lease, work: Coroutine[Any, Any, None]) -> None:
    """Do the work. If the lease is lost, cancel the work, wait until it has ended and raise PlatformError."""
    working, losing = asyncio.create_task(work), asyncio.create_task(lease.lost())
    try:
        await asyncio.wait({working, losing}, return_when=asyncio.FIRST_COMPLETED)
        if not losing.done():
            return await working
        raise PlatformError("the lease was lost, and another process may serve now", permanent=False)
    finally:
        await cancel_tasks(working, losing)


async def run_beside(work: Awaitable[None], *others: Coroutine[Any, Any, None]) -> None:
    """Do the work, and run the others while it lasts. If one of the others fails, its error is logged and the rest goes
    on.
    """
    tasks = [start_task(other) for other in others]
    try:
        await work
    finally:
        await cancel_tasks(*tasks)
