"""One platform that fails never takes another with it, and comes back in its own time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta

import pytest

from bot.core.errors import PlatformError, Unauthorised
from bot.core.faults import Fault
from bot.runtime.supervisor import Supervisor, Watch
from bot.runtime.telemetry import Metrics


class Clock:
    """Time that moves only where a test moves it. Sleeping advances it and lets others run."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


class Scripted:
    """A platform whose runs go as told, one after another; the last one lasts."""

    def __init__(self, name: str, *runs: Callable[[], Awaitable[None]]) -> None:
        self.name, self.ready, self.standby = name, True, False
        self.runs: Iterator[Callable[[], Awaitable[None]]] = iter(runs)
        self.begun = 0

    async def run(self) -> None:
        self.begun += 1
        await next(self.runs, _lasting)()


async def _lasting() -> None:
    await asyncio.Event().wait()


async def _ending() -> None:
    return None


def _failing(error: BaseException) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        raise error

    return run


def _after(clock: Clock, seconds: float, error: BaseException) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        clock.now += seconds
        raise error

    return run


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def supervisor(clock: Clock) -> Supervisor:
    return Supervisor(Metrics(), clock, clock.sleep, lambda: 1.0)


async def _settled(supervisor: Supervisor, *platforms: Scripted) -> list[asyncio.Task[None]]:
    """Keeps them until nothing moves any more."""
    tasks = [asyncio.create_task(supervisor.keep(one)) for one in platforms]
    for _ in range(200):
        await asyncio.sleep(0)
    return tasks


