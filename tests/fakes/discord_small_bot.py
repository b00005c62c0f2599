"""A small bot on the real discord.py, for the tests of the fake."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import discord
from discord import app_commands

from tests.fakes.discord_messages import Message
from tests.fakes.discord_objects import Channel
from tests.fakes.discord_server import DiscordServer


class Panel(discord.ui.View):
    """A button."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="More", custom_id="more")
    async def more(self, interaction: discord.Interaction, button: discord.ui.Button[Panel]) -> None:
        await interaction.response.send_message("more about it", ephemeral=True)


class Bot(discord.Client):
    """Answers one command, and notes what it is told."""

    def __init__(self, intents: discord.Intents | None = None, heartbeat_timeout: float = 60) -> None:
        super().__init__(
            intents=intents or discord.Intents(guilds=True, guild_messages=True),
            allowed_mentions=discord.AllowedMentions.none(),
            heartbeat_timeout=heartbeat_timeout,
            max_messages=None,
            enable_debug_events=True,
            guild_ready_timeout=0.01,  # how long the library waits for one more guild before it calls itself ready
        )
        self.tree = app_commands.CommandTree(self)
        self.resumed: asyncio.Queue[bool] = asyncio.Queue()
        self.heard: asyncio.Queue[discord.Message] = asyncio.Queue()
        self.events: asyncio.Queue[str] = asyncio.Queue()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """The library would wait five seconds here."""

    async def setup_hook(self) -> None:
        self.add_view(Panel())
        _teach(self.tree)
        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        await self.heard.put(message)

    async def on_socket_event_type(self, event: str) -> None:
        await self.events.put(event)

    async def on_resumed(self) -> None:
        await self.resumed.put(True)


def _teach(tree: app_commands.CommandTree[Bot]) -> None:
    @tree.command(description="Explains it")
    async def explain(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("It is a network.", view=Panel())


@asynccontextmanager
async def running(server: DiscordServer, bot: Bot | None = None) -> AsyncIterator[Bot]:
    """A bot that is connected, and is closed in the end."""
    bot = bot or Bot()
    task = asyncio.create_task(bot.start(server.token))
    ready = asyncio.create_task(server.gateway.connected())
    try:
        await asyncio.wait({task, ready}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            await task
        await bot.wait_until_ready()
        yield bot
    finally:
        await bot.close()
        ready.cancel()
        task.cancel()  # it may be sleeping before its next attempt to connect
        await asyncio.gather(task, ready, return_exceptions=True)


async def post(bot: discord.Client, channel: Channel, content: str, **more: str) -> Message:
    """Sends a message; the server's side of it."""
    where = bot.get_partial_messageable(channel.id)
    sent = await (where.send(content, nonce=more["nonce"]) if more else where.send(content))
    return channel.messages[sent.id]
