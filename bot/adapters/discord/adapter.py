"""The Discord platform: connects, receives events, sends replies, and shuts down in order."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, final

import aiohttp
import discord

from bot.adapters.discord import requests
from bot.adapters.discord.channel_rights import ChannelRights
from bot.adapters.discord.connection import Client, Parser, reads
from bot.adapters.discord.dispatcher import Dispatcher, Titles
from bot.adapters.discord.errors import translated
from bot.adapters.discord.gateway import MembersRefused, log_in, serve_session
from bot.adapters.discord.joins import Batcher, Joins
from bot.adapters.discord.offer import CommandsOffer
from bot.adapters.discord.render import Renderer
from bot.adapters.discord.send import Sender
from bot.adapters.discord.updates import FORUM, PIN_NOTE, Guild, GuildMember, Interaction, Message, NewThread
from bot.core.commands import CommandInfo
from bot.core.disclaimer import Profile
from bot.core.errors import PlatformError
from bot.core.faults import Fault, Trouble
from bot.core.model import DISCORD, Attachment, Member, MessageRef, Place, Right
from bot.core.ports import Answers, CommunityEvents, Newcomers, Offers, Pictures
from bot.runtime.clock import MACHINE
from bot.runtime.proxy import Proxy, describe_failure
from bot.runtime.tasks import cancel_tasks, start_task
from bot.runtime.telemetry import Metrics, Wire

_log = logging.getLogger(__name__)

_MENU = 5.0  # seconds to wait for the registration of the commands before the bot serves; answers link to their ids


@final
class DiscordAdapter(Sender):
    """One bot on Discord. With `newcomers`, it requests the privileged members intent and reports joins to them.

    An answer is deferred after `patience` seconds: Discord waits three, and the network takes part of them. At
    shutdown, requests under way have `drain` seconds left. `options` are passed to the SDK's client unchanged. `clock`
    returns monotonic seconds, `sleep` waits seconds. The adapters of one bot's shards share a `renderer`, because one
    of them registers the commands for all.
    """

    name = DISCORD

    def __init__(
        self,
        token: str,
        responder: Answers,
        offers: Offers,
        *,
        patience: float = 2.0,
        drain: float = 5.0,
        options: Mapping[str, Any] | None = None,
        proxy: Proxy | None = None,
        events: CommunityEvents | None = None,
        newcomers: Newcomers | None = None,
        titles: Titles | None = None,
        now: Callable[[], datetime] = MACHINE.moment,
        pictures: Pictures | None = None,
        renderer: Renderer | None = None,
        wire: Wire | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        profiles: Callable[[], Mapping[str, Profile]] = dict,
    ) -> None:
        super().__init__(pictures, renderer or Renderer())
        self._token, self._responder = token, responder
        self._drain = drain
        self._dispatcher = Dispatcher(self, responder, patience, clock, titles=titles, sleep=sleep)
        self._options, self._proxy = {"proxy": proxy and proxy.url, **(options or {})}, proxy
        self._events, self._guilds = events, Batcher(self._on_guilds)
        self._joins = Joins(newcomers, now) if newcomers else None
        self._wire = wire or Metrics().wire(DISCORD)
        first = not self._options.get("shard_id")
        self._menu = CommandsOffer(lambda: self.connected, offers, self._renderer, profiles, sleep, offers_here=first)
        self._sleep, self._clock, self._channel_rights = sleep, clock, ChannelRights(clock)

    @property
    def ready(self) -> bool:
        """Whether events arrive and can be answered."""
        return self.trouble is None

    @property
    def trouble(self) -> Trouble | None:
        """Why events do not arrive or cannot be answered, with details of the cause; None if all is well."""
        if self._client is None:
            return Fault.STARTING, ""
        return (self._client.fault, self._client.reason) if self._client.fault else None

    @property
    def lacking(self) -> str:
        """The commands and texts that Discord has not accepted yet and why, in one line; "" if there are none."""
        return self._menu.offering.lacking

    @property
    def waiting(self) -> int:
        """The number of requests that are being answered."""
        return self._dispatcher.tasks.waiting

    async def run(self) -> None:
        """Connect and serve until cancelled, then finish the requests under way.

        If Discord refuses the members intent, the bot serves without it and greets nobody until the next start.

        Raises:
            PlatformError: Unauthorised if Discord refuses the token. After any other, the bot may be run again.
        """
        try:
            await self._serve()
        except MembersRefused as refused:
            self._joins = None
            _log.warning("%s", refused.reason)
            await self._serve()
        raise PlatformError("Discord closed the connection", permanent=False)

    async def _serve(self) -> None:
        tasks: list[asyncio.Task[None]] = []
        async with self.client() as client:
            try:
                await log_in(client, self._token)
                tasks.append(start_task(self._menu.begin(self._responder.commands)))
                await asyncio.wait(tasks, timeout=_MENU)
                tasks.append(start_task(self._menu.keep(lambda: self._responder.commands)))
                await serve_session(client, self._sleep, self._clock, self._proxy)
            except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
                cause = error.__cause__ or error
                raise PlatformError(f"Discord: {describe_failure(cause, self._proxy)}", permanent=False) from error
            finally:
                await cancel_tasks(*tasks)
                await self._dispatcher.tasks.drain(self._drain)
                self._client = None

    def client(self) -> Client:
        """Create a client of the SDK that serves through this adapter. It replaces the one before."""
        parsers: dict[str, Parser] = {
            "INTERACTION_CREATE": reads(Interaction, self.on_interaction),
            "MESSAGE_CREATE": reads(Message, self.on_message),
            "GUILD_CREATE": reads(Guild, self.on_guild_join),
            "GUILD_DELETE": reads(Guild, self.on_guild_remove),
            "THREAD_CREATE": reads(NewThread, self.on_thread),
        }
        if self._joins:
            parsers["GUILD_MEMBER_ADD"] = reads(GuildMember, self._joins.on_join)
            parsers["GUILD_MEMBER_UPDATE"] = reads(GuildMember, self._joins.on_update)
            parsers["GUILD_MEMBER_REMOVE"] = reads(GuildMember, self._joins.on_leave)
        on_session = self._joins.on_session if self._joins else lambda: None
        self._client = Client(parsers, on_session, self._options, self._wire)
        return self._client

    def on_interaction(self, interaction: Interaction) -> None:
        """Answer a command, a button press or an option that is being typed."""
        if caller := requests.caller(interaction, Right.JOINS if self._joins else Right.NONE):
            home = interaction.guild_id or caller.member.id
            self._dispatcher.start(self._dispatcher.on_interaction(interaction, caller), home)

    def on_message(self, message: Message) -> None:
        """Answer a direct message, or one that begins by mentioning the bot. Delete Discord's notes about our pins."""
        me = self.connected.me
        if message.author.id == str(me):
            if message.type == PIN_NOTE:
                place = Place(DISCORD, message.guild_id, message.channel_id)
                self._dispatcher.start(self.delete(MessageRef(place, message.id)), message.guild_id)
        elif request := requests.question(message, me, self._responder.read):
            home = message.guild_id or message.channel_id
            self._dispatcher.start(self._dispatcher.on_message(request, message.id), home)

    def on_thread(self, thread: NewThread) -> None:
        """Answer the title of a new post in a forum, if the community wants that. Ignore all other threads."""
        if thread.newly_created and thread.guild_id and thread.parent_id:
            self._dispatcher.start(self._dispatcher.on_post(thread), thread.guild_id)

    def on_guild_join(self, guild: Guild) -> None:
        """Report that the bot is in a guild. Discord sends this when it joins one, and for all its guilds when a
        session begins.
        """
        if not guild.unavailable:
            self._guilds.put((Place(DISCORD, guild.id), False))

    def on_guild_remove(self, guild: Guild) -> None:
        """Report that the bot was removed from a guild, unless the guild only has an outage."""
        if not guild.unavailable:
            self._guilds.put((Place(DISCORD, guild.id), True))

    async def _on_guilds(self, batch: Sequence[tuple[Place, bool]]) -> None:
        """Report a batch of guilds. A session with thousands of guilds begins with as many events, so `returned` is
        called once for many.
        """
        if self._events is None:
            return
        for removed, group in groupby(batch, itemgetter(1)):
            places = [place for place, _ in group]
            if not removed:
                await self._events.returned(*places)
                continue
            for place in places:
                await self._events.left(place)

    async def offer(self, commands: Sequence[CommandInfo]) -> None:
        """Replace the commands and the application's description if they differ from what Discord accepted last."""
        await self._menu.offer(commands)

    async def rights(self, place: Place, member: Member | None) -> Right:
        """Return what the member, or the bot itself (None), may do there."""
        permissions, is_thread = await self._channel_rights.ask(self.connected, place, member)
        own = Right.JOINS if member is None and self._joins else Right.NONE
        return requests.rights(permissions, thread=is_thread, more=own)

    async def read(self, file: Attachment) -> bytes:
        """Download the file from Discord's CDN."""
        return await translated(self.connected.http.get_from_cdn(file.source))

    async def is_forum(self, place: Place) -> bool:
        """Whether the channel is a forum. Asks Discord each time."""
        channel = await translated(self.connected.http.get_channel(int(place.channel or 0)))
        return bool(channel["type"] == FORUM)
