"""The SDK's client as we set it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise

import discord
import pytest

from bot.adapters.discord.gateway import KEPT, MEMBERS, Client, fair, intents
from bot.adapters.discord.updates import Json
from bot.core.errors import PlatformError
from tests.fakes.discord_server import DiscordServer


class Told:
    """Keeps what the client hands on."""

    def __init__(self) -> None:
        self.changes: asyncio.Queue[bool] = asyncio.Queue()
        self.heard_of: asyncio.Queue[str] = asyncio.Queue()
        self.opened_times, self.broken = 0, False

    @property
    def ready(self) -> bool:
        return False

    @ready.setter
    def ready(self, value: bool) -> None:
        self.changes.put_nowait(value)

    async def opened(self) -> None:
        self.opened_times += 1

    def interacted(self, sent: Json) -> None:
        self.heard_of.put_nowait("interaction")

    def told(self, sent: Json) -> None:
        if self.broken:
            raise ValueError(sent)

    def came(self, guild: str, *, gone: bool) -> None: ...

    def heard(self, event: str, sent: Json) -> None: ...


@asynccontextmanager
async def connected(server: DiscordServer, told: Told) -> AsyncIterator[Client]:
    client = Client(told, joins=False, options={"guild_ready_timeout": 0.0})
    task = asyncio.create_task(client.start(server.token))
    try:
        yield client
    finally:
        await client.close()
        await asyncio.gather(task, return_exceptions=True)


async def test_it_is_ready_after_connecting_and_again_after_a_reconnect(server: DiscordServer) -> None:
    told = Told()
    async with connected(server, told):
        assert await told.changes.get() is True
        server.gateway.ask_reconnect()
        assert await told.changes.get() is False
        assert await told.changes.get() is True
    assert told.opened_times == 1


async def test_nothing_of_guilds_is_kept(server: DiscordServer) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    told = Told()
    async with connected(server, told) as client:
        await told.changes.get()
        server.say(channel, ada, "hello")
        server.slash(channel, ada, "whatisksm", forged=True)
        assert await told.heard_of.get() == "interaction"  # so all before it was heard of too
        assert (list(client.cached_messages), list(client.get_all_members()), list(client.guilds)) == ([], [], [])


def test_the_library_still_has_the_table_that_is_exchanged() -> None:
    """discord.py publishes no switch for its cache of guilds. If this fails, read `gateway.Client`."""
    parsers = discord.Client(intents=intents(joins=True))._connection.parsers
    ours = (*KEPT, *MEMBERS, "GUILD_CREATE", "GUILD_DELETE", "INTERACTION_CREATE", "MESSAGE_CREATE")
    assert {event: parsers[event].__name__ for event in ours} == {event: f"parse_{event.lower()}" for event in ours}
    assert set(Client(Told(), joins=True, options={})._connection.parsers) == set(ours)
    assert set(Client(Told(), joins=False, options={})._connection.parsers) == set(ours) - set(MEMBERS)


async def test_what_cannot_be_read_ends_no_connection(server: DiscordServer, caplog: pytest.LogCaptureFixture) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    told = Told()
    async with connected(server, told):
        await told.changes.get()
        told.broken = True
        server.say(channel, ada, "hello")
        server.slash(channel, ada, "whatisksm", forged=True)
        assert await told.heard_of.get() == "interaction"
    assert [record.getMessage() for record in caplog.records if record.name.startswith("bot")] == [
        "an event could not be read: ValueError"
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
    told = Told()
    async with connected(server, told) as client:
        await told.changes.get()
        first = client.ws.socket.receive
        server.gateway.ask_reconnect()
        assert [await told.changes.get(), await told.changes.get()] == [False, True]
        second = client.ws.socket.receive
    assert first is not second
    assert [one.__name__ for one in (first, second)] == ["received", "received"]


def test_only_joins_need_a_privileged_intent() -> None:
    plain, joins = intents(joins=False), intents(joins=True)
    assert (plain.members, plain.message_content, plain.presences) == (False, False, False)
    assert (joins.members, joins.message_content, joins.presences) == (True, False, False)
    assert plain.guilds
    assert plain.dm_messages
    assert plain.guild_messages


async def test_an_answer_that_comes_after_the_end_opens_no_session() -> None:
    client = Client(Told(), joins=False, options={})
    session = client.session
    await client.close()
    assert session.closed
    with pytest.raises(PlatformError, match="not connected"):
        _ = client.session
