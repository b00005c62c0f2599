"""A small bot on the real discord.py, for the fake's own tests. The law: it has one of everything the project uses."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import discord
from discord import app_commands

from tests.fakes.discord_messages import Message
from tests.fakes.discord_objects import Channel
from tests.fakes.discord_server import DiscordServer


class Panel(discord.ui.View):
    """Buttons that outlive a restart."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="More", custom_id="more")
    async def more(self, interaction: discord.Interaction, button: discord.ui.Button[Panel]) -> None:
        await interaction.response.send_message("more about it", ephemeral=True)


class Bot(discord.Client):
    """A small bot with one of everything that the project uses."""

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
        self.joined: asyncio.Queue[discord.Member] = asyncio.Queue()
        self.resumed: asyncio.Queue[bool] = asyncio.Queue()
        self.heard: asyncio.Queue[discord.Message] = asyncio.Queue()
        self.removed: asyncio.Queue[discord.Guild] = asyncio.Queue()
        self.events: asyncio.Queue[str] = asyncio.Queue()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """The library would wait five seconds here."""

    async def setup_hook(self) -> None:
        self.add_view(Panel())
        _teach(self.tree)
        await self.tree.sync()

    async def on_member_join(self, member: discord.Member) -> None:
        await self.joined.put(member)

    async def on_message(self, message: discord.Message) -> None:
        await self.heard.put(message)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        await self.removed.put(guild)

    async def on_socket_event_type(self, event: str) -> None:
        await self.events.put(event)

    async def on_resumed(self) -> None:
        await self.resumed.put(True)


def _teach(tree: app_commands.CommandTree[Bot]) -> None:
    @tree.command(description="Explains it")
    @app_commands.rename(whom="for")
    async def explain(interaction: discord.Interaction, whom: discord.Member | None = None) -> None:
        words = f"It is a network. {interaction.locale.value} {interaction.guild_locale}"
        allowed = discord.AllowedMentions(everyone=False, roles=False, users=[whom] if whom else [])
        await interaction.response.send_message(
            f"{whom.mention} {words}" if whom else words, view=Panel(), allowed_mentions=allowed
        )

    @tree.command(description="Asks it")
    async def ask(interaction: discord.Interaction, question: str) -> None:
        await interaction.response.defer(ephemeral=True)
        await interaction.edit_original_response(content=f"asked: {question}")
        await interaction.followup.send("and more", ephemeral=True)

    @ask.autocomplete("question")
    async def suggest(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{current} ksm", value="whatisksm")]

    @tree.context_menu(name="Explain this")
    async def menu(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"about: {message.content}", ephemeral=True)

    group = app_commands.Group(name="welcome", description="Greets")

    @group.command(description="Says how")
    async def say(interaction: discord.Interaction, words: str) -> None:
        file = discord.File(io.BytesIO(words.encode()), "words.txt")
        await interaction.response.send_message(words, file=file)

    tree.add_command(group)

    @tree.command(description="Sets it")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.guild_only()
    async def settings(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(str(interaction.app_permissions.pin_messages))


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


if __name__ == "__main__":
    asyncio.run(Bot().start(os.environ["DISCORD_TOKEN"]))
