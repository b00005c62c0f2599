"""How the process is, told truly: which part, since when, why, and what to do."""

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from bot.content.live_content import LiveContent
from bot.core.errors import Problem, StoreError
from bot.core.faults import STORE, Fault
from bot.core.sealed_catalog import SealedCatalog
from bot.runtime.clock import Clock
from bot.runtime.health import Health
from bot.runtime.supervisor import Watch
from bot.runtime.telemetry import Metrics
from tests.builders import shipped

BEGAN = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass
class Platform:
    """A platform, as the supervisor sees it."""

    name: str = "telegram"
    ready: bool = True
    standby: bool = False

    async def run(self) -> None:
        """Nobody calls it here."""


def watched(*, ready: bool = True, standby: bool = False, fault: Fault | None = None, reason: str = "") -> Watch:
    return Watch(Platform(ready=ready, standby=standby), fault, reason)


@dataclass
class Files:
    """The content, with what is wrong with it."""

    edition: SealedCatalog = field(default_factory=lambda: SealedCatalog(shipped()))
    problems: tuple[Problem, ...] = ()


@dataclass
class Stage:
    """A process that is well, until a test says otherwise."""

    watches: dict[str, Watch] = field(default_factory=lambda: {"discord": watched(), "telegram": watched()})
    trouble: Fault | None = None
    reason: str = ""
    store: StoreError | None = None
    files: Files = field(default_factory=Files)
    metrics: Metrics = field(default_factory=Metrics)
    now: float = 0.0
    looks: int = 0
    slept: list[float] = field(default_factory=list)
    napped: asyncio.Condition = field(default_factory=asyncio.Condition)

    def __post_init__(self) -> None:
        clock = Clock(lambda: self.now, lambda: BEGAN + timedelta(seconds=self.now), self.sleep)
        troubles = dict.fromkeys(("discord", "telegram"), lambda: (self.trouble, self.reason) if self.trouble else None)
        self.health = Health(
            troubles, self.watches, self.look, cast(LiveContent, self.files), metrics=self.metrics, clock=clock
        )

    async def look(self) -> None:
        self.looks += 1
        if self.store:
            raise self.store

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        async with self.napped:
            self.napped.notify_all()
        await asyncio.sleep(0)

    async def nap(self, times: int) -> None:
        """Return once it has slept so often."""
        async with self.napped:
            await self.napped.wait_for(lambda: len(self.slept) >= times)

    async def state(self, after: float = 5.0) -> dict[str, Any]:
        """What /readyz shows so many seconds later."""
        self.now += after
        return await self.health.state()

    def gauge(self, part: str, fault: Fault) -> float | None:
        return self.metrics.registry.get_sample_value("kusamabot_fault", {"part": part, "fault": fault.value})


async def test_a_process_that_is_well_is_ready_and_has_no_faults() -> None:
    stage = Stage()
    state = await stage.state()
    assert state["ready"] is True
    assert state["faults"] == []
    assert state["store"] == {"ready": True, "reason": "", "fix": "", "since": None}
    assert stage.metrics.registry.get_sample_value("kusamabot_ready") == 1


@pytest.mark.parametrize("fault", [Fault.UNREACHED, Fault.SILENT, Fault.CONFLICT, Fault.OVERLOADED, Fault.NO_LEASE])
async def test_a_platform_that_runs_and_hears_nothing_is_named_with_cause_since_and_fix(fault: Fault) -> None:
    stage = Stage()
    await stage.state()
    stage.watches["telegram"], stage.trouble = watched(ready=False), fault
    for _ in range(2):
        state = await stage.state()
        assert state["ready"] is False
        assert state["platforms"]["discord"] == {
            "ready": True,
            "state": "running",
            "reason": "",
            "fix": "",
            "since": None,
        }
        shown = {"reason": fault.cause, "fix": fault.fix, "since": "2026-11-22T12:00:10+00:00"}
        assert state["platforms"]["telegram"] == {"ready": False, "state": "running", **shown}
        assert state["faults"] == [{"part": "telegram", "fault": fault.value, **shown}]
        assert stage.gauge("telegram", fault) == 1
    stage.watches["telegram"] = watched()
    assert (await stage.state())["faults"] == []
    assert stage.gauge("telegram", fault) == 0


