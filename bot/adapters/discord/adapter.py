"""Discord as a platform: one client a run, its events to requests, replies back. The law: it decides nothing about
words, and no error in one request reaches another."""

import logging
import math
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, final

import aiohttp
import discord

from bot.adapters.discord import gateway, lookups, menu, requests, send
from bot.adapters.discord.batcher import Gathered
from bot.adapters.discord.connection import Line, counting
from bot.adapters.discord.dispatcher import Dispatcher, Responding
from bot.adapters.discord.joins import Arrivals
from bot.adapters.discord.updates import Json
from bot.core.commands import CommandInfo
from bot.core.disclaimer import Reply
from bot.core.errors import PlatformError, StoreError
from bot.core.faults import Fault
from bot.core.model import DISCORD, Member, MessageRef, Place, Right, Rights
from bot.core.ports import CommunityEvents, Newcomers, Offers, Pictures
from bot.runtime.clock import MACHINE
from bot.runtime.proxy import Proxy, told
from bot.runtime.telemetry import Metrics, Wire

_log = logging.getLogger(__name__)

PATIENCE = 2.0  # seconds until an answer is deferred: Discord allows three, the way to it takes some of them
DRAIN = 5.0  # seconds that requests in hand get when the bot stops


@final
class DiscordAdapter:
    """Serves Discord. `joins` asks for the privileged members intent, without which nobody can be greeted.

    `patience` and `drain` are seconds; `options` go to the SDK's client as they are; `pictures` draws what is attached.
    """

    name = DISCORD

    def __init__(
        self,
        token: str,
        responder: Responding,
        offers: Offers,
        *,
        joins: bool = False,
        patience: float = PATIENCE,
        drain: float = DRAIN,
        options: Mapping[str, Any] | None = None,
        proxy: Proxy | None = None,
        comings: CommunityEvents | None = None,
        newcomers: Newcomers | None = None,
        now: Callable[[], datetime] = MACHINE.moment,
        pictures: Pictures | None = None,
        wire: Wire | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._token, self._responder, self._offers = token, responder, offers
        self._joins, self._drain, self._desk = joins, drain, Dispatcher(responder, patience, pictures, clock)
        self._options, self._proxy = {"proxy": proxy and proxy.url} | dict(options or {}), proxy
        self._comings = comings
        self._arrivals = Arrivals(newcomers, now) if newcomers else None
        self._doors = Gathered(self._pass)
        self._client: gateway.Client | None = None
        self._wire = wire or Metrics().wire(DISCORD)
        self._line, self._trace = Line(self._wire), counting(self._wire)

    @property
    def ready(self) -> bool:
        """Events come in and can be answered."""
        return self.trouble is None

    @ready.setter
    def ready(self, live: bool) -> None:
        self._line.hears(live)

    @property
    def trouble(self) -> Fault | None:
        """Why not, if not."""
        return self._line.trouble(self._client)

    @property
    def waiting(self) -> int:
        """How many requests came and are not answered yet."""
        return self._desk.waiting

    @property
    def latency(self) -> float | None:
        """Seconds between the last heartbeat and its acknowledgement; None without a connection."""
        latency = self._client.latency if self._client else math.nan
        return latency if math.isfinite(latency) else None

    async def run(self) -> None:
        """Connect and serve until cancelled, then let requests in hand finish.

        Without the members intent it serves all the same, and greets nobody until it is started anew.

        Raises PlatformError: permanent when Discord refuses the token, else worth another run.
        """
        if not (self._token.isascii() and self._token.strip().isprintable()):
            raise PlatformError("the Discord token holds characters no token has", permanent=True)
        try:
            await self._serve()
        except discord.PrivilegedIntentsRequired:
            self._joins = False
            _log.warning(gateway.NO_MEMBERS)
            await self._serve()
        raise PlatformError("Discord closed the connection", permanent=False)

    async def _serve(self) -> None:
        async with self.client() as client:
            try:
                await client.start(self._token)
            except discord.LoginFailure as error:
                raise PlatformError("Discord refuses the token: check DISCORD_TOKEN", permanent=True) from error
            except discord.PrivilegedIntentsRequired:
                raise
            except (discord.DiscordException, aiohttp.ClientError, OSError, AttributeError) as error:
                # An AttributeError is how the SDK says that its first connection failed (its issue 10520).
                cause = error.__context__ or error if isinstance(error, AttributeError) else error
                raise PlatformError(f"Discord: {told(cause, self._proxy)}", permanent=False) from error
            finally:
                self.ready = False
                await self._desk.drain(self._drain)
                self._client = None

    def client(self) -> gateway.Client:
        """A fresh client of the SDK that serves through this adapter; the one before it is no longer used."""
        self._line.fresh()
        options = {"http_trace": self._trace} | self._options
        self._client = gateway.Client(self, joins=self._joins, options=options, wire=self._wire)
        return self._client

    async def offer(self, commands: Sequence[CommandInfo]) -> None:
        """Replace the menu, if it differs from what was last taken by Discord for this application."""
        client, hash_ = self._connected(), menu.fingerprint(commands)
        scope = str(client.application_id)
        if await self._offers.offered(DISCORD, scope) != hash_:
            await send.offer(client, menu.menu(commands))
            await self._offers.offer(DISCORD, scope, hash_)

    async def rights(self, place: Place, member: Member | None) -> Rights:
        """What the member, or the bot itself, may do there; asked of Discord, since nothing of guilds is kept."""
        client = self._connected()
        who = int(member.id) if member else (client.user.id if client.user else 0)
        held = requests.rights(await lookups.permissions(client, place, who), thread=place.thread is not None)
        return held | Right.JOINS if member is None and self._joins else held

    async def post(self, place: Place, reply: Reply, once: str | None = None) -> MessageRef:
        """Send to the channel or thread; `once` makes Discord take it a single time."""
        channel, png = send.channel(self._connected(), place), await self._desk.picture(reply)
        id_ = await send.pictured(png, lambda png: send.post(channel, reply, once, png=png))
        return MessageRef(place, str(id_))

    async def edit(self, ref: MessageRef, reply: Reply) -> bool:
        """Replace words, buttons and picture of one of our messages; returns whether it is pinned."""
        message, png = self._message(ref), await self._desk.picture(reply)
        return await send.pictured(png, lambda png: send.edit(message, reply, png))

    async def delete(self, ref: MessageRef) -> None:
        """Remove one of our messages."""
        await send.delete(self._message(ref))

    async def pin(self, ref: MessageRef) -> None:
        """Pin it."""
        await send.pin(self._message(ref))

    async def unpin(self, ref: MessageRef) -> None:
        """Take the pin off."""
        await send.unpin(self._message(ref))

    async def opened(self) -> None:
        """Logged in: offer the menu. A menu that Discord does not take now, or a store that cannot tell
        which it has, is no reason not to serve.

        Where there are several shards, the first one's process does it for all.
        """
        if self._options.get("shard_id"):
            return
        try:
            await self.offer(self._responder.commands)
        except (PlatformError, StoreError) as error:
            _log.warning("Discord did not take the commands: %s", error.reason)

    def came(self, guild: str, *, gone: bool) -> None:
        """Added to a guild, still in it as a session begins, or removed from it."""
        self._doors.put((Place(DISCORD, guild), gone))

    async def _pass(self, batch: Sequence[tuple[Place, bool]]) -> None:
        """A session of thousands of guilds begins with as many events: the store is asked once for all."""
        if self._comings is None:
            return
        for gone, some in groupby(batch, itemgetter(1)):
            places = [place for place, _ in some]
            if gone:
                for place in places:
                    await self._comings.left(place)
            else:
                await self._comings.returned(*places)

    def heard(self, event: str, sent: Json) -> None:
        """A session began, or something happened to a member."""
        if self._arrivals:
            self._arrivals.heard(event, sent)

    def interacted(self, sent: Json) -> None:
        """Answer whatever was pressed, typed or called."""
        if call := requests.call(sent, Right.JOINS if self._joins else Right.NONE):
            self._desk.begin(self._desk.interacted(self._connected(), call))

    def told(self, sent: Json) -> None:
        """Answer a direct message, or one that begins by mentioning the bot; remove Discord's note of our own pin.

        The note is removed here because its id comes with this event alone.
        """
        client = self._connected()
        if client.user is None:
            return
        if note := requests.pin_note(sent, client.user.id):
            self._desk.begin(self.delete(note))
        elif request := requests.asked(sent, client.user.id):
            self._desk.begin(self._desk.told(client, request, int(sent["id"])))

    def _connected(self) -> gateway.Client:
        if self._client is None:
            raise PlatformError("Discord is not connected", permanent=False)
        return self._client

    def _message(self, ref: MessageRef) -> discord.PartialMessage:
        return send.message(self._connected(), ref)
