"""How the line to Discord stands, and how its calls end. Its law: a line that acknowledges no heartbeat is told, though
the SDK still believes in it.
"""

import time
from collections.abc import Callable
from typing import Any, Final, final

import aiohttp
import discord

from bot.core.faults import Fault
from bot.runtime.telemetry import Wire

_LATE: Final = 3.5  # seconds that the acknowledgement of a heartbeat may take
_STALE: Final = 0.5  # seconds; the SDK notes that it sent one a moment after it did


@final
class Line:
    """One shard's line. `elapsed` is the SDK's own clock for heartbeats."""

    def __init__(self, wire: Wire, elapsed: Callable[[], float] = time.perf_counter) -> None:
        self._wire, self._elapsed = wire, elapsed
        self._live = self._begun = False

    def hears(self, live: bool) -> None:
        """A session began or goes on, or the connection is lost."""
        if self._live and not live:
            self._wire.interrupted()
        self._live, self._begun = live, self._begun or live

    def fresh(self) -> None:
        """A new client connects."""
        self._live = self._begun = False

    def trouble(self, client: discord.Client | None) -> Fault | None:
        """Why events do not come in, if so."""
        if not self._live:
            return Fault.UNREACHED if self._begun and client else Fault.STARTING
        return Fault.SILENT if client and self._unanswered(client) else None

    def _unanswered(self, client: discord.Client) -> bool:
        """Whether a heartbeat is not acknowledged in time, or none could be for longer than from one to the next."""
        socket: Any = client.ws  # None until the first connection, whatever its type says
        beat = socket and socket._keep_alive
        if not beat:
            return False
        now = self._elapsed()
        missing = beat._last_ack < beat._last_send - _STALE and now - beat._last_send > _LATE
        return bool(missing or now - beat._last_ack > (beat.interval or 0.0) + _LATE)


def counting(wire: Wire) -> aiohttp.TraceConfig:
    """What tells `wire` how each HTTP call of a client ended."""

    async def ended(_: object, __: object, told: aiohttp.TraceRequestEndParams) -> None:
        wait = told.response.headers.get("Retry-After", "")
        wire.called(told.response.status, float(wait) if wait.replace(".", "", 1).isdecimal() else 0.0)

    async def failed(*_: object) -> None:
        wire.called(0)

    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(ended)
    trace.on_request_exception.append(failed)
    return trace
