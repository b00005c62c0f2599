"""Discord in shards: this process serves those whose leases it holds."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, Final, final

from bot.adapters.discord.shards import Shard, Size, shard_of
from bot.core.commands import CommandInfo
from bot.core.disclaimer import Reply
from bot.core.errors import PlatformError, Unauthorised
from bot.core.model import DISCORD, Attachment, Member, MessageRef, Place, Right
from bot.core.ports import Lease, Leases, Platform
from bot.runtime.leased import Leased, beside
from bot.runtime.tasks import ended

BETWEEN: Final = 5.0  # seconds between two sessions that begin in one bucket (Discord's gateway documentation)
_LOOK, _LOOKS = 0.5, 60  # seconds between two looks whether a session has begun, and how many


@final
class DiscordShards:
    """One `bot.core.ports.Platform` over all shards that are served here. A call goes to the shard of its place, or to
    another where that one is not here.

    `number` of shards there are, the same in all processes, and at most `most` are served here (None: any). With the
    `number` None Discord recommends it; then one process serves all shards, as others may be told another number.
    `account` names the bot in its leases, `make` gives the platform for a shard, `size` asks Discord, `keep` supervises
    a shard where there are several. `along` runs where the first shard is served.
    """

    name = DISCORD

    def __init__(
        self,
        account: str,
        leases: Leases,
        make: Callable[[Shard], Platform],
        size: Callable[[], Awaitable[Size]],
        keep: Callable[[Leased], Coroutine[Any, Any, None]],
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
        self._slots: list[Leased] = []

    @property
    def ready(self) -> bool:
        """At least one shard is served here, all that are can answer, and none waits for another attempt."""
        return bool(self._served) and all(slot.ready or slot.standby for slot in self._slots)

    @property
    def standby(self) -> bool:
        """Other processes serve all shards, and this one would take over."""
        return not self._served and any(slot.standby for slot in self._slots)

    @property
    def held(self) -> int:
        """How many shards are served here."""
        return len(self._served)

    async def run(self) -> None:
        """Serve as many shards as may be and are free, until cancelled."""
        if self._number is None:
            whole = Leased(DISCORD, self._leases, (f"{self._prefix}:shards",), lambda _: self._serve())
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
            raise Unauthorised("Discord refuses the token; the lines above say more")
        finally:
            await ended(*tasks)

    def _slot(self, name: str) -> Leased:
        """Room for one shard, whichever is free."""

        async def serve(lease: Lease) -> None:
            await self._serve_shard(_number(lease))

        def live() -> bool:
            return slot.lease is not None and self._made[_number(slot.lease)].ready

        names = tuple(f"{self._prefix}:shard:{number}" for number in range(self._size.shards))
        slot = Leased(name, self._leases, names, serve, live)
        return slot

    async def _serve_shard(self, number: int) -> None:
        platform = self._made.get(number) or self._make(Shard(number, self._size.shards))
        self._made[number] = self._served[number] = platform
        begun = asyncio.Event()

        async def run() -> None:
            await begun.wait()
            await platform.run()

        try:
            await beside(run(), self._begin(platform, number, begun), *([self._along()] if number == 0 else []))
        finally:
            del self._served[number]

    async def _begin(self, platform: Platform, number: int, begun: asyncio.Event) -> None:
        """Start the session, one at a time in its bucket: the shards alike modulo `together`, in all processes."""
        if self._size.shards == 1:
            begun.set()
            return
        async with self._leases.hold(f"{self._prefix}:begin:{number % self._size.together}"):
            begun.set()
            for _ in range(_LOOKS):
                await self._sleep(_LOOK)
                if platform.ready:
                    break
            await self._sleep(BETWEEN)

    async def offer(self, commands: Sequence[CommandInfo]) -> None:
        """Done by the process that serves the first shard."""
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
        served = self._served.get(shard_of(place.community, self._size.shards))
        if served := served or next((one for one in self._served.values() if one.ready), None):
            return served
        raise PlatformError("Discord is served by another process", permanent=False)


def _number(lease: Lease) -> int:
    return int(lease.name.rpartition(":")[2])
