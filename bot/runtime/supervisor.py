"""Keeps the platforms and the jobs beside them running: each is restarted on its own when it fails."""

import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Protocol, final

from bot.core.errors import PlatformError
from bot.core.faults import Fault
from bot.runtime.telemetry import Metrics

_log = logging.getLogger(__name__)

_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 300.0
_GOOD_RUN = 120.0  # seconds after which a failure starts again with the first pause


class Runs(Protocol):
    """A platform, as far as the supervisor needs it."""

    name: str

    @property
    def ready(self) -> bool:
        """Whether it can answer right now."""
        ...

    @property
    def standby(self) -> bool:
        """Whether another process serves it, and this one would take over."""
        ...

    async def run(self) -> None:
        """Connect and serve until cancelled."""
        ...


@final
@dataclass(slots=True)
class Watch:
    """A platform under supervision; `fault` says what it suffers (None while it runs), `reason` why, in a line."""

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
class Supervisor:
    """Runs platforms and jobs, each attempt from scratch.

    `clock` gives seconds that only grow, `sleep` waits seconds, `jitter` gives the factor of each pause, so that many
    processes do not come back at once.
    """

    metrics: Metrics
    clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    jitter: Callable[[], float]
    watches: dict[str, Watch] = field(default_factory=dict)

    async def keep(self, platform: Runs) -> None:
        """Serve a platform until cancelled, or until it refuses for good (a wrong token)."""
        name = platform.name
        watch = self.watches[name] = Watch(platform)
        self.metrics.up.labels(name).set_function(lambda: float(watch.ready))
        self.metrics.standby.labels(name).set_function(lambda: float(watch.standby))

        async def attempt() -> None:
            watch.fault, watch.reason = None, ""
            await platform.run()

        def failed(reason: str) -> None:
            watch.fault, watch.reason = Fault.RETRYING, reason
            self.metrics.failures.labels(name).inc()

        try:
            await self._repeat(name, attempt, failed)
        except PlatformError as error:
            watch.fault, watch.reason = Fault.DISABLED, error.reason
            _log.error("%s is disabled: %s", name, error.reason)
        finally:
            if watch.fault is not Fault.DISABLED:
                watch.fault = Fault.STOPPED

    async def last(self, name: str, job: Callable[[], Coroutine[Any, Any, object]]) -> None:
        """Run a job until cancelled; restart it when it fails or ends."""
        await self._repeat(name, job)

    async def _repeat(
        self,
        name: str,
        work: Callable[[], Coroutine[Any, Any, object]],
        failed: Callable[[str], None] | None = None,
    ) -> None:
        """Run it again and again, with pauses that double; `failed` gets the reason each time.

        Raises:
            PlatformError: it is permanent. Only where there is `failed`; a job without it goes on.
        """
        pause = 0.0
        while True:
            began, reason = self.clock(), "it ended"
            try:
                await work()
            except PlatformError as error:
                if error.permanent and failed:
                    raise
                reason = error.reason
            except Exception as error:  # whatever a library raises: the others go on
                _log.exception("%s failed", name)
                reason = type(error).__name__
            if failed:
                failed(reason)
            good = self.clock() - began > _GOOD_RUN
            pause = _FIRST_PAUSE if good or not pause else min(pause * 2, _LONGEST_PAUSE)
            wait = pause * self.jitter()
            _log.warning("%s: %s; next attempt in %.0f s", name, reason, wait)
            await self.sleep(wait)
