"""Logs and counters. Its law: no secret and no member's words, names or ids in any log line, whoever writes it; and
whatever stands in a label comes from a closed set.
"""

import json
import logging
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any, Final, Literal, final
from urllib.parse import quote

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

from bot.core.errors import StoreError
from bot.core.faults import CONTENT, PROCESS, STORE, Fault
from bot.core.model import DISCORD, PLAYGROUND, TELEGRAM

# At INFO and below these write request URLs (with the token in them), what members wrote, or what is stored.
_NEVER_BELOW_WARNING = (
    "aiohttp",
    "aiosqlite",
    "alembic",
    "asyncio",
    "discord",
    "httpcore",
    "httpx",
    "sqlalchemy",
    "telegram",
)
# Writes a whole update where the library cannot read one; the adapter tells of it without the words.
_NEVER = "telegram.ext.ExtBot"


class Redacting(structlog.stdlib.ProcessorFormatter):
    """The last step of every log line: takes out each secret, wherever it came from."""

    def __init__(self, secrets: Iterable[str], processors: list[Any], before: list[Any]) -> None:
        super().__init__(processors=processors, foreign_pre_chain=before)
        spelled = {form for secret in secrets if secret for form in _spelled(secret)}
        self._secrets = sorted(spelled, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        """The finished line, traceback included, without any secret."""
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, "***")
        return line


def _spelled(secret: str) -> set[str]:
    """The secret as a line may have it: as it is, in JSON, as Python shows it, in an address."""
    return {secret, json.dumps(secret)[1:-1], repr(secret)[1:-1], quote(secret, safe=""), quote(secret)}


def set_up(level: str, style: Literal["console", "json"], secrets: Iterable[str]) -> None:
    """Send every log of ours and of the libraries to standard error, in one form and redacted.

    Whatever `level` says, the libraries that log URLs and payloads stay at WARNING.
    """
    before: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Any] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if style == "json":
        last += [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    else:
        # Not the default, which shows the values of variables, members' words among them, where `rich` is installed.
        plain = structlog.dev.plain_traceback
        last += [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redacting(secrets, last, before))
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _NEVER_BELOW_WARNING:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger(_NEVER).setLevel(logging.CRITICAL + 1)
    logging.getLogger("discord.client").addFilter(_is_not_about_voice)


def _is_not_about_voice(record: logging.LogRecord) -> bool:
    """discord.py warns at every start that voice will not work; this bot never speaks."""
    return "voice will NOT be supported" not in record.getMessage()


# What labels may say, so that no stranger makes the operator's database grow. `command` is a name of the content.
PLATFORMS: Final = (DISCORD, TELEGRAM, PLAYGROUND)
PARTS: Final = (DISCORD, TELEGRAM, STORE, CONTENT, PROCESS)
RESULTS: Final = ("ok", "refused", "unauthorised", "forbidden", "gone", "conflict", "limited", "failed", "lost")
READINGS: Final = ("taken", "refused")
GREETINGS: Final = ("posted", "failed", "left-out", "raid")
PINS: Final = ("updated", "waits", "gone", "forbidden", "closed", "full", "refused")
_BY_STATUS: Final[Mapping[int, str]] = MappingProxyType(
    {0: "lost", 401: "unauthorised", 403: "forbidden", 404: "gone", 409: "conflict", 429: "limited"}
)
_LAGS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)  # seconds


