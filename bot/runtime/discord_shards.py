"""Serves Discord in shards. A process serves the shards whose leases it holds."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, Final, final

from bot.adapters.discord.shards import Shard, Size, shard_of
from bot.core.commands import CommandInfo
from bot.core.disclaimer import Reply
from bot.core.errors import PlatformError, Unauthorised
from bot.core.model import DISCORD, Attachment, Member, MessageRef, Place, Right
from bot.core.ports import Lease, Leases, Platform
from bot.runtime.lease_runner import LeaseRunner, run_beside
from bot.runtime.tasks import cancel_tasks

BETWEEN: Final = 5.0  # seconds between the starts of two sessions in a rate limit bucket (Discord's gateway docs)
_CHECK, _CHECKS = 0.5, 60  # seconds between two checks whether a session has started, and the number of checks


@final
class DiscordShards:
    """A `bot.core.ports.Platform` over all shards that this process serves. A call goes to the shard of its place, or
    to any ready shard if another process serves that one.

    `number` is the total number of shards, the same in all processes; this process serves at most `most` of them (None:
    no limit). If `number` is None, Discord recommends one, and a single process serves all shards, because Discord may
    recommend a different number to another process.

    `account` identifies the bot in the names of its leases. `make` builds the platform for a shard, `size` asks Discord
    for the recommended size, `keep` supervises a shard if there are several. `along` runs in the process that serves
    the first shard.
    """

    name = DISCORD

    def __init__(
        self,
        account: str,
        leases: Leases,
        make: Callable[[Shard], Platform],
        size: Callable[[], Awaitable[Size]],
        keep: Callable[[LeaseRunner], Coroutine[Any, Any, None]],
        *,
        number: int | None,
        most: int | None,
        along: Callable[[], Coroutine[Any, Any, None]],
        sleep: Callable[[float], Awaitable[object]],
    ) -> None:
        self._prefix = f"discord:{account}"
        self._leases, self._make, self._ask_size, self._keep = leases, make, size, keep
        self._number, self._most, self._along, self._sleep = number, most, along, sleep
        self._size = Size(1, 1)
        self._made: dict[int, Platform] = {}
        self._served: dict[int, Platform] = {}
        self._slots: list[LeaseRunner] = []

    @property
    def ready(self) -> bool:
        """Whether this process serves at least one shard, and every slot is ready or waits for a lease."""
        return bool(self._served) and all(slot.ready or slot.standby for slot in self._slots)

    @property
    def standby(self) -> bool:
        """Whether this process serves no shard and waits to take over from others."""
        return not self._served and any(slot.standby for slot in self._slots)

    @property
    def held(self) -> int:
        """The number of shards that this process serves."""
        return len(self._served)

    async def run(self) -> None:
        """Serve shards until cancelled: as many as are free, up to the limit."""
        if self._number is None:
            whole = LeaseRunner(DISCORD, self._leases, (f"{self._prefix}:shards",), lambda _: self._serve())
            self._slots = [whole]
            await whole.run()
        else:
            await self._serve()

    async def _serve(self) -> None:
        size = Size(1, 1) if self._number == 1 else await self._ask_size()
        count = self._number or size.shards
        if count != self._size.shards:
            self._made.clear()
        self._size = Size(count, size.together)
        room = min(self._most or count, count) if self._number else count
        self._slots = [self._slot(f"{DISCORD}/{index}") for index in range(room)]
        if count == 1:
            return await self._slots[0].run()
        tasks = [asyncio.create_task(self._keep(slot)) for slot in self._slots]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            raise Unauthorised("Discord refuses the token; see the log lines above")
        finally:
            await cancel_tasks(*tasks)

    def _slot(self, name: str) -> LeaseRunner:
        """A slot that serves one shard, the first that is free."""

        async def serve(lease: Lease) -> None:
            await self._serve_shard(_number(lease))

        def live() -> bool:
            return slot.lease is not None and self._made[_number(slot.lease)].ready

        names = tuple(f"{self._prefix}:shard:{number}" for number in range(self._size.shards))
        slot = LeaseRunner(name, self._leases, names, serve, live)
        return slot

    async def _serve_shard(self, number: int) -> None:
        platform = self._made.get(number) or self._make(Shard(number, self._size.shards))
        self._made[number] = self._served[number] = platform
        may_start = asyncio.Event()

        async def run() -> None:
            await may_start.wait()
            await platform.run()

        try:
            companions = [self._along()] if number == 0 else []
            await run_beside(run(), self._pace_start(platform, number, may_start), *companions)
        finally:
            del self._served[number]

    async def _pace_start(self, platform: Platform, number: int, may_start: asyncio.Event) -> None:
        """Let the session start when no other is starting in its rate limit bucket, in any process. A bucket has the
        shards whose number is the same modulo `together`.
        """
        if self._size.shards == 1:
            may_start.set()
            return
        async with self._leases.hold(f"{self._prefix}:begin:{number % self._size.together}"):
            may_start.set()
            for _ in range(_CHECKS):
                await self._sleep(_CHECK)
                if platform.ready:
                    break
            await self._sleep(BETWEEN)

    async def offer(self, commands: Sequence[CommandInfo]) -> None:
        """Does nothing unless this process serves the first shard."""
        if first := self._served.get(0):
            await first.offer(commands)

    async def rights(self, place: Place, member: Member | None) -> Right:
        return await self._of(place).rights(place, member)

    async def is_forum(self, place: Place) -> bool:
        return await self._of(place).is_forum(place)

    async def post(self, place: Place, reply: Reply, once: str | None = None) -> MessageRef:
        return await self._of(place).post(place, reply, once)

    async def edit(self, ref: MessageRef, reply: Reply) -> bool | None:
        return await self._of(ref.place).edit(ref, reply)

    async def delete(self, ref: MessageRef) -> None:
        await self._of(ref.place).delete(ref)

    async def pin(self, ref: MessageRef) -> None:
        await self._of(ref.place).pin(ref)

    async def unpin(self, ref: MessageRef) -> None:
        await self._of(ref.place).unpin(ref)

    async def read(self, file: Attachment) -> bytes:
        return await self._of(Place(DISCORD)).read(file)

    def _of(self, place: Place) -> Platform:
        shard = self._served.get(shard_of(place.community, self._size.shards))
        if shard := shard or next((other for other in self._served.values() if other.ready), None):
            return shard
        raise PlatformError("Discord is served by another process", permanent=False)


def _number(lease: Lease) -> int:
    return int(lease.name.rpartition(":")[2])
