"""Logs and counters. No line of the log has a secret, or a member's words, name or id; every label of a metric is from
a closed set.
"""

import json
import logging
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal, final
from urllib.parse import quote

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

from bot.core.errors import StoreError
from bot.core.faults import CONTENT, PROCESS, STORE, Fault
from bot.core.model import DISCORD, TELEGRAM

# At INFO and below these log request URLs (which hold the token), what members wrote, or what is stored.
_QUIET: Final = (
    *("aiohttp", "alembic", "asyncio", "discord"),
    *("httpcore", "httpx", "sqlalchemy", "telegram"),
)
# What these say is counted (rate limits) or in `/readyz` (the gateway), in one line where they write many, with ids.
_ERRORS_ALONE: Final = ("discord.http", "discord.webhook.async_")
# The first logs a whole update where the library cannot read one, the second tracebacks of broken connections.
_SILENT: Final = ("telegram.ext.ExtBot", "discord.gateway")


class Redacting(structlog.stdlib.ProcessorFormatter):
    """The last step of every log line: replaces each secret by ***, wherever in the line it is."""

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
    """The secret as it is, in JSON, as Python's repr, and in a URL."""
    return {secret, json.dumps(secret)[1:-1], repr(secret)[1:-1], quote(secret, safe=""), quote(secret)}


def set_up(level: str, style: Literal["console", "json"], secrets: Iterable[str]) -> None:
    """Send every log line, of ours and of the libraries, to standard error, in one form and redacted.

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
        # Where `rich` is installed, the default traceback shows the values of variables: members' words among them.
        plain = structlog.dev.plain_traceback
        last += [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redacting(secrets, last, before))
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in _ERRORS_ALONE:
        logging.getLogger(name).setLevel(logging.ERROR)
    for name in _SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    # discord.py warns at every start that voice will not work, which the bot has no use for.
    logging.getLogger("discord.client").addFilter(lambda record: "voice will NOT be" not in record.getMessage())


# The values of labels; no stranger can add to them. `command` is a name of the content.
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

        def count(name: str, words: str, *labels: str) -> Counter:
            return Counter(f"kusamabot_{name}", words, labels, registry=self.registry)

        def gauge(name: str, words: str, *labels: str) -> Gauge:
            return Gauge(f"kusamabot_{name}", words, labels, registry=self.registry)

        self.replies = count("replies", "Replies", "platform", "command", "outcome")
        self.ratings = count("ratings", "Ratings of answers by members", "platform", "command", "rating")
        self.ready = gauge("ready", "1 while all that was asked for is served, as in /readyz")
        self.fault = gauge("fault", "1 while the part has the fault", "part", "fault")
        self.up = gauge("platform_up", "1 while the platform is served", "platform")
        self.standby = gauge("platform_standby", "1 while another process serves it and this one waits", "platform")
        self.failures = count("platform_failures", "Failed attempts to serve a platform", "platform")
        self.interruptions = count("platform_interruptions", "Broken connections that had been served", "platform")
        self.calls = count("platform_calls", "Calls of a platform's HTTP interface", "platform", "result")
        self.waits = count("rate_limit_seconds", "Seconds that a platform asked to wait (429), in total", "platform")
        self.waiting = gauge("requests_waiting", "Requests that are not answered yet", "platform")
        self.leases = gauge("leases_held", "Leases that this process holds", "duty")
        self.leases_reachable = gauge("leases_reachable", "1 while the leases' database can be reached")
        self.store_errors = count("store_errors", "Errors of the database, by kind", "fault")
        self.problems = gauge("content_problems", "Problems in the content")
        self.readings = count("content_readings", "Readings of the content after a change", "result")
        self.pins = count("pin_updates", "Updates of pins, by result", "platform", "result")
        self.greetings = count("greetings", "Greetings, by result", "platform", "result")
        self.lag = Histogram(
            "kusamabot_event_loop_lag_seconds",
            "How much too late the event loop came back to a task",
            registry=self.registry,
            buckets=_LAGS,
        )
        for fault in Fault:
            if fault.part == STORE:
                self.store_errors.labels(fault.value)
        for result in READINGS:
            self.readings.labels(result)

    def store_failed(self, error: StoreError) -> None:
        """Count an error of the database."""
        if error.fault:
            self.store_errors.labels(error.fault.value).inc()

    def wire(self, platform: str) -> "Wire":
        """The counters of an adapter, all set to 0: Prometheus sees no rise in a counter whose first value is 1."""
        for counter in (self.failures, self.interruptions, self.waits):
            counter.labels(platform)
        for counter, results in ((self.calls, RESULTS), (self.pins, PINS), (self.greetings, GREETINGS)):
            for result in results:
                counter.labels(platform, result)
        return Wire(self, platform)


def counting(counter: Counter) -> Callable[..., None]:
    """A function that adds one to the counter under the labels that it is given."""
    return lambda *labels: counter.labels(*labels).inc()


@final
@dataclass(frozen=True, slots=True)
class Wire:
    """Counts the calls and connections of one platform."""

    metrics: Metrics
    platform: str

    def called(self, status: int, wait: float = 0.0) -> None:
        """Count a call by its HTTP status, 0 for no answer; with a 429 the platform asked to `wait` seconds."""
        result = _BY_STATUS.get(status) or ("ok" if status < 400 else "refused" if status < 500 else "failed")
        self.metrics.calls.labels(self.platform, result).inc()
        if status == 429:
            self.metrics.waits.labels(self.platform).inc(max(0.0, wait))

    def interrupted(self) -> None:
        """Count a connection that broke while it was served."""
        self.metrics.interruptions.labels(self.platform).inc()


async def pulse(
    lag: Callable[[float], None],
    seconds: Callable[[], float],
    sleep: Callable[[float], Awaitable[object]],
    every: float = 0.5,
) -> None:
    """Sleep again and again until cancelled; `lag` gets by how many seconds each sleep was too long."""
    while True:
        due = seconds() + every
        await sleep(every)
        lag(max(0.0, seconds() - due))
