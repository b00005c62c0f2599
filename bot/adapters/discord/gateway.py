"""The SDK's client, everything off that we do not need. The law: it only hands events on."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Protocol, final

import discord

from bot.adapters.discord.joins import HEARD

NO_MEMBERS = (
    "Discord refuses the members intent, so nobody is greeted there. To greet, switch on “Server Members Intent” for "
    "the application in the developer portal (Bot, Privileged Gateway Intents), and start the bot again"
)


class Events(Protocol):
    """Who is told what happens; none of these may raise."""

    ready: bool

    async def opened(self) -> None:
        """Logged in, not connected yet; once per client."""
        ...

    async def interacted(self, interaction: discord.Interaction) -> None:
        """Somebody called, typed or pressed something."""
        ...

    async def told(self, message: discord.Message) -> None:
        """Somebody wrote a message where the bot can see it."""
        ...

    def heard(self, event: str, data: Mapping[str, Any]) -> None:
        """One of the events in `joins.HEARD` came, as Discord sent it."""
        ...

    async def came(self, guild: int, *, gone: bool) -> None:
        """The bot is in a guild, as of now or still; or it was removed from it (an outage is neither)."""
        ...


@final
class Client(discord.Client):
    """Serves one run: the SDK's clients cannot be started twice. `options` win over what is set here."""

    def __init__(self, events: Events, *, joins: bool, options: Mapping[str, Any]) -> None:
        plain: dict[str, Any] = {
            "intents": intents(joins=joins),
            "allowed_mentions": discord.AllowedMentions.none(),
            "max_messages": None,
            "member_cache_flags": discord.MemberCacheFlags.none(),
            "chunk_guilds_at_startup": False,
            "max_ratelimit_timeout": 30.0,  # seconds; without it the SDK sleeps for minutes and holds its lock
        }
        super().__init__(**(plain | dict(options)))
        self._events = events
        for event in HEARD if joins else ():
            self._overhear(event)

    def _overhear(self, event: str) -> None:
        """Hand on the event as it comes. The SDK tells of members it keeps alone, and we let it keep none; so its
        table of parsers, which it does not publish, gets one of ours around its own.
        """
        parsers = self._connection.parsers
        parse: Callable[[Any], None] = parsers[event]

        def parse_and_tell(data: Any) -> None:
            parse(data)
            self._events.heard(event, data)

        parsers[event] = parse_and_tell

    async def close(self) -> None:
        """End the connection. The SDK waits two seconds for the last guilds of a new session, and would go on doing so
        in a task that fails once the client is closed.
        """
        waiting: asyncio.Task[None] | None = self._connection._ready_task
        if waiting is not None:
            waiting.cancel()
        await super().close()

    async def setup_hook(self) -> None:
        """Called by the SDK after the login."""
        await self._events.opened()

    async def on_ready(self) -> None:
        """Called whenever a new session starts."""
        self._events.ready = True

    async def on_resumed(self) -> None:
        """Called when a broken connection was taken up again."""
        self._events.ready = True

    async def on_disconnect(self) -> None:
        """Called when the connection is lost, also before each new attempt."""
        self._events.ready = False

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Called for a guild that was not there when the session started."""
        await self._events.came(guild.id, gone=False)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Called for each guild when a session starts, and for a guild that is back after an outage."""
        await self._events.came(guild.id, gone=False)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Called when the bot was removed, or the guild deleted; not when Discord lost sight of it for a while."""
        await self._events.came(guild.id, gone=True)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Called for every interaction, its data as Discord sent it."""
        await self._events.interacted(interaction)

    async def on_message(self, message: discord.Message) -> None:
        """Called for every message; its content is there only where the bot was spoken to."""
        await self._events.told(message)


def intents(*, joins: bool) -> discord.Intents:
    """Guilds, and messages without their content, which Discord shows anyway where they speak to the bot. Only
    `joins` needs a privileged intent.
    """
    wanted = discord.Intents.none()
    wanted.guilds = wanted.guild_messages = wanted.dm_messages = True
    wanted.members = joins
    return wanted
