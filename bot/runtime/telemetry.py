"""Logging and metrics. No log line contains a secret or a member's text, name or id. Every label of a metric has a
closed set of values.
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

# At INFO and below, these loggers log request URLs (which contain the token), members' text or stored data.
_QUIET: Final = (
    *("aiohttp", "alembic", "asyncio", "discord"),
    *("httpcore", "httpx", "sqlalchemy", "telegram"),
)
# These write several lines with ids for each rate limit. The metrics count rate limits.
_ERRORS_ONLY: Final = ("discord.http", "discord.webhook.async_")
# The first logs a whole update that the library cannot parse; the second logs tracebacks of broken connections, which
# `/readyz` shows.
_SILENT: Final = ("telegram.ext.ExtBot", "discord.gateway")


class Redacting(structlog.stdlib.ProcessorFormatter):
    """Formats log lines and replaces every secret in them with ***."""

    def __init__(self, secrets: Iterable[str], processors: list[Any], before: list[Any]) -> None:
        super().__init__(processors=processors, foreign_pre_chain=before)
        forms = {form for secret in secrets if secret for form in _forms(secret)}
        self._secrets = sorted(forms, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        """The complete line, including a traceback, without secrets."""
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, "***")
        return line


def _forms(secret: str) -> set[str]:
    """The secret as it is, and escaped as in JSON, in Python's repr and in a URL."""
    return {secret, json.dumps(secret)[1:-1], repr(secret)[1:-1], quote(secret, safe=""), quote(secret)}


def set_up(level: str, style: Literal["console", "json"], secrets: Iterable[str]) -> None:
    """Send all log lines of the bot and its libraries to standard error, in the same style and redacted.

    Libraries that log URLs and payloads stay at WARNING or above, regardless of `level`.
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
        # If `rich` is installed, the default traceback shows the values of variables, among them members' text.
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
    for name in _ERRORS_ONLY:
        logging.getLogger(name).setLevel(logging.ERROR)
    for name in _SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    # discord.py warns at every start that voice will not work. The bot does not use voice.
    logging.getLogger("discord.client").addFilter(lambda record: "voice will NOT be" not in record.getMessage())


# The values of labels. Users cannot add values: the label `command` is always a name from the content.
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
    """The counters and gauges of the process, in their own registry."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)

        def count(name: str, help_text: str, *labels: str) -> Counter:
            return Counter(f"kusamabot_{name}", help_text, labels, registry=self.registry)

        def gauge(name: str, help_text: str, *labels: str) -> Gauge:
            return Gauge(f"kusamabot_{name}", help_text, labels, registry=self.registry)

        self.replies = count("replies", "Replies", "platform", "command", "outcome")
        self.ratings = count("ratings", "Ratings of answers by members", "platform", "command", "rating")
        self.ready = gauge("ready", "1 while every configured platform is served, as in /readyz")
        self.fault = gauge("fault", "1 while the part has the fault", "part", "fault")
        self.up = gauge("platform_up", "1 while this process serves the platform", "platform")
        self.standby = gauge("platform_standby", "1 while another process serves it and this one waits", "platform")
        self.failures = count("platform_failures", "Failed attempts to serve a platform", "platform")
        self.interruptions = count("platform_interruptions", "Connections that broke while in use", "platform")
        self.calls = count("platform_calls", "Calls of the platform's HTTP API, by result", "platform", "result")
        self.waits = count("rate_limit_seconds", "Seconds of waiting that the platform asked for (429)", "platform")
        self.waiting = gauge("requests_waiting", "Requests that are not answered yet", "platform")
        self.leases = gauge("leases_held", "Leases that this process holds", "duty")
        self.leases_reachable = gauge("leases_reachable", "1 while the database of the leases can be reached")
        self.store_errors = count("store_errors", "Errors of the database, by fault", "fault")
        self.problems = gauge("content_problems", "Problems in the content")
        self.readings = count("content_readings", "Reloads of the content after a change, by result", "result")
        self.pins = count("pin_updates", "Updates of pins, by result", "platform", "result")
        self.greetings = count("greetings", "Greetings, by result", "platform", "result")
        self.lag = Histogram(
            "kusamabot_event_loop_lag_seconds",
            "How late the event loop resumed a sleeping task",
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
        """The counters of an adapter. They start at 0, because Prometheus sees no increase if a first value is 1."""
        for counter in (self.failures, self.interruptions, self.waits):
            counter.labels(platform)
        for counter, results in ((self.calls, RESULTS), (self.pins, PINS), (self.greetings, GREETINGS)):
            for result in results:
                counter.labels(platform, result)
        return Wire(self, platform)


def counting(counter: Counter) -> Callable[..., None]:
    """Return a function that adds one to the counter; its arguments are the values of the labels."""
    return lambda *labels: counter.labels(*labels).inc()


@final
@dataclass(frozen=True, slots=True)
class Wire:
    """Counts the calls and connections of one platform."""

    metrics: Metrics
    platform: str

    def called(self, status: int, wait: float = 0.0) -> None:
        """Count a call by its HTTP status (0 for no answer). `wait` is how many seconds a 429 asks to wait."""
        result = _BY_STATUS.get(status) or ("ok" if status < 400 else "refused" if status < 500 else "failed")
        self.metrics.calls.labels(self.platform, result).inc()
        if status == 429:
            self.metrics.waits.labels(self.platform).inc(max(0.0, wait))

    def interrupted(self) -> None:
        """Count a connection that broke while it was in use."""
        self.metrics.interruptions.labels(self.platform).inc()


async def measure_lag(
    lag: Callable[[float], None],
    seconds: Callable[[], float],
    sleep: Callable[[float], Awaitable[object]],
    every: float = 0.5,
) -> None:
    """Measure the lag of the event loop until cancelled: call `lag` with the seconds by which each sleep was late."""
    while True:
        due = seconds() + every
        await sleep(every)
        lag(max(0.0, seconds() - due))
