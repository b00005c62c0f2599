"""Keeps the platforms, and what is done beside them, running. Its law: one that fails never takes another with it."""

import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, final

from bot.core.errors import PlatformError
from bot.runtime.telemetry import Metrics

_log = logging.getLogger(__name__)

_FIRST_WAIT, _LONGEST_WAIT = 5.0, 300.0
_GOOD_RUN = 120.0  # seconds after which a failure counts as the first of a new row


class Runs(Protocol):
    """What the supervisor needs of a platform."""

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


class State(StrEnum):
    """What became of a platform."""

    RUNNING = "running"
    RETRYING = "retrying"
    DISABLED = "disabled"
    STOPPED = "stopped"


@final
@dataclass(slots=True)
class Watch:
    """One platform under supervision; `reason` says in a line why it is not running."""

    platform: Runs
    state: State = State.RUNNING
    reason: str = ""

    @property
    def ready(self) -> bool:
        """Whether it can answer right now."""
        return self.state is State.RUNNING and self.platform.ready

    @property
    def standby(self) -> bool:
        """Whether another process serves it, and this one would take over."""
        return self.state is State.RUNNING and self.platform.standby

    @property
    def told(self) -> str:
        """The state as operators see it."""
        return "standby" if self.standby else self.state.value


@final
@dataclass(slots=True)
class Supervisor:
    """Runs every platform, and whatever else is to last, again and again, each attempt from scratch.

    `clock` gives seconds that only grow, `sleep` waits seconds, `jitter` gives a factor between 0.5 and 1.5 so that
    many processes do not come back at once.
    """

    metrics: Metrics
    clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    jitter: Callable[[], float]
    watches: dict[str, Watch] = field(default_factory=dict)

    async def keep(self, platform: Runs) -> None:
        """Serve one platform until cancelled, or until it refuses us for good (a wrong token)."""
        watch = self.watches[platform.name] = Watch(platform)
        wait = 0.0
        try:
            while True:
                began = self.clock()
                reason = await self._attempt(watch)
                if watch.state is State.DISABLED:
                    return
                self.metrics.failures.labels(platform.name).inc()
                wait = await self._paused(f"{platform.name}: {reason}", began, wait)
        finally:
            if watch.state is not State.DISABLED:
                watch.state = State.STOPPED

    async def last(self, name: str, work: Callable[[], Coroutine[Any, Any, object]]) -> None:
        """Do what is to have no end until cancelled; where it fails, or ends, that is told and it is begun again."""
        wait = 0.0
        while True:
            began = self.clock()
            try:
                await work()
                reason = "it ended"
            except Exception as error:  # whatever it is: nobody else would do the work
                _log.exception("%s failed", name)
                reason = type(error).__name__
            wait = await self._paused(f"{name}: {reason}", began, wait)

    async def _paused(self, what: str, began: float, before: float) -> float:
        """Wait before the next attempt, twice as long as `before` it unless that one went well; returns how long."""
        good = self.clock() - began > _GOOD_RUN
        wait = _FIRST_WAIT if good or not before else min(before * 2, _LONGEST_WAIT)
        pause = wait * self.jitter()
        _log.warning("%s; next attempt in %.0f s", what, pause)
        await self.sleep(pause)
        return wait

    async def _attempt(self, watch: Watch) -> str:
        """One run of the platform; returns why it ended."""
        name = watch.platform.name
        watch.state, watch.reason = State.RUNNING, ""
        self.metrics.up.labels(name).set_function(lambda: float(watch.ready))
        self.metrics.standby.labels(name).set_function(lambda: float(watch.standby))
        try:
            await watch.platform.run()
            watch.reason = "the connection ended"
        except PlatformError as error:
            watch.reason = error.reason
            if error.permanent:
                watch.state = State.DISABLED
                _log.error("%s is disabled: %s", name, error.reason)
                return watch.reason
        except Exception as error:
            # Whatever a library raises: this platform tries again, the other one is not touched.
            watch.reason = type(error).__name__
            _log.exception("%s failed", name)
        watch.state = State.RETRYING
        return watch.reason
