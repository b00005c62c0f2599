"""The SDK's client as the bot sets it, and its health, told from its heartbeats."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.adapters.discord.adapter import DiscordAdapter
from bot.adapters.discord.connection import Client, call_trace, fair, reads
from bot.adapters.discord.gateway import serve_session
from bot.adapters.discord.updates import Data, Interaction, Message
from bot.core.errors import PlatformError
from bot.core.faults import Fault
from bot.runtime.clock import MACHINE
from bot.runtime.telemetry import Metrics
from tests.adapters.discord.spoken import Remembered, SpokenResponder
from tests.adapters.discord.test_joins import Porch
from tests.fakes.discord_server import DiscordServer
from tests.waiting import until


class Stage:
    """A client whose events are kept, with a time that tests set."""

    def __init__(self, *, joins: bool = False) -> None:
        self.interactions: asyncio.Queue[Interaction] = asyncio.Queue()
        self.sessions, self.now, self.metrics = 0, 1000.0, Metrics()
        self.beat = SimpleNamespace(_last_ack=self.now, _last_send=self.now, interval=41.25)
        self.client = Client(
            {"INTERACTION_CREATE": reads(Interaction, self.interactions.put_nowait), "MESSAGE_CREATE": self.fail}
            | ({"GUILD_MEMBER_ADD": self.fail} if joins else {}),
            self.on_session,
            {},
            self.metrics.wire("discord"),
            elapsed=lambda: self.now,
        )

    def on_session(self) -> None:
        self.sessions += 1

    def fail(self, sent: Any) -> None:
        def handle(message: Message) -> None:
            raise ValueError(message.content)

        reads(Message, handle)(sent)

    def fault(self, after: float = 0.0) -> Fault | None:
        self.now += after
        return self.client.fault

    async def beating(self) -> "Stage":
        """With a session and a heartbeat that tests set."""
        self.client.ws = SimpleNamespace(_keep_alive=self.beat)  # type: ignore[assignment]  # all that is read of it
        await self.client.on_ready()
        return self

    async def until(self, event: str) -> None:
        """Return when the SDK has announced that event."""
        await self.client.wait_for(event, timeout=10)
        await asyncio.sleep(0)

    @property
    def interruptions(self) -> float | None:
        name = "kusamabot_platform_interruptions_total"
        return self.metrics.registry.get_sample_value(name, {"platform": "discord"})


@asynccontextmanager
async def connected(server: DiscordServer) -> AsyncIterator[Stage]:
    stage = Stage()
    async with stage.client:
        await stage.client.login(server.token)
        task = asyncio.create_task(serve_session(stage.client, asyncio.sleep, MACHINE.seconds, None))
        await stage.until("ready")
        yield stage
    await asyncio.gather(task, return_exceptions=True)


async def test_it_serves_after_connecting_and_again_after_a_reconnect(server: DiscordServer) -> None:
    async with connected(server) as stage:
        assert stage.fault() is None
        server.gateway.ask_reconnect()
        await until(lambda: stage.fault() is Fault.UNREACHED)
        await stage.until("resumed")
        assert (stage.fault(), stage.interruptions) == (None, 1)
    assert stage.sessions == 1


async def test_nothing_of_guilds_is_kept(server: DiscordServer) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    async with connected(server) as stage:
        server.say(channel, ada, "hello")
        server.slash(channel, ada, "whatisksm", forged=True)
        await stage.interactions.get()  # so everything before it was read too
        client = stage.client
        assert (list(client.cached_messages), list(client.get_all_members()), list(client.guilds)) == ([], [], [])


def test_the_library_still_has_the_table_that_is_exchanged() -> None:
    """discord.py publishes no switch for its cache of guilds. If this fails, read the head of `connection.py`."""
    both = {"GUILD_CREATE", "GUILD_DELETE", "INTERACTION_CREATE", "MESSAGE_CREATE", "THREAD_CREATE", "READY", "RESUMED"}
    members = {"GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE", "GUILD_MEMBER_REMOVE"}
    parsers = discord.Client(intents=discord.Intents.none())._connection.parsers
    ours = both | members
    assert {event: parsers[event].__name__ for event in ours} == {event: f"parse_{event.lower()}" for event in ours}
    for newcomers, events in ((Porch(), ours), (None, both)):
        adapter = DiscordAdapter("token", SpokenResponder(), Remembered(), newcomers=newcomers)
        assert set(adapter.client()._connection.parsers) == events


async def test_what_cannot_be_handled_or_read_ends_no_connection_and_is_logged_without_words(
    server: DiscordServer, caplog: pytest.LogCaptureFixture
) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    async with connected(server) as stage:
        server.say(channel, ada, "hello")
        server.raw("INTERACTION_CREATE", {"id": "secret"})
        server.slash(channel, ada, "whatisksm", forged=True)
        await stage.interactions.get()
    assert [record.getMessage() for record in caplog.records if record.name.startswith("bot")] == [
        "an event (Message) could not be handled: ValueError",
        r"Discord sent something that is no Interaction: Expected `str` matching regex '\\A[0-9]{1,20}\\Z' - at `$.id`",
    ]


async def test_a_flood_of_events_leaves_others_their_turn() -> None:
    now, turns = [0.0], list[float]()

    async def event() -> None:
        now[0] += 0.001

    async def other() -> None:
        while True:
            turns.append(now[0])
            await asyncio.sleep(0)

    receive = fair(event, lambda: now[0])
    beside = asyncio.create_task(other())
    for _ in range(100):
        await receive()
    beside.cancel()
    assert len(turns) > 10
    assert max(later - earlier for earlier, later in pairwise(turns)) < 0.006


async def test_every_connection_is_read_fairly(server: DiscordServer) -> None:
    async with connected(server) as stage:
        first = stage.client.ws.socket.receive
        server.gateway.ask_reconnect()
        await stage.until("resumed")
        second = stage.client.ws.socket.receive
    assert first is not second
    assert [one.__name__ for one in (first, second)] == ["received", "received"]


def test_only_joins_need_a_privileged_intent() -> None:
    plain, joins = Stage().client.intents, Stage(joins=True).client.intents
    assert (plain.members, plain.message_content, plain.presences) == (False, False, False)
    assert (joins.members, joins.message_content, joins.presences) == (True, False, False)
    assert plain.guilds
    assert plain.dm_messages
    assert plain.guild_messages


async def test_an_answer_that_comes_after_the_end_is_refused(server: DiscordServer) -> None:
    adapter = DiscordAdapter(server.token, SpokenResponder(), Remembered())
    client = adapter.client()
    await client.login(server.token)
    assert client.session is not None
    await client.close()
    assert client.session.closed
    sent = Interaction("1", "2", "token", 2, data=Data(), channel_id="3")
    with pytest.raises(PlatformError, match="not connected"):
        await adapter.suggest(sent, ())


async def test_it_is_starting_until_its_session_begins_and_unreached_when_it_is_lost() -> None:
    stage = Stage()
    assert stage.fault() is Fault.STARTING
    await stage.beating()
    assert stage.fault() is None
    for _ in range(2):
        stage.client.lost("away")
        assert (stage.fault(), stage.client.reason) == (Fault.UNREACHED, "away")
    assert stage.interruptions == 1


async def test_a_heartbeat_that_is_not_acknowledged_is_silence_within_five_seconds() -> None:
    stage = await Stage().beating()
    assert stage.fault(after=41.0) is None
    stage.beat._last_send = stage.now
    assert stage.fault(after=3.0) is None
    assert stage.fault(after=1.0) is Fault.SILENT
    stage.now += 37.25
    stage.beat._last_send = stage.now
    assert stage.fault() is Fault.SILENT, "another heartbeat is no answer"
    stage.beat._last_ack = stage.now + 0.1
    assert stage.fault(after=0.2) is None


async def test_no_heartbeat_at_all_is_silence_too() -> None:
    assert (await Stage().beating()).fault(after=45.0) is Fault.SILENT


async def test_an_acknowledgement_that_overtakes_the_note_of_its_heartbeat_counts() -> None:
    stage = await Stage().beating()
    stage.beat._last_ack = stage.now + 41.0
    stage.beat._last_send = stage.now + 41.01
    assert stage.fault(after=60.0) is None


async def test_before_the_first_heartbeat_nothing_is_overdue() -> None:
    stage = await Stage().beating()
    stage.client.ws._keep_alive = None
    assert stage.fault(after=600) is None
    stage.client.ws = None  # type: ignore[assignment]  # as before the first connection
    assert stage.fault() is None


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
    trace = call_trace(metrics.wire("discord"))
    async with TestServer(app) as server, aiohttp.ClientSession(trace_configs=[trace]) as session:
        assert (await session.get(server.make_url("/"))).status == status
    value = metrics.registry.get_sample_value
    assert value("kusamabot_platform_calls_total", {"platform": "discord", "result": result}) == 1
    assert (value("kusamabot_rate_limit_seconds_total", {"platform": "discord"}) or 0) == seconds


async def test_a_call_without_an_answer_is_counted_as_lost() -> None:
    metrics = Metrics()
    trace = call_trace(metrics.wire("discord"))
    async with aiohttp.ClientSession(trace_configs=[trace]) as session:
        with pytest.raises(aiohttp.ClientError):
            await session.get("http://127.0.0.1:1/")
    labels = {"platform": "discord", "result": "lost"}
    assert metrics.registry.get_sample_value("kusamabot_platform_calls_total", labels) == 1