async def _stopped(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


TROUBLE = PlatformError("cannot be reached", permanent=False)


async def test_one_that_fails_never_stops_another(supervisor: Supervisor) -> None:
    bad = Scripted("discord", *[_failing(RuntimeError("broken"))] * 30)
    good = Scripted("telegram")
    tasks = await _settled(supervisor, bad, good)
    assert bad.begun == 31
    assert good.begun == 1
    assert supervisor.watches["telegram"].ready
    await _stopped(tasks)


async def test_a_refused_token_disables_its_platform_alone_with_one_line(
    supervisor: Supervisor, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    refused = Unauthorised("Discord does not know this token")
    bad, good = Scripted("discord", _failing(refused)), Scripted("telegram")
    tasks = await _settled(supervisor, bad, good)
    assert tasks[0].done()
    assert (bad.begun, clock.slept) == (1, [])
    watch = supervisor.watches["discord"]
    assert (watch.fault, watch.reason, watch.ready) == (Fault.DISABLED, "Discord does not know this token", False)
    assert supervisor.watches["telegram"].state == "running"
    (record,) = [one for one in caplog.records if one.levelno >= logging.WARNING]
    assert record.getMessage() == "discord is disabled: Discord does not know this token"
    assert record.exc_info is None
    await _stopped(tasks)
    assert watch.state == "disabled"


async def test_any_other_refusal_is_tried_again_with_the_step_that_it_asks_for(
    supervisor: Supervisor, clock: Clock
) -> None:
    seen: list[Fault | None] = []

    async def sleep(seconds: float) -> None:
        seen.append(supervisor.watches["telegram"].fault)
        await clock.sleep(seconds)

    supervisor.sleep = sleep
    odd = PlatformError("the port is wrong", permanent=False, fault=Fault.WEBHOOK)
    tasks = await _settled(
        supervisor, Scripted("telegram", _failing(PlatformError("no", permanent=True)), _failing(odd))
    )
    assert seen == [Fault.RETRYING, Fault.WEBHOOK]
    await _stopped(tasks)


async def test_pauses_double_up_to_half_a_minute_so_that_a_platform_is_served_soon_after_its_return(
    supervisor: Supervisor, clock: Clock
) -> None:
    tasks = await _settled(supervisor, Scripted("discord", *[_failing(TROUBLE)] * 9))
    assert clock.slept == [5, 10, 20, 30, 30, 30, 30, 30, 30]
    await _stopped(tasks)


async def test_the_pauses_of_a_job_double_up_to_five_minutes(supervisor: Supervisor, clock: Clock) -> None:
    job = Scripted("pins", *[_failing(TROUBLE)] * 9)
    task = asyncio.create_task(supervisor.run_job(job.name, job.run))
    for _ in range(100):
        await asyncio.sleep(0)
    assert clock.slept == [5, 10, 20, 40, 80, 160, 300, 300, 300]
    await _stopped([task])


async def test_a_good_run_begins_a_new_row_of_pauses(supervisor: Supervisor, clock: Clock) -> None:
    runs = [_failing(TROUBLE), _failing(TROUBLE), _after(clock, 121, TROUBLE), _failing(TROUBLE)]
    tasks = await _settled(supervisor, Scripted("discord", *runs))
    assert clock.slept == [5, 10, 5, 10]
    await _stopped(tasks)


async def test_a_short_run_does_not(supervisor: Supervisor, clock: Clock) -> None:
    runs = [_failing(TROUBLE), _after(clock, 119, TROUBLE), _failing(TROUBLE)]
    tasks = await _settled(supervisor, Scripted("discord", *runs))
    assert clock.slept == [5, 10, 20]
    await _stopped(tasks)


async def test_each_pause_has_its_jitter(clock: Clock) -> None:
    jitters = iter([0.5, 1.5, 1.0])
    supervisor = Supervisor(Metrics(), clock, clock.sleep, lambda: next(jitters))
    tasks = await _settled(supervisor, Scripted("discord", *[_failing(TROUBLE)] * 3))
    assert clock.slept == [2.5, 15, 20]
    await _stopped(tasks)


async def test_an_end_without_an_error_is_a_failure_too(supervisor: Supervisor, clock: Clock) -> None:
    tasks = await _settled(supervisor, Scripted("discord", _ending))
    assert clock.slept == [5]
    assert supervisor.watches["discord"].fault is None
    await _stopped(tasks)


async def test_an_error_that_nobody_foresaw_is_logged_with_its_traceback_once_in_a_row(
    supervisor: Supervisor, caplog: pytest.LogCaptureFixture
) -> None:
    odd = _failing(AttributeError("'NoneType' has no 'sequence'"))
    tasks = await _settled(supervisor, Scripted("discord", odd, odd, _failing(TROUBLE), odd))
    assert [(one.getMessage(), bool(one.exc_info)) for one in caplog.records] == [("discord failed", True)] * 2
    await _stopped(tasks)


async def test_while_it_pauses_it_is_not_ready_and_tells_why(clock: Clock) -> None:
    seen: list[tuple[Fault | None, str, bool]] = []
    watches: dict[str, Watch] = {}

    async def sleep(seconds: float) -> None:
        watch = watches["discord"]
        seen.append((watch.fault, watch.reason, watch.ready))
        await clock.sleep(seconds)

    tasks = await _settled(
        Supervisor(Metrics(), clock, sleep, lambda: 1.0, watches), Scripted("discord", _failing(TROUBLE))
    )
    assert seen == [(Fault.RETRYING, "cannot be reached", False)]
    assert watches["discord"].reason == ""
    await _stopped(tasks)


async def test_a_platform_that_is_not_connected_yet_is_not_ready(supervisor: Supervisor) -> None:
    platform = Scripted("discord")
    platform.ready = False
    tasks = await _settled(supervisor, platform)
    assert not supervisor.watches["discord"].ready
    platform.ready = True
    assert supervisor.watches["discord"].ready
    await _stopped(tasks)


async def test_cancelling_stops_a_platform_and_its_gauge(supervisor: Supervisor) -> None:
    platform = Scripted("discord")
    tasks = await _settled(supervisor, platform)
    registry = supervisor.metrics.registry
    assert registry.get_sample_value("kusamabot_platform_up", {"platform": "discord"}) == 1
    await _stopped(tasks)
    assert tasks[0].cancelled()
    assert supervisor.watches["discord"].fault is Fault.STOPPED
    assert registry.get_sample_value("kusamabot_platform_up", {"platform": "discord"}) == 0


async def test_failures_are_counted(supervisor: Supervisor) -> None:
    tasks = await _settled(supervisor, Scripted("discord", *[_failing(TROUBLE)] * 3))
    labels = {"platform": "discord"}
    assert supervisor.metrics.registry.get_sample_value("kusamabot_platform_failures_total", labels) == 3
    await _stopped(tasks)


async def test_a_platform_that_asks_for_a_longer_pause_is_obeyed(supervisor: Supervisor, clock: Clock) -> None:
    waits = [PlatformError("flood control", permanent=False, retry_after=timedelta(seconds=n)) for n in (3, 100)]
    tasks = await _settled(supervisor, Scripted("telegram", *map(_failing, waits)))
    assert clock.slept == [5, 100]
    await _stopped(tasks)


async def test_work_that_fails_or_ends_is_told_and_begun_again(
    supervisor: Supervisor, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    work = Scripted("upkeep", _failing(KeyError("day")), _ending, _after(clock, 121, OSError("gone")))
    task = asyncio.create_task(supervisor.run_job(work.name, work.run))
    for _ in range(50):
        await asyncio.sleep(0)
    assert (work.begun, clock.slept) == (4, [5, 10, 5])
    told = [one.getMessage() for one in caplog.records if one.levelno == logging.WARNING]
    assert [one.partition(";")[0] for one in told] == ["upkeep: KeyError", "upkeep: it ended", "upkeep: OSError"]
    assert [bool(one.exc_info) for one in caplog.records if one.levelno == logging.ERROR] == [True, True]
    assert supervisor.watches == {}, "it is no platform"
    await _stopped([task])
    assert task.cancelled()


async def test_a_job_that_a_platform_refuses_for_good_pauses_like_any_other(
    supervisor: Supervisor, clock: Clock
) -> None:
    refused = PlatformError("the token is refused", permanent=True)
    job = Scripted("pins", _failing(refused), _failing(refused))
    task = asyncio.create_task(supervisor.run_job(job.name, job.run))
    for _ in range(50):
        await asyncio.sleep(0)
    assert (job.begun, clock.slept) == (3, [5, 10])
    await _stopped([task])
