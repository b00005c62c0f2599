"""The SDK's client, everything off that we do not need. The law: it only hands events on, as Discord sent them.

What is left out: discord.py's own reading of every event but READY and RESUMED. It would keep each guild with its
channels, roles, threads, emojis and ourselves as a member (23 KiB for 20 channels and 10 roles), and build objects for
every message that anybody writes. Nothing of that is read here: an interaction carries who, where and which rights; a
message its author; and what else is wanted once in a while is asked for. discord.py has switches for members and
messages alone, so its table of parsers, which it does not publish, is exchanged for a short one of ours.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol, TypeVar, final

import aiohttp
import discord

from bot.adapters.discord import requests
from bot.adapters.discord.updates import Json
from bot.core.errors import PlatformError
from bot.runtime.telemetry import Wire

_log = logging.getLogger(__name__)

NO_MEMBERS = (
    "Discord refuses the members intent, so nobody is greeted there. To greet, switch on “Server Members Intent” for "
    "the application in the developer portal (Bot, Privileged Gateway Intents), and start the bot again"
)
MEMBERS = ("GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE")
KEPT = ("READY", "RESUMED")  # of the SDK's own parsers

_TURN = 0.004  # seconds

_T = TypeVar("_T")
Parser = Callable[[Any], None]


class Events(Protocol):
    """Who is told what happens. An error in one of these ends at the client."""

    ready: bool

    async def opened(self) -> None:
        """Logged in, not connected yet; once per client."""
        ...

    def interacted(self, sent: Json) -> None:
        """Somebody called, typed or pressed something."""
        ...

    def told(self, sent: Json) -> None:
        """Somebody wrote a message where the bot can see it; its content is there only where the bot was spoken to."""
        ...

    def heard(self, event: str, sent: Json) -> None:
        """A session began (READY), or one of the events in `MEMBERS` came."""
        ...

    def came(self, guild: str, *, gone: bool) -> None:
        """The bot is in a guild, as of now or still; or it was removed from it (an outage is neither)."""
        ...


@final
class Client(discord.Client):
    """Serves one run: the SDK's clients cannot be started twice. `options` win over what is set here."""

    def __init__(self, events: Events, *, joins: bool, options: Mapping[str, Any], wire: Wire | None = None) -> None:
        plain: dict[str, Any] = {
            "intents": intents(joins=joins),
            "allowed_mentions": discord.AllowedMentions.none(),
            "max_messages": None,
            "member_cache_flags": discord.MemberCacheFlags.none(),
            "chunk_guilds_at_startup": False,
            "guild_ready_timeout": 0.0,  # seconds; there is no cache that guilds would have to fill first
            "max_ratelimit_timeout": 30.0,  # seconds; without it the SDK sleeps for minutes and holds its lock
        }
        super().__init__(**(plain | dict(options)))
        self._events, self._wire = events, wire
        self._session: aiohttp.ClientSession | None = None
        parsers = self._connection.parsers
        kept: dict[str, Parser] = {event: parsers[event] for event in KEPT}
        parsers.clear()
        parsers.update(kept)
        for event, parse in self._parsers(kept["READY"], joins=joins).items():
            parsers[event] = _contained(parse)

    def _parsers(self, ready: Parser, *, joins: bool) -> dict[str, Parser]:
        """Ours, by event; `ready` is the SDK's own for a session that begins."""
        events = self._events

        def begin(sent: Json) -> None:
            ready({**sent, "guilds": []})
            events.heard("READY", sent)

        def came(sent: Json) -> None:
            if guild := requests.guild(sent):
                events.came(guild, gone=False)

        def went(sent: Json) -> None:
            if guild := requests.guild(sent):
                events.came(guild, gone=True)

        def heard(event: str) -> Parser:
            return lambda sent: events.heard(event, sent)

        ours: dict[str, Parser] = {"READY": begin, "GUILD_CREATE": came, "GUILD_DELETE": went}
        ours |= {"INTERACTION_CREATE": events.interacted, "MESSAGE_CREATE": events.told}
        return ours | ({event: heard(event) for event in MEMBERS} if joins else {})

    @property
    def session(self) -> aiohttp.ClientSession:
        """For answers to interactions: one that carries no trace, which costs a sixth of an answer. An answer that
        comes after the end finds none: nobody would close another.
        """
        if self.is_closed():
            raise PlatformError("Discord is not connected", permanent=False)
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=0)
            self._session = aiohttp.ClientSession(connector=connector, proxy=self.http.proxy)
        return self._session

    async def counted(self, call: Awaitable[object]) -> None:
        """Await a call over that session, and tell the wire how it ended."""
        status = 0
        try:
            await call
            status = 200
        except discord.HTTPException as error:
            status = error.status
            raise
        finally:
            if self._wire:
                self._wire.called(status)

    async def close(self) -> None:
        """End the connection. The SDK tells of a new session in a task of its own, which fails once the client is
        closed.
        """
        waiting: asyncio.Task[None] | None = self._connection._ready_task
        if waiting is not None:
            waiting.cancel()
        await super().close()
        if self._session:
            await self._session.close()

    async def setup_hook(self) -> None:
        """Called by the SDK after the login."""
        http: Any = self.http
        connect = http.ws_connect

        async def fairly(url: str, **more: Any) -> Any:
            socket = await connect(url, **more)
            socket.receive = fair(socket.receive, time.perf_counter)
            return socket

        http.ws_connect = fairly
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


def fair(receive: Callable[..., Awaitable[_T]], clock: Callable[[], float]) -> Callable[..., Awaitable[_T]]:
    """`receive`, but after `_TURN` seconds others come to their turn. Otherwise the SDK reads on for as long as
    anything is buffered: in a raid thousands of events, a sixth of a second without an answer to anybody.
    """
    since = clock()

    async def received(*args: Any, **more: Any) -> _T:
        nonlocal since
        if clock() - since > _TURN:
            await asyncio.sleep(0)
            since = clock()
        return await receive(*args, **more)

    return received


def _contained(parse: Parser) -> Parser:
    """The parser, but what it cannot read does not end the connection, as the SDK's own way would be."""

    def contained(sent: Any) -> None:
        try:
            if isinstance(sent, dict):
                parse(sent)
        except Exception as error:  # the shell: an event that nobody could read
            _log.error("an event could not be read: %s", type(error).__name__)

    return contained


def intents(*, joins: bool) -> discord.Intents:
    """Guilds, and messages without their content, which Discord shows anyway where they speak to the bot. Only
    `joins` needs a privileged intent.
    """
    wanted = discord.Intents.none()
    wanted.guilds = wanted.guild_messages = wanted.dm_messages = True
    wanted.members = joins
    return wanted
