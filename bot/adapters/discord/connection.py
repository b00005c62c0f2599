"""The connection to Discord: the SDK's client with everything off that the bot does not need, and its health.

discord.py keeps each guild with its channels, roles, threads, emojis and the bot as a member (23 KiB for 20 channels
and 10 roles), and builds objects for every message that anybody writes. The bot reads nothing of that: an interaction
carries who, where and which rights, a message its author, and the rest is asked for when needed. discord.py has
switches for members and messages alone, so its private table of parsers is replaced by a short one. Only this module
and `gateway.py` use names that discord.py keeps to itself; `tests/adapters/discord/test_connection.py` fails when they
change.
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

_TURN: Final = 0.004  # seconds
_LATE: Final = 3.5  # seconds that the acknowledgement of a heartbeat may take
_STALE: Final = 0.5  # seconds; the SDK notes that it sent one a moment after it did

_T = TypeVar("_T")
Parser = Callable[[Any], None]


def reads(type_: type[_T], handle: Callable[[_T], None]) -> Parser:
    """A parser that hands an event to `handle` as `type_`; one of another kind is logged and skipped. It never raises,
    which would end the connection.
    """

    def parse(sent: object) -> None:
        try:
            event = msgspec.convert(sent, type_)
        except (msgspec.ValidationError, ValueError, RecursionError) as error:
            reason = error if isinstance(error, msgspec.ValidationError) else type(error).__name__  # shows no values
            _log.warning("Discord sent something that is no %s: %s", type_.__name__, reason)
            return
        try:
            handle(event)
        except Exception as error:  # the shell: an error in one event never stops the next
            _log.error("an event (%s) could not be handled: %s", type_.__name__, type(error).__name__)

    return parse


@final
class Client(discord.Client):
    """Serves one session: the SDK's clients cannot be started twice.

    `parsers` take events by name. `on_session` is called when the session begins. `options` are the SDK's and win over
    what is set here. `elapsed` is the clock of heartbeats. `reason` says in a few words why events do not come in.
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
        # Discord sends the content of messages that mention the bot also without the intent for it. Only joins need a
        # privileged intent.
        joins = "GUILD_MEMBER_ADD" in parsers
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True, members=joins)
        defaults: dict[str, Any] = {
            "intents": intents,
            "allowed_mentions": discord.AllowedMentions.none(),
            "max_messages": None,
            "member_cache_flags": discord.MemberCacheFlags.none(),
            "chunk_guilds_at_startup": False,
            "guild_ready_timeout": 0.0,  # seconds; there is no cache that guilds would have to fill first
            "max_ratelimit_timeout": 30.0,  # seconds; without it the SDK sleeps for minutes and holds its lock
            "http_trace": counting(wire, self.refuse),
        }
        super().__init__(**(defaults | dict(options)))
        self._on_session, self.wire, self._elapsed = on_session, wire, elapsed
        # For answers to interactions, from the login on: without the trace, which costs a sixth of an answer.
        self.session: aiohttp.ClientSession | None = None
        self.live = self._begun = False
        self.reason = ""
        table = self._connection.parsers
        self._parse_ready = table["READY"]
        own = {"READY": reads(dict, self._on_ready_event), "RESUMED": table["RESUMED"]}
        table.clear()
        table.update({**parsers, **own})

    def _on_ready_event(self, sent: dict[str, Any]) -> None:
        self._parse_ready({**sent, "guilds": []})
        self._on_session()

    @property
    def me(self) -> int:
        """The bot's own id, 0 before the login."""
        return self.user.id if self.user else 0

    @property
    def fault(self) -> Fault | None:
        """Why events do not come in; None if they do."""
        if not self.live:
            return Fault.UNREACHED if self._begun else Fault.STARTING
        return Fault.SILENT if self._unanswered() else None

    def _unanswered(self) -> bool:
        """Whether a heartbeat was not acknowledged in time, or none came for longer than they are apart."""
        socket: Any = self.ws  # None until the first connection, whatever its type says
        beat = socket and socket._keep_alive
        if not beat:
            return False
        now = self._elapsed()
        missing = beat._last_ack < beat._last_send - _STALE and now - beat._last_send > _LATE
        return bool(missing or now - beat._last_ack > (beat.interval or 0.0) + _LATE)

    async def close(self) -> None:
        """End the connection. The SDK announces a new session in a task, which would fail once the client is closed."""
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
        """Called by the SDK when the session has begun, and when a broken connection was resumed."""
        self.live, self._begun, self.reason = True, True, ""

    on_resumed = on_ready

    def lost(self, reason: str) -> None:
        """The connection is lost, or could not be made again; `reason` says why in a few words."""
        if self.live:
            self.wire.interrupted()
        self.live, self.reason = False, reason

    def refuse(self) -> None:
        """Discord refused the token in the middle of a run: end the run, since every further call would be refused too,
        and Discord shuts out who goes on (10,000 such answers in ten minutes).
        """
        if self._begun and not self.is_closed():
            self.lost("Discord refuses the token")
            self._closing = asyncio.ensure_future(self.close())


def counting(wire: Wire, refused: Callable[[], None] = lambda: None) -> aiohttp.TraceConfig:
    """Counts each HTTP call of a client by its result. `refused` is called when Discord does not know the token; it
    answers 401 also to the expired token of an interaction, which stands in the address.
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
    """`receive`, but after `_TURN` seconds other tasks run. Otherwise the SDK reads on for as long as anything is
    buffered: in a raid thousands of events, a sixth of a second without an answer to anybody.
    """
    since = clock()

    async def received(*args: Any, **options: Any) -> _T:
        nonlocal since
        if clock() - since > _TURN:
            await asyncio.sleep(0)
            since = clock()
        return await receive(*args, **options)

    return received
