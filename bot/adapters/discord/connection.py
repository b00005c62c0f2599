"""The connection to Discord: the SDK's client without the parts that the bot does not need, and the connection's
health.

discord.py caches each guild with its channels, roles, threads, emojis and the bot's own membership (23 KiB for 20
channels and 10 roles), and builds objects for each message that is sent anywhere. The bot needs none of that: an
interaction contains the member, the place and the rights, a message its author, and the bot requests the rest when
needed. discord.py can switch off only the caches of members and messages, so the bot replaces its private table of
parsers by a short one. Only this module and `gateway.py` use private names of discord.py.
`tests/adapters/discord/test_connection.py` fails when those change.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any, Final, TypeVar, final

import aiohttp
import discord
import msgspec

from bot.core.faults import Fault
from bot.runtime.telemetry import Wire

_log = logging.getLogger(__name__)

_LONGEST_TURN: Final = 0.004  # seconds of reading events before other tasks run
_LATE: Final = 3.5  # seconds that the acknowledgement of a heartbeat may take
_SEND_DELAY: Final = 0.5  # seconds; the SDK records a heartbeat a moment after it has sent it

_T = TypeVar("_T")
Parser = Callable[[Any], None]


def reads(type_: type[_T], handle: Callable[[_T], None]) -> Parser:
    """Return a parser that passes an event to `handle` as a `type_`. It logs and skips a payload that is not one. It
    never raises, because that would end the connection.
    """

    def parse(payload: object) -> None:
        try:
            event = msgspec.convert(payload, type_)
        except (msgspec.ValidationError, ValueError, RecursionError) as error:
            reason = error if isinstance(error, msgspec.ValidationError) else type(error).__name__  # has no values
            _log.warning("Discord sent something that is no %s: %s", type_.__name__, reason)
            return
        try:
            handle(event)
        except Exception as error:  # an error in one event must not stop the next
            _log.error("an event (%s) could not be handled: %s", type_.__name__, type(error).__name__)

    return parse


@final
class Client(discord.Client):
    """Serves one session, because the SDK's clients cannot be started twice.

    `parsers` has the parser of each event by the event's name. `on_session` is called when the session begins.
    `options` are the SDK's and override those set here. `elapsed` is the clock of heartbeats, in seconds. `reason` says
    in a few words why events do not arrive.
    """

    def __init__(
        self,
        parsers: Mapping[str, Parser],
        on_session: Callable[[], None],
        options: Mapping[str, Any],
        wire: Wire,
        *,
        elapsed: Callable[[], float] = time.perf_counter,
    ) -> None:
        # Discord sends the content of messages that mention the bot even without the intent for it, so only joins need
        # a privileged intent.
        joins = "GUILD_MEMBER_ADD" in parsers
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True, members=joins)
        defaults: dict[str, Any] = {
            "intents": intents,
            "allowed_mentions": discord.AllowedMentions.none(),
            "max_messages": None,
            "member_cache_flags": discord.MemberCacheFlags.none(),
            "chunk_guilds_at_startup": False,
            "guild_ready_timeout": 0.0,  # seconds; no need to wait for guilds, as they are not cached
            "max_ratelimit_timeout": 30.0,  # seconds; without it, the SDK sleeps for minutes while it holds its lock
            "http_trace": call_trace(wire, self.refuse),
        }
        super().__init__(**(defaults | dict(options)))
        self._on_session, self.wire, self._elapsed = on_session, wire, elapsed
        # For answers to interactions; None before the login. It has no trace, which would take a sixth of an answer's
        # time.
        self.session: aiohttp.ClientSession | None = None
        self.live = self._begun = False
        self.reason = ""
        table = self._connection.parsers
        self._parse_ready = table["READY"]
        own = {"READY": reads(dict, self._on_ready_event), "RESUMED": table["RESUMED"]}
        table.clear()
        table.update({**parsers, **own})

    def _on_ready_event(self, payload: dict[str, Any]) -> None:
        self._parse_ready({**payload, "guilds": []})
        self._on_session()

    @property
    def me(self) -> int:
        """The bot's own id, 0 before the login."""
        return self.user.id if self.user else 0

    @property
    def fault(self) -> Fault | None:
        """Why events do not arrive; None if they do."""
        if not self.live:
            return Fault.UNREACHED if self._begun else Fault.STARTING
        return Fault.SILENT if self._unanswered() else None

    def _unanswered(self) -> bool:
        """Whether a heartbeat was not acknowledged in time, or the last acknowledgement is older than the interval."""
        socket: Any = self.ws  # None until the first connection, contrary to its declared type
        beat = socket and socket._keep_alive
        if not beat:
            return False
        now = self._elapsed()
        missing = beat._last_ack < beat._last_send - _SEND_DELAY and now - beat._last_send > _LATE
        return bool(missing or now - beat._last_ack > (beat.interval or 0.0) + _LATE)

    async def close(self) -> None:
        """End the connection. Also cancels the SDK's task that announces a new session, which would fail after that."""
        waiting: asyncio.Task[None] | None = self._connection._ready_task
        if waiting is not None:
            waiting.cancel()
        await super().close()
        if self.session:
            await self.session.close()

    async def setup_hook(self) -> None:
        """Called by the SDK after the login."""
        http: Any = self.http
        connect = http.ws_connect

        async def connect_fairly(url: str, **options: Any) -> Any:
            socket = await connect(url, **options)
            socket.receive = fair(socket.receive, time.perf_counter)
            return socket

        http.ws_connect = connect_fairly
        self.session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), proxy=http.proxy)

    async def on_ready(self) -> None:
        """Called by the SDK when the session has begun, and when it was resumed after the connection broke."""
        self.live, self._begun, self.reason = True, True, ""

    on_resumed = on_ready

    def lost(self, reason: str) -> None:
        """Record that the connection is lost or could not be restored. `reason` says why in a few words."""
        if self.live:
            self.wire.interrupted()
        self.live, self.reason = False, reason

    def refuse(self) -> None:
        """End the run because Discord refuses the token. It would refuse all further calls too, and it blocks an
        address that gets 10,000 such answers in ten minutes. Does nothing before the session has begun.
        """
        if self._begun and not self.is_closed():
            self.lost("Discord refuses the token")
            self._closing = asyncio.ensure_future(self.close())


