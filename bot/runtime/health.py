"""Determines which part of the process has which fault, since when and why, for `/healthz`, `/readyz`, the gauges and
the log. A check takes no longer than one query to the database.
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

_EVERY: Final = 2.0  # seconds between two checks by `keep`
_FRESH: Final = 1.0  # seconds for which a check of the database is reused
_PASSING: Final = 2.0  # seconds that a fault must last before it is logged; short interruptions and starts are not
_BETWEEN_LINES: Final = 60.0  # seconds between two log lines about the same lasting fault
_HARMLESS: Final = frozenset({Fault.STALE, Fault.INCOMPLETE})  # the bot still answers everything
_LOGGED_ELSEWHERE: Final = frozenset({Fault.STARTING, Fault.DISABLED, Fault.STOPPED, Fault.STALE})


@final
@dataclass(slots=True)
class _Course:
    """A part's fault over time. `since` and `began` (in monotonic seconds) are its start. `line` is the last log line
    about it, empty if there is none; it was logged at `logged`, in monotonic seconds.
    """

    since: datetime
    began: float
    harmless: bool
    line: str = ""
    logged: float = 0.0


@final
class Health:
    """Checks the platforms, the database and the content. Logs one line when a fault begins and one when it is over,
    regardless of the number of checks. In between, logs a changed cause at most once a minute.

    `troubles` has a function for each platform with a token; it returns why the platform runs but is not ready.
    `watches` are the supervisor's: the started platforms and their parts (such as `discord/1`). `ping` raises
    StoreError if the database fails.
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
        self._findings: dict[str, Finding] = {}  # by part, as are the courses
        self._courses: dict[str, _Course] = {}
        self._pinged: float | None = None
        self._store: StoreError | None = None

    async def keep(self) -> None:
        """Check every 2 s until cancelled, so that log and gauges show faults even if nobody requests a check."""
        while True:
            await self.state()
            await self._clock.sleep(_EVERY)

    async def state(self) -> dict[str, Any]:
        """Check everything; returns the JSON of `/healthz` and `/readyz`. The process stays ready if the content has
        mistakes, because it serves the last good version, and if a platform did not accept a menu.
        """
        await self._ask_store()
        self._record({one.what: one for one in self._check()})
        findings, content = self._findings, self._content
        return {
            "ready": self._ready,
            "version": version(),
            "platforms": {
                name: {"ready": watch.ready, "state": watch.state, **_shown(findings.get(name))}
                for name, watch in self._watches.items()
                if name in self._troubles
            },
            STORE: {"ready": STORE not in findings, **_shown(findings.get(STORE))},
            CONTENT: {
                "revision": content.edition.catalog.revision,
                "last_good_version": bool(content.problems),
                "problems": [str(problem) for problem in content.problems[:MOST_SHOWN]],
            },
            "faults": [{"part": one.what, "fault": one.fault, **_shown(one)} for one in findings.values()],
        }

    @property
    def _ready(self) -> bool:
        return all(one.fault in _HARMLESS for one in self._findings.values())

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
            finding = _finding(fault.part, fault, error.reason)
            yield finding if error.fault else replace(finding, fix=error.remedy)
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

    def _record(self, findings: dict[str, Finding]) -> None:
        """Add to the findings since when each lasts, log faults that are new or over, and set the gauges."""
        now, wall = self._clock.seconds(), self._clock.wall()
        self._end_courses(findings, now)
        for what, one in findings.items():
            course = self._courses.setdefault(what, _Course(wall, now, one.fault in _HARMLESS))
            findings[what] = replace(one, since=course.since)
            line = f"{what}: {one.cause} ({one.fault}); {one.fix}"
            due = now - course.began >= _PASSING and (not course.line or now - course.logged >= _BETWEEN_LINES)
            if one.fault not in _LOGGED_ELSEWHERE and line != course.line and due:
                course.line, course.logged = line, now
                _log.warning("%s", line)
        self._findings = findings
        self._set_gauges()

    def _end_courses(self, findings: Mapping[str, Finding], now: float) -> None:
        """Remove the courses of faults that are over, and log their end if their start was logged."""
        for what, course in [*self._courses.items()]:
            if what not in findings or (findings[what].fault in _HARMLESS) is not course.harmless:
                del self._courses[what]
                if course.line:
                    over = "all menus are published" if course.harmless else "back"
                    _log.info("%s: %s after %.0f s", what, over, now - course.began)

    def _set_gauges(self) -> None:
        findings = self._findings
        self._metrics.ready.set(self._ready)
        for part in PARTS:
            kind = PLATFORM if part in (DISCORD, TELEGRAM) else part
            for fault in Fault:
                if fault.part == kind and (kind != PLATFORM or part in self._troubles):
                    gauge = self._metrics.fault.labels(part, fault.value)
                    gauge.set(part in findings and findings[part].fault is fault)


def _finding(what: str, fault: Fault, reason: str) -> Finding:
    return Finding(what, State.BROKEN, reason or fault.cause, fault.fix, fault=fault)


def _shown(finding: Finding | None) -> dict[str, str | None]:
    since = finding.since.isoformat(timespec="seconds") if finding and finding.since else None
    return {"reason": finding.cause if finding else "", "fix": finding.fix if finding else "", "since": since}