@pytest.mark.parametrize("fault", [Fault.RETRYING, Fault.DISABLED, Fault.STOPPED])
async def test_what_the_supervisor_says_wins_and_its_reason_is_told(fault: Fault) -> None:
    stage = Stage(trouble=Fault.STARTING)
    stage.watches["discord"] = watched(fault=fault, reason="Discord refuses the token")
    state = await stage.state()
    (found,) = state["faults"]
    assert state["platforms"]["discord"]["state"] == fault.value
    assert (found["part"], found["fault"], found["reason"]) == ("discord", fault.value, "Discord refuses the token")
    assert found["fix"] == fault.fix


async def test_a_platform_that_was_not_begun_yet_is_starting() -> None:
    stage = Stage()
    del stage.watches["telegram"]
    state = await stage.state()
    assert not state["ready"]
    assert state["faults"][0]["fault"] == "starting"


async def test_standing_by_is_no_fault() -> None:
    stage = Stage()
    stage.watches["telegram"] = watched(ready=False, standby=True)
    assert (await stage.state())["ready"] is True


async def test_a_process_without_descriptors_is_named_and_the_database_is_not_blamed() -> None:
    stage = Stage()
    stage.store = StoreError("The process has no file descriptor left", "Raise it", Fault.NO_DESCRIPTORS)
    state = await stage.state()
    assert state["ready"] is False
    assert state["store"]["ready"] is True
    assert [(one["part"], one["fault"]) for one in state["faults"]] == [("process", "no-descriptors")]
    assert "LimitNOFILE" in state["faults"][0]["fix"]
    assert stage.gauge("process", Fault.NO_DESCRIPTORS) == 1


def test_only_a_file_that_was_read_as_a_whole_is_to_be_restored_from_a_backup() -> None:
    assert [fault for fault in Fault if "backup" in fault.fix] == [Fault.DAMAGED]


@pytest.mark.parametrize("fault", [*(fault for fault in Fault if fault.part == STORE), None])
async def test_a_database_that_fails_is_named_with_its_reason_and_its_remedy(fault: Fault | None) -> None:
    stage = Stage()
    stage.store = StoreError("The disk is full", "Make room", fault)
    state = await stage.state()
    assert state["ready"] is False
    assert state["store"]["reason"] == "The disk is full"
    assert state["store"]["fix"] == (fault.fix if fault else "Make room")
    assert all(one["ready"] for one in state["platforms"].values())
    assert stage.gauge("store", fault or Fault.OTHER) == 1
    stage.store = None
    assert (await stage.state())["ready"] is True


async def test_broken_files_are_named_and_no_reason_not_to_be_ready() -> None:
    stage = Stage()
    stage.files.problems = (Problem("en/x.yaml", 3, "is no YAML", "Mend it."),)
    state = await stage.state()
    assert state["ready"] is True
    assert state["content"]["last_good_version"] is True
    assert state["content"]["problems"] == ["en/x.yaml:3: is no YAML. Mend it."]
    assert state["faults"][0]["fix"] == Fault.STALE.fix
    assert stage.gauge("content", Fault.STALE) == 1


async def test_of_thousands_of_problems_a_hundred_are_named_and_all_are_counted() -> None:
    stage = Stage()
    stage.files.problems = tuple(Problem("en/x.yaml", line, "is no YAML", "Mend it.") for line in range(3000))
    state = await stage.state()
    assert len(state["content"]["problems"]) == 100
    assert "(3000)" in state["faults"][0]["reason"]


