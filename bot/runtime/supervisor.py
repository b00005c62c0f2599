"""Keeps platforms and background jobs running. Each is restarted when it fails, independently of the others."""

import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, final

from bot.core.errors import PlatformError, Unauthorised
from bot.core.faults import Fault
from bot.runtime.telemetry import Metrics

_log = logging.getLogger(__name__)

_FIRST_PAUSE = 5.0
PLATFORM_PAUSE: Final = 30.0
"""The longest pause in seconds before a platform is tried again, so that it is served within a minute of its return."""
_JOB_PAUSE = 300.0
_GOOD_RUN = 120.0  # seconds; a failure after a longer run is followed by the first pause again


class Supervised(Protocol):
    """The part of a platform that the supervisor needs."""

    name: str

    @property
    def ready(self) -> bool:
        """Whether the platform can answer now."""

    @property
    def standby(self) -> bool:
        """Whether another process serves the platform and this one waits to take over."""

    async def run(self) -> None:
        """Connect and serve until cancelled."""


@final
@dataclass(slots=True)
class Watch:
    """A supervised platform. `fault` is None while it runs; `reason` is the cause of the fault in one line."""

    platform: Supervised
    fault: Fault | None = None
    reason: str = ""

    @property
    def ready(self) -> bool:
        """Whether the platform runs and can answer now."""
        return self.fault is None and self.platform.ready

    @property
    def standby(self) -> bool:
        """Whether another process serves the platform and this one waits to take over."""
        return self.fault is None and self.platform.standby

    @property
    def state(self) -> str:
        """`running`, `standby` or the fault, for operators."""
        return "standby" if self.standby else self.fault or "running"


@final
@dataclass(slots=True)
class _Pauses:
    """The pauses between attempts, in seconds: each is twice the previous one, up to `longest`. `unexpected` is the
    type of the error that ended the last attempt, empty if it was a PlatformError.
    """

    longest: float
    next: float = 0.0
    unexpected: str = ""


@final
@dataclass(slots=True)
class Supervisor:
    """Runs platforms and jobs, and runs them again when they fail.

    `clock` returns monotonic seconds, `sleep` waits for a number of seconds. Each pause is multiplied by `jitter()`, so
    that many processes do not reconnect at the same time.
    """

    metrics: Metrics
    clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    jitter: Callable[[], float]
    watches: dict[str, Watch] = field(default_factory=dict)

    async def keep(self, platform: Supervised) -> None:
        """Serve a platform until cancelled, or until it refuses the token.

        Stores its current fault in `watches`, from where the health check logs it.
        """
        name = platform.name
        watch = self.watches[name] = Watch(platform)
        self.metrics.up.labels(name).set_function(lambda: float(watch.ready))
        self.metrics.standby.labels(name).set_function(lambda: float(watch.standby))
        pauses = _Pauses(PLATFORM_PAUSE)
        try:
            while True:
                watch.fault, watch.reason = None, ""
                failure = await self._attempt(name, platform.run, pauses)
                if isinstance(failure, Unauthorised):
                    watch.fault, watch.reason = Fault.DISABLED, failure.reason
                    _log.error("%s is disabled: %s", name, failure.reason)
                    return
                watch.fault, watch.reason = failure.fault or Fault.RETRYING, failure.reason
                self.metrics.failures.labels(name).inc()
                asked = failure.retry_after.total_seconds() if failure.retry_after else 0.0
                await self.sleep(max(asked, pauses.next * self.jitter()))
        finally:
            if watch.fault is not Fault.DISABLED:
                watch.fault = Fault.STOPPED

    async def run_job(self, name: str, job: Callable[[], Coroutine[Any, Any, object]]) -> None:
        """Run a job until cancelled; restart it when it fails or ends."""
        pauses = _Pauses(_JOB_PAUSE)
        while True:
            failure = await self._attempt(name, job, pauses)
            wait = pauses.next * self.jitter()
            _log.warning("%s: %s; next attempt in %.0f s", name, failure.reason, wait)
            await self.sleep(wait)

    async def _attempt(
        self, name: str, work: Callable[[], Coroutine[Any, Any, object]], pauses: _Pauses
    ) -> PlatformError:
        """Do the work once, set the next pause and return why the work ended. Logs an unexpected error with its
        traceback, unless the last attempt ended with an error of the same type.
        """
        began, failure, unexpected = self.clock(), PlatformError("it ended", permanent=False), ""
        try:
            await work()
        except PlatformError as error:
            failure = error
        except Exception as error:  # any error of a library: the other platforms and jobs must go on
            unexpected = type(error).__name__
            failure = PlatformError(unexpected, permanent=False)
            if unexpected != pauses.unexpected:
                _log.exception("%s failed", name)
        good = self.clock() - began > _GOOD_RUN
        pauses.next = _FIRST_PAUSE if good or not pauses.next else min(pauses.next * 2, pauses.longest)
        pauses.unexpected = unexpected
        return failure
