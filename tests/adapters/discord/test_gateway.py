"""The SDK's client as we set it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import discord

from bot.adapters.discord.gateway import Client, intents
from tests.fakes.discord_server import DiscordServer


class Told:
    """Keeps what the client hands on."""

    def __init__(self) -> None:
        self.changes: asyncio.Queue[bool] = asyncio.Queue()
        self.opened_times = 0

    @property
    def ready(self) -> bool:
        return False

    @ready.setter
    def ready(self, value: bool) -> None:
        self.changes.put_nowait(value)

    async def opened(self) -> None:
        self.opened_times += 1

    async def interacted(self, interaction: discord.Interaction) -> None: ...

    async def told(self, message: discord.Message) -> None: ...

    async def came(self, guild: int, *, gone: bool) -> None: ...

    def heard(self, event: str, data: Mapping[str, Any]) -> None: ...


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


async def test_no_messages_and_no_members_are_kept(server: DiscordServer) -> None:
    guild = server.guild()
    channel, ada = guild.channel(), guild.member("ada")
    told = Told()
    async with connected(server, told) as client:
        await told.changes.get()
        server.say(channel, ada, "hello")
        assert list(client.cached_messages) == []
        assert [member.id for member in client.get_all_members()] == [server.world.bot.id]


def test_only_joins_need_a_privileged_intent() -> None:
    plain, joins = intents(joins=False), intents(joins=True)
    assert (plain.members, plain.message_content, plain.presences) == (False, False, False)
    assert (joins.members, joins.message_content, joins.presences) == (True, False, False)
    assert plain.guilds
    assert plain.dm_messages
    assert plain.guild_messages
