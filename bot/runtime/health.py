"""How the process is: what `/healthz`, `/readyz` and the gauges of faults tell. Its law: it tells what is so now, which
part, since when, why, and what to do; and asking it never takes longer than a look at the database.
"""

import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple, Protocol, final

from bot import VERSION
from bot.core.errors import Problem, StoreError
from bot.core.faults import CONTENT_FAULTS, PLATFORM_FAULTS, PROCESS_FAULTS, STORE_FAULTS, WORDS, Fault
from bot.core.sealed_catalog import SealedCatalog
from bot.runtime.telemetry import Metrics

_log = logging.getLogger(__name__)

STORE: Final = "store"
CONTENT: Final = "content"
PROCESS: Final = "process"
_EVERY = 2.0  # seconds between two looks that nobody asked for
_FRESH = 1.0  # seconds that a look at the database counts, however often somebody asks
_BY_STATE: Final[Mapping[str, Fault]] = {
    "retrying": Fault.RETRYING,
    "disabled": Fault.DISABLED,
    "stopped": Fault.STOPPED,
}
_LOGGED_ELSEWHERE = frozenset({Fault.STARTING, Fault.RETRYING, Fault.DISABLED, Fault.STOPPED, Fault.STALE})


class Watched(Protocol):
    """What the supervisor knows of a platform."""

    @property
    def ready(self) -> bool:
        """Whether it can answer right now."""
        ...

    @property
    def standby(self) -> bool:
        """Whether another process serves it, and this one would take over."""
        ...

    @property
    def told(self) -> str:
        """Its state in a word."""
        ...

    @property
    def reason(self) -> str:
        """Why it is not running, in a line."""
        ...


class Content(Protocol):
    """What the shelf knows of the files."""

    @property
    def edition(self) -> SealedCatalog:
        """What is served."""
        ...

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the files, if they are newer."""
        ...


class Found(NamedTuple):
    """A part that is in trouble; `reason` in a line, `fix` for an operator in a hurry."""

    part: str
    fault: Fault
    reason: str
    fix: str


@final
@dataclass(frozen=True, slots=True)
class Sources:
    """Where health is learnt from. `expected` are the platforms that have a token, `watches` those that were begun;
    `troubles` tell by platform why it is not ready though it runs. `look` raises StoreError if the database fails.
    """

    expected: tuple[str, ...]
    watches: Mapping[str, Watched]
    troubles: Mapping[str, Callable[[], Fault | None]]
    look: Callable[[], Awaitable[None]]
    content: Content


@final
class Health:
    """The state of the process. `seconds` only grow, `wall` tells date and time, `sleep` waits seconds."""

    def __init__(
        self,
        sources: Sources,
        metrics: Metrics,
        *,
        seconds: Callable[[], float],
        wall: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[object]],
    ) -> None:
        self._from, self._metrics = sources, metrics
        self._seconds, self._wall, self._sleep = seconds, wall, sleep
        self._since: dict[str, datetime] = {}
        self._told: dict[str, Fault] = {}
        self._looked: float | None = None
        self._store: StoreError | None = None

    async def keep(self) -> None:
        """Look again and again, until cancelled: what is found is told in the log and in the gauges unasked."""
        while True:
            await self.state()
            await self._sleep(_EVERY)

    async def state(self) -> dict[str, Any]:
        """What `/healthz` and `/readyz` show. Broken files are named, and are no reason not to be ready: the last good
        version is served.
        """
        await self._look()
        found = {one.part: one for one in self._found()}
        self._note(found)
        watches, content = self._from.watches, self._from.content
        return {
            "ready": found.keys() <= {CONTENT},
            "version": VERSION,
            "platforms": {
                name: {"ready": watch.ready, "state": watch.told, **self._shown(found.get(name))}
                for name, watch in watches.items()
            },
            STORE: {"ready": STORE not in found, **self._shown(found.get(STORE))},
            CONTENT: {
                "revision": content.edition.catalog.revision,
                "last_good_version": bool(content.problems),
                "problems": [str(problem) for problem in content.problems],
            },
            "faults": [{"part": one.part, "fault": one.fault, **self._shown(one)} for one in found.values()],
        }

    def _shown(self, found: Found | None) -> dict[str, str | None]:
        if found is None:
            return {"reason": "", "fix": "", "since": None}
        since = self._since[found.part].isoformat(timespec="seconds")
        return {"reason": found.reason, "fix": found.fix, "since": since}

    async def _look(self) -> None:
        """Look at the database, unless that was done a moment ago."""
        now = self._seconds()
        if self._looked is not None and now - self._looked < _FRESH:
            return
        self._looked = now
        try:
            await self._from.look()
        except StoreError as error:
            self._store = error
        else:
            self._store = None

    def _found(self) -> Iterator[Found]:
        for name in self._from.expected:
            watch = self._from.watches.get(name)
            fault = self._trouble(name, watch)
            if fault:
                cause, fix = PLATFORM_FAULTS[fault]
                yield Found(name, fault, (watch.reason if watch else "") or cause, fix)
        if self._store:
            fault = self._store.fault
            fix = WORDS[fault].fix if fault else self._store.remedy
            part = PROCESS if fault in PROCESS_FAULTS else STORE
            yield Found(part, fault or Fault.OTHER, self._store.reason, fix)
        if problems := self._from.content.problems:
            cause, fix = CONTENT_FAULTS[Fault.STALE]
            yield Found(CONTENT, Fault.STALE, f"{cause} ({len(problems)})", fix)

    def _trouble(self, name: str, watch: Watched | None) -> Fault | None:
        if watch is None:
            return Fault.STARTING
        if watch.ready or watch.standby:
            return None
        return _BY_STATE.get(watch.told) or self._from.troubles[name]() or Fault.STARTING

    def _note(self, found: Mapping[str, Found]) -> None:
        """Remember since when, tell the log what is new, and set the gauges."""
        now = self._wall()
        for part, one in found.items():
            self._since.setdefault(part, now)
            if self._told.get(part) is not one.fault and one.fault not in _LOGGED_ELSEWHERE:
                _log.warning("%s: %s (%s); %s", part, one.reason, one.fault, one.fix)
        for part in self._told.keys() - found.keys():
            _log.info("%s: well again, after %.0f s", part, (now - self._since.pop(part)).total_seconds())
        self._told = {part: one.fault for part, one in found.items()}
        self._metrics.ready.set(found.keys() <= {CONTENT})
        for part, faults in _FAULTS_OF.items():
            if part in (STORE, CONTENT, PROCESS) or part in self._from.expected:
                for fault in faults:
                    self._metrics.fault.labels(part, fault.value).set(self._told.get(part) is fault)


_FAULTS_OF: Final[Mapping[str, Mapping[Fault, object]]] = {
    "discord": PLATFORM_FAULTS,
    "telegram": PLATFORM_FAULTS,
    STORE: STORE_FAULTS,
    CONTENT: CONTENT_FAULTS,
    PROCESS: PROCESS_FAULTS,
}
