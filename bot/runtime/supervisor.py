"""Keeps the platforms and the jobs beside them running: each is restarted on its own when it fails."""

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
"""The longest pause before a platform is tried again, so that it is served within a minute of its return."""
_JOB_PAUSE = 300.0
_GOOD_RUN = 120.0  # seconds after which a failure starts again with the first pause


class Runs(Protocol):
    """A platform, as far as the supervisor needs it."""

    name: str

    @property
    def ready(self) -> bool:
        """Whether it can answer right now."""

    @property
    def standby(self) -> bool:
        """Whether another process serves it, and this one would take over."""

    async def run(self) -> None:
        """Connect and serve until cancelled."""


@final
@dataclass(slots=True)
class Watch:
    """A platform under supervision; `fault` is what is wrong with it (None while it runs), `reason` the cause in a
    line.
    """

    platform: Runs
    fault: Fault | None = None
    reason: str = ""

    @property
    def ready(self) -> bool:
        """Whether it can answer right now."""
        return self.fault is None and self.platform.ready

    @property
    def standby(self) -> bool:
        """Whether another process serves it, and this one would take over."""
        return self.fault is None and self.platform.standby

    @property
    def state(self) -> str:
        """In a word, for operators."""
        return "standby" if self.standby else self.fault or "running"


@final
@dataclass(slots=True)
class _Pauses:
    """The pauses between attempts, in seconds: each twice the one before, up to `longest`. `odd` names the error that
    nobody foresaw and that ended the last attempt.
    """

    longest: float
    next: float = 0.0
    odd: str = ""


@final
@dataclass(slots=True)
class Supervisor:
    """Runs platforms and jobs, each attempt from scratch.

    `clock` gives monotonic seconds, `sleep` waits seconds, `jitter` gives the factor of each pause, so that many
    processes do not come back at once.
    """

    metrics: Metrics
    clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    jitter: Callable[[], float]
    watches: dict[str, Watch] = field(default_factory=dict)

    async def keep(self, platform: Runs) -> None:
        """Serve a platform until cancelled, or until it refuses the token.

        What goes wrong meanwhile is in its watch, and logged from there by the health check.
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

    async def last(self, name: str, job: Callable[[], Coroutine[Any, Any, object]]) -> None:
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
        """Do the work once; returns why it ended. An unexpected error is logged with its traceback, the first time
        in a row.
        """
        began, failure, odd = self.clock(), PlatformError("it ended", permanent=False), ""
        try:
            await work()
        except PlatformError as error:
            failure = error
        except Exception as error:  # whatever a library raises: the others go on
            odd = type(error).__name__
            failure = PlatformError(odd, permanent=False)
            if odd != pauses.odd:
                _log.exception("%s failed", name)
        good = self.clock() - began > _GOOD_RUN  # it begins a new row of pauses
        pauses.next = _FIRST_PAUSE if good or not pauses.next else min(pauses.next * 2, pauses.longest)
        pauses.odd = odd
        return failure
