"""Discord in shards: who serves which, and by which of them a message goes out."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from bot.adapters.discord.shards import Shard, Size
from bot.core.errors import PlatformError, Unauthorised
from bot.core.model import DISCORD, MessageRef, Place
from bot.core.ports import Leases
from bot.runtime.discord_shards import BETWEEN, DiscordShards
from bot.runtime.lease_runner import LeaseRunner
from bot.store.leases import LocalLeases
from tests.waiting import PATIENCE, until


class Part:
    """Stands for the platform of one shard."""

    name = DISCORD

    def __init__(self, shard: Shard, fails: PlatformError | None) -> None:
        self.shard, self.fails, self.ready = shard, fails, False
        self.deleted: list[MessageRef] = []
        self.offered = 0
        self.began = asyncio.Event()

    async def run(self) -> None:
        if self.fails:
            raise self.fails
        self.ready = True
        self.began.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.ready = False

    async def delete(self, ref: MessageRef) -> None:
        self.deleted.append(ref)

    async def offer(self, commands: object) -> None:
        self.offered += 1


class Stage:
    """A process's fleet. Its naps are written down and end when `wake` is called."""

    def __init__(self, leases: Leases, *, recommended: int = 1, together: int = 8, **more: Any) -> None:
        self.parts: dict[int, Part] = {}
        self.fails: PlatformError | None = None
        self.failing: tuple[int, PlatformError | None] = -1, None  # one shard alone
        self.along, self.naps = 0, [0.0]
        self.asked = 0
        self._recommended = Size(recommended, together)
        self.fleet = DiscordShards(
            "42",
            leases,
            self._make,  # type: ignore[arg-type]  # of a platform it has what these tests ask for
            self._size,
            more.pop("keep", keep),
            along=self._beside,
            sleep=self._nap,
            **({"number": None, "most": None} | more),
        )

    async def _size(self) -> Size:
        self.asked += 1
        return self._recommended

    def _make(self, shard: Shard) -> Part:
        part = self.parts[shard.id] = Part(shard, self.failing[1] if shard.id == self.failing[0] else self.fails)
        return part

    async def _beside(self) -> None:
        self.along += 1
        await asyncio.Event().wait()

    async def _nap(self, seconds: float) -> None:
        self.naps.append(seconds)
        await asyncio.sleep(0)

    async def serving(self, count: int) -> None:
        await until(lambda: sum(part.ready for part in self.parts.values()) == count)


async def keep(held: LeaseRunner) -> None:
    """As the supervisor: a shard that is refused for good is left alone."""
    try:
        await held.run()
    except PlatformError as error:
        if not isinstance(error, Unauthorised):
            raise


@asynccontextmanager
async def at_work(stage: Stage) -> AsyncIterator[Stage]:
    task = asyncio.create_task(stage.fleet.run())
    try:
        yield stage
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def place(shard: int, count: int) -> Place:
    return Place(DISCORD, str((count * 10 + shard) << 22), "5")


async def ended(run: Coroutine[Any, Any, None]) -> PlatformError:
    with pytest.raises(PlatformError) as caught:
        await asyncio.wait_for(run, PATIENCE)
    return caught.value


async def test_as_many_shards_are_served_as_discord_recommends() -> None:
    async with at_work(Stage(LocalLeases(), recommended=3)) as stage:
        await stage.serving(3)
        assert {part.shard for part in stage.parts.values()} == {Shard(n, 3) for n in range(3)}
        assert stage.fleet.ready
        assert not stage.fleet.standby


async def test_a_shard_that_waits_for_another_attempt_is_told_though_the_others_serve() -> None:
    again = asyncio.Event()

    async def trying(held: LeaseRunner) -> None:
        with suppress(PlatformError):
            await held.run()
        await again.wait()
        await held.run()

    stage = Stage(LocalLeases(), recommended=2, keep=trying)
    stage.failing = 1, PlatformError("away", permanent=False)
    async with at_work(stage):
        await stage.serving(1)
        await until(lambda: 1 in stage.parts and stage.fleet.held == 1)
        assert not stage.fleet.ready
        stage.parts[1].fails = None
        again.set()
        await stage.serving(2)
        assert stage.fleet.ready


async def test_one_shard_that_was_asked_for_needs_no_recommendation() -> None:
    async with at_work(Stage(LocalLeases(), number=1)) as stage:
        await stage.serving(1)
        assert stage.asked == 0


async def test_what_is_done_once_is_done_by_the_holder_of_the_first_shard() -> None:
    leases = LocalLeases()
    async with at_work(Stage(leases, number=2, most=1)) as first:
        await first.serving(1)
        async with at_work(Stage(leases, number=2, most=1)) as second:
            await second.serving(1)
            assert (first.along, second.along) == (1, 0)
            await second.fleet.offer(())
            await first.fleet.offer(())
            assert [part.offered for part in (*first.parts.values(), *second.parts.values())] == [1, 0]


async def test_no_process_takes_more_than_its_most_and_one_without_room_stands_by() -> None:
    leases = LocalLeases()
    async with at_work(Stage(leases, number=2, most=1)) as first, at_work(Stage(leases, number=2)) as second:
        await first.serving(1)
        await second.serving(1)
        async with at_work(Stage(leases, number=2)) as third:
            await until(lambda: third.fleet.standby)
            assert not third.fleet.ready


async def test_with_a_recommended_number_one_process_serves_all_shards_and_the_others_stand_by() -> None:
    leases = LocalLeases()
    async with at_work(Stage(leases, recommended=3, most=1)) as first:
        await first.serving(3)
        async with at_work(Stage(leases, recommended=2)) as second:
            await until(lambda: second.fleet.standby)
            assert second.asked == 0
            assert not second.fleet.ready


async def test_a_standby_takes_up_the_shards_of_one_that_leaves() -> None:
    leases = LocalLeases()
    async with at_work(Stage(leases, number=2)) as second:
        async with at_work(Stage(leases, number=2)) as first:
            await until(lambda: first.fleet.ready or second.fleet.ready)
        await second.serving(2)


async def test_a_message_goes_out_by_its_own_shard_and_by_any_other_where_that_one_is_elsewhere() -> None:
    async with at_work(Stage(LocalLeases(), number=3, most=2)) as stage:
        await stage.serving(2)
        for shard, by in ((0, 0), (1, 1), (2, 0)):
            ref = MessageRef(place(shard, 3), str(shard))
            await stage.fleet.delete(ref)
            assert ref in stage.parts[by].deleted


async def test_with_no_shard_here_a_message_waits_for_another_time() -> None:
    error = await ended(Stage(LocalLeases()).fleet.delete(MessageRef(place(0, 1), "1")))
    assert not error.permanent


async def test_sessions_of_one_bucket_begin_with_a_pause_between() -> None:
    async with at_work(Stage(LocalLeases(), recommended=3, together=1)) as stage:
        await stage.serving(3)
        assert stage.naps.count(BETWEEN) >= 2


async def test_a_refused_token_is_told_for_good() -> None:
    for number in (1, 2):
        stage = Stage(LocalLeases(), number=number)
        stage.fails = Unauthorised("refused")
        assert (await ended(stage.fleet.run())).permanent
