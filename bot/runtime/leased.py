"""Work that is done only while a lease is held; a lost lease ends it before anything else is begun."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, final

from bot.core.errors import PlatformError
from bot.core.ports import Lease, Leases
from bot.runtime.tasks import begun, ended


@final
@dataclass(eq=False, slots=True)
class Leased:
    """A platform, or a shard of one, that one process serves: waits for one of the leases `names`, then runs `serve`.

    `live` says whether what is served can answer right now.
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
        """The lease is held, and what is served can answer."""
        return self.lease is not None and self.live()

    @property
    def standby(self) -> bool:
        """Another process serves it, and this one would take over."""
        return self.waiting and self.leases.reachable

    async def run(self) -> None:
        """Wait for a lease, then serve until cancelled.

        Raises PlatformError when the lease is lost, and whatever `serve` raises.
        """
        self.waiting = True
        try:
            async with self.leases.hold(*self.names) as lease:
                self.lease, self.waiting = lease, False
                await until_lost(lease, self.serve(lease))
        finally:
            self.lease, self.waiting = None, False


async def until_lost(lease: Lease, work: Coroutine[Any, Any, None]) -> None:
    """Do the work. Raises PlatformError once the lease is lost and the work, cancelled, has ended."""
    working, losing = asyncio.create_task(work), asyncio.create_task(lease.lost())
    try:
        await asyncio.wait({working, losing}, return_when=asyncio.FIRST_COMPLETED)
        if not losing.done():
            return await working
        raise PlatformError("the lease was lost, and another process may serve now", permanent=False)
    finally:
        await ended(working, losing)


async def beside(work: Awaitable[None], *others: Coroutine[Any, Any, None]) -> None:
    """Do the work, and the others for as long as it lasts. One of the others that fails is logged, and ends alone."""
    tasks = [begun(other) for other in others]
    try:
        await work
    finally:
        await ended(*tasks)