class Metrics:
    """The process's counters and gauges, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        count, gauge = partial(Counter, registry=self.registry), partial(Gauge, registry=self.registry)
        self.replies = count("kusamabot_replies", "Replies sealed", ("platform", "command", "outcome"))
        self.ready = gauge("kusamabot_ready", "1 while all that was asked for is served, as /readyz tells")
        self.fault = gauge("kusamabot_fault", "1 while that part suffers from that fault", ("part", "fault"))
        self.up = gauge("kusamabot_platform_up", "1 while the platform is served", ("platform",))
        self.standby = gauge(
            "kusamabot_platform_standby",
            "1 while another process serves the platform and this one would take over",
            ("platform",),
        )
        self.failures = count("kusamabot_platform_failures", "Attempts to serve a platform that failed", ("platform",))
        self.interruptions = count(
            "kusamabot_platform_interruptions", "Connections that broke while they were served", ("platform",)
        )
        self.calls = count("kusamabot_platform_calls", "Calls of a platform's HTTP interface", ("platform", "result"))
        self.waits = count(
            "kusamabot_rate_limit_seconds", "Seconds that a platform asked to wait (429), added up", ("platform",)
        )
        self.waiting = gauge("kusamabot_requests_waiting", "Requests that came and are not answered yet", ("platform",))
        self.leases = gauge("kusamabot_leases_held", "What this process alone does, by duty", ("duty",))
        self.leases_reachable = gauge("kusamabot_leases_reachable", "1 while it could be told that a lease is free")
        self.store_errors = count("kusamabot_store_errors", "What the database refused, by kind", ("fault",))
        self.problems = gauge("kusamabot_content_problems", "Problems in the content")
        self.readings = count("kusamabot_content_readings", "Readings of the content after a change", ("result",))
        self.pins = count("kusamabot_pin_updates", "Pins brought up to date, or why not", ("platform", "result"))
        self.greetings = count("kusamabot_greetings", "Greetings, or why there was none", ("platform", "result"))
        for fault in Fault:
            if fault.part == STORE:
                self.store_errors.labels(fault.value)
        for result in READINGS:
            self.readings.labels(result)
        self.lag = Histogram(
            "kusamabot_event_loop_lag_seconds",
            "How much later than it should the event loop came back to a task",
            registry=self.registry,
            buckets=_LAGS,
        )

    def pin_done(self, platform: str, result: str) -> None:
        """What became of a pin."""
        self.pins.labels(platform, result).inc()

    def greeting_done(self, platform: str, result: str) -> None:
        """What became of a greeting."""
        self.greetings.labels(platform, result).inc()

    def content_read(self, *, taken: bool) -> None:
        """The files were read after a change; where they have problems they are not taken."""
        self.readings.labels("taken" if taken else "refused").inc()

    def store_failed(self, error: StoreError) -> None:
        """The database refused something."""
        if error.fault:
            self.store_errors.labels(error.fault.value).inc()

    def wire(self, platform: str) -> "Wire":
        """What an adapter counts its calls with. All its counters begin here, at 0: Prometheus cannot see that one rose
        which appears only with its first count.
        """
        for counter in (self.failures, self.interruptions, self.waits):
            counter.labels(platform)
        for counter, results in ((self.calls, RESULTS), (self.pins, PINS), (self.greetings, GREETINGS)):
            for result in results:
                counter.labels(platform, result)
        return Wire(self, platform)


@final
@dataclass(frozen=True, slots=True)
class Wire:
    """Counts what goes over the wire to one platform."""

    metrics: Metrics
    platform: str

    def called(self, status: int, wait: float = 0.0) -> None:
        """A call was answered with this HTTP status, 0 for no answer, and a wish to `wait` seconds (429)."""
        result = _BY_STATUS.get(status) or ("ok" if status < 400 else "refused" if status < 500 else "failed")
        self.metrics.calls.labels(self.platform, result).inc()
        if status == 429:
            self.metrics.waits.labels(self.platform).inc(max(0.0, wait))

    def interrupted(self) -> None:
        """A connection broke that was served."""
        self.metrics.interruptions.labels(self.platform).inc()


async def pulse(
    lag: Callable[[float], None],
    seconds: Callable[[], float],
    sleep: Callable[[float], Awaitable[object]],
    every: float = 0.5,
) -> None:
    """Sleep again and again until cancelled, and tell by how many seconds each sleep was too long."""
    while True:
        due = seconds() + every
        await sleep(every)
        lag(max(0.0, seconds() - due))
