"""Whether Discord is heard, told from its heartbeats; and how its calls end."""

from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.adapters.discord.connection import Line, counting
from bot.core.faults import Fault
from bot.runtime.telemetry import Metrics


class Stage:
    """A line whose seconds a test tells, and a client whose heartbeats it makes up."""

    def __init__(self) -> None:
        self.now, self.metrics = 1000.0, Metrics()
        self.line = Line(self.metrics.wire("discord"), lambda: self.now)
        self.beat = SimpleNamespace(_last_ack=self.now, _last_send=self.now, interval=41.25)
        self.client: Any = SimpleNamespace(ws=SimpleNamespace(_keep_alive=self.beat))

    def trouble(self, after: float = 0.0) -> Fault | None:
        self.now += after
        return self.line.trouble(self.client)


def test_a_line_is_starting_until_its_session_begins_and_unreached_when_it_is_lost() -> None:
    stage = Stage()
    assert stage.trouble() is Fault.STARTING
    stage.line.hears(True)
    assert stage.trouble() is None
    stage.line.hears(False)
    assert stage.trouble() is Fault.UNREACHED
    stage.line.hears(False)
    lost = stage.metrics.registry.get_sample_value("kusamabot_platform_interruptions_total", {"platform": "discord"})
    assert lost == 1
    stage.line.fresh()
    assert stage.trouble() is Fault.STARTING


def test_a_heartbeat_that_is_not_acknowledged_is_silence_within_five_seconds() -> None:
    stage = Stage()
    stage.line.hears(True)
    assert stage.trouble(after=41.0) is None
    stage.beat._last_send = stage.now
    assert stage.trouble(after=3.0) is None
    assert stage.trouble(after=1.0) is Fault.SILENT
    stage.now += 37.25
    stage.beat._last_send = stage.now
    assert stage.trouble() is Fault.SILENT, "another heartbeat is no answer"
    stage.beat._last_ack = stage.now + 0.1
    assert stage.trouble(after=0.2) is None


def test_no_heartbeat_at_all_is_silence_too() -> None:
    stage = Stage()
    stage.line.hears(True)
    assert stage.trouble(after=45.0) is Fault.SILENT


def test_an_acknowledgement_that_overtakes_the_note_of_its_heartbeat_counts() -> None:
    stage = Stage()
    stage.line.hears(True)
    stage.beat._last_ack = stage.now + 41.0
    stage.beat._last_send = stage.now + 41.01
    assert stage.trouble(after=60.0) is None


def test_before_the_first_heartbeat_nothing_is_overdue() -> None:
    stage = Stage()
    stage.line.hears(True)
    stage.client.ws._keep_alive = None
    assert stage.trouble(after=600) is None
    stage.client.ws = None
    assert stage.trouble() is None


@pytest.mark.parametrize(
    ("status", "wait", "result", "seconds"),
    [(204, "", "ok", 0), (429, "1.5", "limited", 1.5), (429, "soon", "limited", 0), (403, "9", "forbidden", 0)],
)
async def test_a_call_is_counted_by_how_it_ended_and_its_wait_added_up(
    status: int, wait: str, result: str, seconds: float
) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, headers={"Retry-After": wait} if wait else {})

    metrics, app = Metrics(), web.Application()
    app.router.add_get("/", answer)
    trace = counting(metrics.wire("discord"))
    async with TestServer(app) as server, aiohttp.ClientSession(trace_configs=[trace]) as session:
        assert (await session.get(server.make_url("/"))).status == status
    value = metrics.registry.get_sample_value
    assert value("kusamabot_platform_calls_total", {"platform": "discord", "result": result}) == 1
    assert (value("kusamabot_rate_limit_seconds_total", {"platform": "discord"}) or 0) == seconds


async def test_a_call_without_an_answer_is_counted_as_lost() -> None:
    metrics = Metrics()
    trace = counting(metrics.wire("discord"))
    async with aiohttp.ClientSession(trace_configs=[trace]) as session:
        with pytest.raises(aiohttp.ClientError):
            await session.get("http://127.0.0.1:1/")
    labels = {"platform": "discord", "result": "lost"}
    assert metrics.registry.get_sample_value("kusamabot_platform_calls_total", labels) == 1
