"""The log of faults: a line when one begins and one when it is over, however often somebody looks."""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final, final

from bot.core.faults import Fault, Finding

_log = logging.getLogger(__name__)

HARMLESS: Final = frozenset({Fault.STALE, Fault.INCOMPLETE})
"""With these alone everything is answered, so the process is ready."""

_PASSING: Final = 2.0  # seconds that a fault lasts before it is logged, so that short drops and starts are not
_SPARING: Final = 60.0  # seconds between two lines about one fault that goes on
_LOGGED_ELSEWHERE: Final = frozenset({Fault.STARTING, Fault.DISABLED, Fault.STOPPED, Fault.STALE})


@final
@dataclass(slots=True)
class _Course:
    """A part's fault: when it began, the last line about it, and when that was written, in seconds."""

    began: float
    words: str = ""
    written: float = 0.0


@final
class FaultLog:
    """Logs what is new and what is over. While a part is at fault, a changed cause is logged at most once a minute.

    `clock` gives monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._courses: dict[tuple[str, bool], _Course] = {}  # by part, and whether its fault is harmless

    def look(self, found: Collection[Finding]) -> None:
        """Log what changed; these are all faults of now."""
        now = self._clock()
        for what, harmless in self._courses.keys() - {_key(one) for one in found}:
            course = self._courses.pop((what, harmless))
            if course.words:
                over = "all menus are published" if harmless else "back"
                _log.info("%s: %s after %.0f s", what, over, now - course.began)
        for one in found:
            course = self._courses.setdefault(_key(one), _Course(now))
            words = f"{one.what}: {one.cause} ({one.fault}); {one.fix}"
            lasts, rested = now - course.began >= _PASSING, not course.words or now - course.written >= _SPARING
            if one.fault not in _LOGGED_ELSEWHERE and words != course.words and lasts and rested:
                course.words, course.written = words, now
                _log.warning("%s", words)


def _key(one: Finding) -> tuple[str, bool]:
    return one.what, one.fault in HARMLESS