def call_trace(wire: Wire, refused: Callable[[], None] = lambda: None) -> aiohttp.TraceConfig:
    """Return a trace that counts each HTTP call of a client by its result. `refused` is called when Discord does not
    know the bot's token. A 401 to a URL with the token of an interaction only means that this token has expired.
    """

    async def on_end(_: object, __: object, call: aiohttp.TraceRequestEndParams) -> None:
        if call.response.status == HTTPStatus.UNAUTHORIZED and "/webhooks/" not in call.url.path:
            refused()
        wait = call.response.headers.get("Retry-After", "")
        wire.called(call.response.status, float(wait) if wait.replace(".", "", 1).isdecimal() else 0.0)

    async def on_error(*_: object) -> None:
        wire.called(0)

    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(on_end)
    trace.on_request_exception.append(on_error)
    return trace


def fair(receive: Callable[..., Awaitable[_T]], clock: Callable[[], float]) -> Callable[..., Awaitable[_T]]:
    """Return `receive`, changed so that other tasks run every `_LONGEST_TURN` seconds. Otherwise the SDK reads on while
    anything is buffered. In a raid, that is thousands of events, and no answer leaves for a sixth of a second.
    """
    since = clock()

    async def received(*args: Any, **options: Any) -> _T:
        nonlocal since
        if clock() - since > _LONGEST_TURN:
            await asyncio.sleep(0)
            since = clock()
        return await receive(*args, **options)

    return received
