"""What a row of a backup must be: as strict as the commands and the platforms that write such rows."""

import re
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, final

from bot.core.community import LONGEST_PAUSE, MOST_CHANNELS, PinState
from bot.core.errors import BadInput
from bot.core.greeting_line import checked
from bot.core.model import DISCORD, PLAYGROUND, TELEGRAM, Outcome, Right, Risk

_ID: Final[Mapping[str, re.Pattern[str]]] = {
    DISCORD: re.compile(r"[0-9]{1,20}"),
    TELEGRAM: re.compile(r"-?[0-9]{1,20}"),
    PLAYGROUND: re.compile(r"[a-z0-9-]{1,32}"),
}
_PLACES: Final = ("welcome_channel", "welcome_thread", "greeting_channel", "greeting_thread", "greeting_message")
_IDS: Final = ("id", "community", "channel", "thread", "message", *_PLACES)
_NEEDS: Final = (
    ("welcome_thread", "welcome_channel"),
    ("greeting_thread", "greeting_channel"),
    ("greeting_channel", "greeting_message"),
    ("greeting_message", "greeting_channel"),
)
_FIRST, _LAST = 2015, 2100  # the platforms' bots are younger, and no row is from the future
_FARTHEST: Final = timedelta(hours=14)  # from UTC that any place on earth is


def _named(value: str) -> bool:
    return re.fullmatch(r"[A-Za-z0-9_-]{1,64}", value) is not None


def _command(value: str) -> bool:
    return re.fullmatch(r"[a-z0-9_-]{0,64}", value) is not None


def _day(value: date) -> bool:
    return _FIRST <= value.year < _LAST


def _moment(value: datetime) -> bool:
    return _day(value) and abs(value.utcoffset() or timedelta()) <= _FARTHEST


_MUST: Final[Mapping[str, tuple[Callable[[Any], bool], str]]] = {
    "risk_floor": (lambda value: value in [*Risk], "1, 2 or 3"),
    "cooldown": (lambda value: 0 <= value <= LONGEST_PAUSE, f"a number of seconds from 0 to {LONGEST_PAUSE}"),
    "state": (lambda value: value in [*PinState], f"one of {', '.join(PinState)}"),
    "outcome": (lambda value: value in [*Outcome], f"one of {', '.join(Outcome)}"),
    "missing": (lambda value: 0 <= value <= (~Right.NONE).value, "a set of rights, as a number"),
    "times": (lambda value: value > 0, "a number from 1 on"),
    "command": (_command, "a command's name"),
    "digest": (_named, "a digest"),
    "hash": (_named, "a hash"),
    "scope": (_named, "an id"),
    "day": (_day, f"a day from {_FIRST} to {_LAST - 1}"),
    "left_on": (_day, f"a day from {_FIRST} to {_LAST - 1}"),
    "greeted_until": (_moment, f"a time from {_FIRST} to {_LAST - 1} with an offset of at most 14 hours"),
}


@final
@dataclass(frozen=True, slots=True)
class RowRules:
    """`languages` are those the content has; `fault_in_line` gives what in a moderators' line must not stand in a
    greeting (None: nothing), as for `/welcome message`."""

    languages: Container[str]
    fault_in_line: Callable[[str], str | None]

    def faults(self, row: Mapping[str, Any]) -> Iterator[str]:
        """What is wrong with a row whose values have the right types."""
        known = {column: value for column, value in row.items() if value is not None}
        pattern = _ID.get(known["platform"])
        if pattern is None:
            yield _must("platform", f"one of {', '.join(_ID)}")
            return
        for column in known.keys() & _IDS:
            if not pattern.fullmatch(known[column]) and (column, known[column]) != ("thread", ""):
                yield _must(column, f"an id of {known['platform']}")
        channels = known.get("channels", [])
        if len(channels) > MOST_CHANNELS or not all(map(pattern.fullmatch, channels)):
            yield _must("channels", f"at most {MOST_CHANNELS} ids of {known['platform']}")
        for column in known.keys() & _MUST:
            holds, words = _MUST[column]
            if not holds(known[column]):
                yield _must(column, words)
        for column, needed in _NEEDS:
            if column in known and needed not in known:
                yield f"{column} is of no use without {needed}"
        if known.get("locale", "en") not in self.languages:
            yield _must("locale", "a language that the content has")
        if line := known.get("welcome_line"):
            yield from self._faults_of_line(line)

    def _faults_of_line(self, line: str) -> Iterator[str]:
        try:
            if checked(line, self.fault_in_line) != line:
                yield _must("welcome_line", "one line of visible characters")
        except BadInput as bad:
            why = bad.key.removeprefix("welcome-message-")
            yield f"welcome_line cannot have that value: /welcome message refuses it ({why}); null is the usual line"


def _must(column: str, words: str) -> str:
    return f"{column} cannot have that value: it must be {words}"