async def test_what_a_platform_has_not_taken_is_named_with_its_reason_and_leaves_the_process_ready(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    stage = Stage(trouble=Fault.INCOMPLETE, reason="not shown: the menu in groups in tr (refused)")
    for _ in range(2):
        state = await stage.state()
        assert state["ready"] is True
        assert state["platforms"]["telegram"]["ready"] is True
        assert state["platforms"]["telegram"]["reason"] == "not shown: the menu in groups in tr (refused)"
        assert state["faults"][1]["fault"] == "incomplete"
    stage.trouble = None
    assert (await stage.state())["faults"] == []
    lines = [one.getMessage() for one in caplog.records if "telegram" in one.getMessage()]
    assert [line.split(" (")[0] for line in lines] == [
        "telegram: not shown: the menu in groups in tr",
        "telegram: all menus are published after 10 s",
    ]


async def test_an_outage_whose_cause_changes_is_at_most_one_line_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    stage = Stage(trouble=Fault.UNREACHED)
    stage.watches["telegram"] = watched(ready=False)
    for number in range(60):
        stage.reason = f"cause {number}"
        await stage.state(after=5.0)
    assert len(caplog.records) == 5
    stage.watches["telegram"] = watched()
    await stage.state()
    assert caplog.records[-1].getMessage() == "telegram: back after 300 s"


async def test_a_line_that_blinks_is_no_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    stage = Stage(trouble=Fault.UNREACHED)
    stage.watches["telegram"] = watched(ready=False)
    await stage.state()
    stage.watches["telegram"] = watched()
    await stage.state()
    assert caplog.records == []


async def test_a_shard_that_is_tried_again_gives_its_platform_its_reason() -> None:
    stage = Stage(trouble=Fault.STARTING)
    stage.watches |= {"discord": watched(ready=False), "discord/1": watched(fault=Fault.RETRYING, reason="HTTP 502")}
    (found,) = (await stage.state())["faults"]
    assert (found["part"], found["fault"], found["reason"]) == ("discord", "retrying", "HTTP 502")


async def test_a_shard_that_is_no_longer_tried_gives_no_reason_and_is_no_platform_of_its_own() -> None:
    stage = Stage(trouble=Fault.UNREACHED)
    stage.watches |= {"discord": watched(ready=False), "discord/1": watched(fault=Fault.STOPPED)}
    state = await stage.state()
    (found,) = state["faults"]
    assert (found["part"], found["fault"]) == ("discord", "unreached")
    assert "discord/1" not in state["platforms"]


async def test_the_database_is_looked_at_once_a_second_however_many_ask() -> None:
    stage = Stage()
    for _ in range(50):
        await stage.state(after=0.01)
    assert stage.looks == 1
    await stage.state(after=1.0)
    assert stage.looks == 2


async def test_trouble_lasts_from_its_beginning_though_its_kind_changes() -> None:
    stage = Stage()
    stage.watches["discord"] = watched(ready=False)
    stage.trouble = Fault.SILENT
    await stage.state()
    stage.watches["discord"] = watched(fault=Fault.RETRYING, reason="Discord closed the connection")
    (found,) = (await stage.state())["faults"]
    assert found["fault"] == "retrying"
    assert found["since"] == "2026-11-22T12:00:05+00:00"


async def test_a_fault_and_its_end_are_a_line_each_in_the_log_however_often_somebody_looks(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    stage = Stage()
    stage.store = StoreError("The database file is locked", "Another program holds it", Fault.LOCKED)
    keeping = asyncio.create_task(stage.health.keep())
    await stage.nap(4)
    stage.store = None
    await stage.nap(8)
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
    begun, ended = [one.getMessage() for one in caplog.records]
    assert begun == f"store: The database file is locked (locked); {Fault.LOCKED.fix}"
    assert ended.startswith("store: back after ")


async def test_the_end_of_a_start_is_no_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    stage = Stage()
    del stage.watches["telegram"]
    await stage.state()
    stage.watches["telegram"] = watched()
    assert (await stage.state())["ready"] is True
    assert caplog.records == []


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_has_words_for_an_operator(fault: Fault) -> None:
    assert 10 < len(fault.cause) <= 120
    assert 10 < len(fault.fix) <= 200
