"""Discord in shards: those whose leases this process holds are served here. Its law: all processes use one number of
shards at a time, so that no guild is served twice.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from typing import Any, final

from bot.adapters.discord import shards
from bot.adapters.discord.shards import Shard, Size
from bot.core.commands import CommandInfo
from bot.core.disclaimer import Reply
from bot.core.errors import PlatformError
from bot.core.leases import Lease, Leases
from bot.core.model import DISCORD, Member, MessageRef, Place, Rights
from bot.core.ports import Platform
from bot.runtime.leased import Held, beside, until_lost

_LOOK, _LOOKS = 0.5, 60  # seconds between two looks whether a session has begun, and how many


@final
class DiscordShards:
    """A platform made of one for each shard held here.

    `account` names the bot in its leases, `make` gives the platform that serves one shard, `size` asks Discord.
    `number` of shards is as Discord recommends if None; at most `most` are held here (None: any number). `keep`
    supervises a shard where there are several. `along` is done by the process that holds the first shard.
    """

    name = DISCORD

    def __init__(
        self,
        account: str,
        leases: Leases,
        make: Callable[[Shard], Platform],
        size: Callable[[], Awaitable[Size]],
        keep: Callable[[Held], Coroutine[Any, Any, None]],
        *,
        number: int | None,
        most: int | None,
        along: Callable[[], Coroutine[Any, Any, None]],
        sleep: Callable[[float], Awaitable[object]],
    ) -> None:
        self._account, self._leases, self._make, self._size, self._keep = account, leases, make, size, keep
        self._number, self._most, self._along, self._sleep = number, most, along, sleep
        self._made: dict[Shard, Platform] = {}
        self._served: dict[int, Platform] = {}
        self._slots: list[Held] = []
        self._count = 1

    @property
    def ready(self) -> bool:
        """At least one shard is held here, all that are can answer, and none waits for another attempt."""
        return bool(self._served) and all(slot.ready or slot.standby for slot in self._slots)

    @property
    def standby(self) -> bool:
        """Other processes serve all shards, and this one would take over."""
        return not self._served and any(slot.standby for slot in self._slots)

    @property
    def held(self) -> int:
        """How many shards are held here."""
        return len(self._served)

    async def run(self) -> None:
        """Serve as many shards as may be and are free, until cancelled."""
        size = Size(1, 1) if self._number == 1 else await self._size()
        number, firm = self._number or size.shards, self._number is not None
        async with self._leases.agree(f"discord:{self._account}:shards", number, firm=firm) as agreed:
            self._count = agreed.number
            await until_lost(agreed, self._serve(size.together))

    async def _serve(self, together: int) -> None:
        names = shards.leases(self._account, self._count)
        room = min(self._most or self._count, self._count)
        self._slots = [self._slot(index, names, together) for index in range(room)]
        if self._count == 1:
            return await self._slots[0].run()
        tasks = [asyncio.create_task(self._keep(slot)) for slot in self._slots]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            raise PlatformError("Discord refuses a shard for good; the lines above say why", permanent=True)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _slot(self, index: int, names: tuple[str, ...], together: int) -> Held:
        """Room for one shard, whichever is free."""

        async def serve(lease: Lease) -> None:
            await self._shard(shards.leased(lease.name, self._count), together)

        def live() -> bool:
            return slot.lease is not None and self._made[shards.leased(slot.lease.name, self._count)].ready

        slot = Held(f"{DISCORD}/{index}", self._leases, names, serve, live)
        return slot

    async def _shard(self, shard: Shard, together: int) -> None:
        platform = self._made.get(shard) or self._make(shard)
        self._made[shard] = self._served[shard.id] = platform
        try:
            async with AsyncExitStack() as stack:
                others = [self._along()] if shard.first else []
                if shard.count > 1:
                    turn = await stack.enter_async_context(
                        _Turn(self._leases, shards.turn(self._account, shard, together))
                    )
                    others.append(self._begun(turn, platform))
                await beside(platform.run(), *others)
        finally:
            del self._served[shard.id]

    async def _begun(self, turn: "_Turn", platform: Platform) -> None:
        """Let the next session begin when this one has, and Discord's pause is over."""
        for _ in range(_LOOKS):
            await self._sleep(_LOOK)
            if platform.ready:
                break
        await self._sleep(shards.BETWEEN)
        await turn.over()

    async def offer(self, commands: Sequence[CommandInfo]) -> None:
        """Done by the process that holds the first shard."""
        if first := self._served.get(0):
            await first.offer(commands)

    async def rights(self, place: Place, member: Member | None) -> Rights:
        """Known where the place's shard is held."""
        return await self._of(place).rights(place, member)

    async def post(self, place: Place, reply: Reply, once: str | None = None) -> MessageRef:
        """By the place's shard, or any: Discord takes messages from all."""
        return await self._of(place).post(place, reply, once)

    async def edit(self, ref: MessageRef, reply: Reply) -> bool | None:
        """By the place's shard, or any."""
        return await self._of(ref.place).edit(ref, reply)

    async def delete(self, ref: MessageRef) -> None:
        """By the place's shard, or any."""
        await self._of(ref.place).delete(ref)

    async def pin(self, ref: MessageRef) -> None:
        """By the place's shard, or any."""
        await self._of(ref.place).pin(ref)

    async def unpin(self, ref: MessageRef) -> None:
        """By the place's shard, or any."""
        await self._of(ref.place).unpin(ref)

    def _of(self, place: Place) -> Platform:
        served = self._served.get(shards.of(place.community, self._count))
        if served := served or next((one for one in self._served.values() if one.ready), None):
            return served
        raise PlatformError("Discord is served by another process", permanent=False)


@final
class _Turn:
    """A lease that may be given back before its block ends."""

    def __init__(self, leases: Leases, name: str) -> None:
        self._stack = AsyncExitStack()
        self._leases, self._name = leases, name

    async def __aenter__(self) -> "_Turn":
        await self._stack.enter_async_context(self._leases.hold(self._name))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.over()

    async def over(self) -> None:
        """Give it back, once."""
        await self._stack.aclose()
