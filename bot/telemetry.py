"""Logs and counters. Its law: no secret and no member's words, names or ids in any log line, whoever writes it."""

import json
import logging
import sys
from collections.abc import Iterable
from typing import Any, Literal
from urllib.parse import quote

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge

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
    "watchfiles",
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


class Metrics:
    """The process's counters, in a registry of their own. Labels are bounded: platforms, commands and outcomes."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.replies = Counter(
            "kusamabot_replies", "Replies sealed", ("platform", "command", "outcome"), registry=self.registry
        )
        self.up = Gauge(
            "kusamabot_platform_up", "1 while the platform is served", ("platform",), registry=self.registry
        )
        self.standby = Gauge(
            "kusamabot_platform_standby",
            "1 while another process serves the platform and this one would take over",
            ("platform",),
            registry=self.registry,
        )
        self.failures = Counter(
            "kusamabot_platform_failures",
            "Attempts to serve a platform that failed",
            ("platform",),
            registry=self.registry,
        )
        self.problems = Gauge("kusamabot_content_problems", "Problems in the content", registry=self.registry)
