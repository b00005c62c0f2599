"""What is done under a lease ends with the lease."""

import asyncio

import pytest

from bot.core.errors import PlatformError
from bot.core.ports import Lease
from bot.runtime.lease_runner import LeaseRunner, run_beside, until_lost
from bot.store.leases import Granted, LocalLeases
from tests.waiting import PATIENCE, until


class Work:
    """Goes on until it is cancelled, and takes a moment to leave."""

    def __init__(self) -> None:
        self.begun, self.ended = asyncio.Event(), asyncio.Event()

    async def go_on(self) -> None:
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            self.ended.set()


async def test_a_lost_lease_ends_the_work_before_it_is_told() -> None:
    lease, work = Granted("receiver"), Work()
    task = asyncio.create_task(until_lost(lease, work.go_on()))
    await work.begun.wait()
    lease.gone.set()
    with pytest.raises(PlatformError, match="lease") as caught:
        await task
    assert work.ended.is_set()
    assert not caught.value.permanent


async def test_what_the_work_raises_is_raised() -> None:
    async def failing() -> None:
        raise PlatformError("refused", permanent=True)

    with pytest.raises(PlatformError, match="refused"):
        await until_lost(Granted("receiver"), failing())


async def test_cancelling_waits_for_the_work_to_leave() -> None:
    work = Work()
    task = asyncio.create_task(until_lost(Granted("receiver"), work.go_on()))
    await work.begun.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert work.ended.is_set()


async def test_the_others_end_with_the_work() -> None:
    other = Work()

    async def work() -> None:
        await other.begun.wait()

    await run_beside(work(), other.go_on())
    assert other.ended.is_set()


async def test_a_platform_stands_by_until_the_lease_is_free_and_is_ready_while_it_can_answer() -> None:
    leases, live = LocalLeases(), True
    serving = asyncio.Event()

    async def serve(_: Lease) -> None:
        serving.set()
        await asyncio.Event().wait()

    held = LeaseRunner("telegram", leases, ("receiver",), serve, lambda: live)
    assert not held.standby
    async with leases.hold("receiver"):
        task = asyncio.create_task(held.run())
        await until(lambda: held.standby)
        assert not held.ready
        leases.reachable = False
        assert not held.standby
        leases.reachable = True
    await serving.wait()
    assert held.ready
    assert not held.standby
    live = False
    assert not held.ready
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert not held.standby
    async with asyncio.timeout(PATIENCE), leases.hold("receiver") as lease:
        assert lease.name == "receiver"


async def test_a_companion_that_fails_is_told_at_once_and_the_work_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    work = Work()

    async def fails() -> None:
        raise KeyError("pins")

    task = asyncio.create_task(run_beside(work.go_on(), fails()))
    await until(lambda: "KeyError" in caplog.text)
    assert not task.done()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert work.ended.is_set()
