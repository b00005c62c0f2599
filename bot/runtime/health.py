"""The state of the process, for `/healthz`, `/readyz`, the gauges and the log: which part has which fault, since when,
and why. Asking takes no longer than one query to the database.
"""

import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, final

from bot import version
from bot.content.live_content import LiveContent
from bot.core.errors import MOST_SHOWN, StoreError
from bot.core.faults import CONTENT, PLATFORM, STORE, Fault, Finding, State, Trouble
from bot.core.model import DISCORD, TELEGRAM
from bot.runtime.clock import Clock
from bot.runtime.supervisor import Watch
from bot.runtime.telemetry import PARTS, Metrics

_log = logging.getLogger(__name__)

_EVERY: Final = 2.0  # seconds between two checks that nobody asked for
_FRESH: Final = 1.0  # seconds for which an answer of the database counts, however often somebody asks
_PASSING: Final = 2.0  # seconds that a fault lasts before it is logged, so that short drops and starts are not
_SPARING: Final = 60.0  # seconds between two lines about one fault that goes on
_HARMLESS: Final = frozenset({Fault.STALE, Fault.INCOMPLETE})  # with these alone everything is answered
_LOGGED_ELSEWHERE: Final = frozenset({Fault.STARTING, Fault.DISABLED, Fault.STOPPED, Fault.STALE})


@final
@dataclass(slots=True)
class _Course:
    """A part's fault: when it began, by the clock and in seconds, the last line about it, and when that was written."""

    since: datetime
    began: float
    harmless: bool
    words: str = ""
    written: float = 0.0


@final
class Health:
    """Checks the platforms, the database and the content. Logs a line when a fault begins and one when it is over,
    however often somebody asks; while it goes on, a changed cause at most once a minute.

    `troubles` has a function for each platform that has a token: what is wrong with it though it runs. `watches` are
    the supervisor's, of those that were started, also of a platform's parts (`discord/1`). `ping` raises StoreError if
    the database fails.
    """

    def __init__(
        self,
        troubles: Mapping[str, Callable[[], Trouble | None]],
        watches: Mapping[str, Watch],
        ping: Callable[[], Awaitable[None]],
        content: LiveContent,
        *,
        metrics: Metrics,
        clock: Clock,
    ) -> None:
        self._troubles, self._watches, self._ping, self._content = troubles, watches, ping, content
        self._metrics, self._clock = metrics, clock
        self._found: dict[str, Finding] = {}
        self._courses: dict[str, _Course] = {}  # by part
        self._pinged: float | None = None
        self._store: StoreError | None = None

    async def keep(self) -> None:
        """Check until cancelled, so that log and gauges show a fault without being asked."""
        while True:
            await self.state()
            await self._clock.sleep(_EVERY)

    async def state(self) -> dict[str, Any]:
        """The answer of `/healthz` and `/readyz`. Content with mistakes is named, and leaves the process ready: it
        serves the last good version. So does a menu that a platform has not taken.
        """
        await self._ask_store()
        found = {one.what: one for one in self._check()}
        self._note(found)
        content = self._content
        return {
            "ready": self._ready,
            "version": version(),
            "platforms": {
                name: {"ready": watch.ready, "state": watch.state, **_shown(self._found.get(name))}
                for name, watch in self._watches.items()
                if name in self._troubles
            },
            STORE: {"ready": STORE not in found, **_shown(self._found.get(STORE))},
            CONTENT: {
                "revision": content.edition.catalog.revision,
                "last_good_version": bool(content.problems),
                "problems": [str(problem) for problem in content.problems[:MOST_SHOWN]],
            },
            "faults": [{"part": one.what, "fault": one.fault, **_shown(one)} for one in self._found.values()],
        }

    @property
    def _ready(self) -> bool:
        return all(one.fault in _HARMLESS for one in self._found.values())

    async def _ask_store(self) -> None:
        now = self._clock.seconds()
        if self._pinged is not None and now - self._pinged < _FRESH:
            return
        self._pinged = now
        try:
            await self._ping()
            self._store = None
        except StoreError as error:
            self._store = error

    def _check(self) -> Iterator[Finding]:
        for name in self._troubles:
            if trouble := self._trouble(name):
                yield _finding(name, *trouble)
        if error := self._store:
            fault = error.fault or Fault.OTHER
            found = _finding(fault.part, fault, error.reason)
            yield found if error.fault else replace(found, fix=error.remedy)
        if problems := self._content.problems:
            yield _finding(CONTENT, Fault.STALE, f"{Fault.STALE.cause} ({len(problems)})")

    def _trouble(self, name: str) -> Trouble | None:
        watch = self._watches.get(name)
        if watch is None:
            return Fault.STARTING, ""
        trouble = self._troubles[name]()
        if watch.ready or watch.standby:
            return trouble if trouble and trouble[0] in _HARMLESS else None
        parts = (one for part, one in self._watches.items() if part.startswith(f"{name}/"))
        for one in (watch, *(part for part in parts if part.fault is not Fault.STOPPED)):
            if one.fault:
                return one.fault, one.reason
        return trouble or (Fault.STARTING, "")

    def _note(self, found: dict[str, Finding]) -> None:
        """Keep since when each part has a fault, log what is new or over, and set the gauges."""
        now, wall = self._clock.seconds(), self._clock.wall()
        self._forget_what_is_over(found, now)
        for what, one in found.items():
            course = self._courses.setdefault(what, _Course(wall, now, one.fault in _HARMLESS))
            found[what] = replace(one, since=course.since)
            words = f"{what}: {one.cause} ({one.fault}); {one.fix}"
            due = now - course.began >= _PASSING and (not course.words or now - course.written >= _SPARING)
            if one.fault not in _LOGGED_ELSEWHERE and words != course.words and due:
                course.words, course.written = words, now
                _log.warning("%s", words)
        self._found = found
        self._set_gauges()

    def _forget_what_is_over(self, found: Mapping[str, Finding], now: float) -> None:
        for what, course in [*self._courses.items()]:
            if what not in found or (found[what].fault in _HARMLESS) is not course.harmless:
                del self._courses[what]
                if course.words:
                    over = "all menus are published" if course.harmless else "back"
                    _log.info("%s: %s after %.0f s", what, over, now - course.began)

    def _set_gauges(self) -> None:
        found = self._found
        self._metrics.ready.set(self._ready)
        for part in PARTS:
            kind = PLATFORM if part in (DISCORD, TELEGRAM) else part
            for fault in Fault:
                if fault.part == kind and (kind != PLATFORM or part in self._troubles):
                    gauge = self._metrics.fault.labels(part, fault.value)
                    gauge.set(part in found and found[part].fault is fault)


def _finding(what: str, fault: Fault, reason: str) -> Finding:
    return Finding(what, State.BROKEN, reason or fault.cause, fault.fix, fault=fault)


def _shown(found: Finding | None) -> dict[str, str | None]:
    since = found.since.isoformat(timespec="seconds") if found and found.since else None
    return {"reason": found.cause if found else "", "fix": found.fix if found else "", "since": since}
