"""When newcomers are greeted, and whom by name: pure, and told the time. Its law: every join is counted once, a
window holds a handful of names at most, and in a raid none.
"""

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import final

from bot.core.markup import plain
from bot.core.spans import Text

LONGEST_NAME = 32  # characters shown of a name
NAMELESS = Text("…")  # a name of which nothing can be shown


@final
@dataclass(frozen=True, slots=True)
class Join:
    """Somebody, by id and by the name they gave themselves, came `at` that time (with a time zone)."""

    member: str
    name: str
    at: datetime


@final
@dataclass(frozen=True, slots=True)
class Rules:
    """When to greet: `quiet` seconds after the last join, at most `longest` after the first, with up to `names`.

    More than `raid` joins within `spell` seconds are a raid, which is over `calm` seconds after it last was one.
    """

    quiet: float = 20.0
    longest: float = 90.0
    names: int = 5
    raid: int = 20
    spell: float = 60.0
    calm: float = 60.0


RULES = Rules()


@final
@dataclass(frozen=True, slots=True)
class Gathered:
    """Who is to be greeted together: `count` people who came up to `until`, some of them by name, none in a raid."""

    count: int
    names: tuple[Text, ...]
    until: datetime
    raid: bool = False


@final
class JoinWindow:
    """Gathers the joins of one community. `now` counts seconds and never goes back; the same clock everywhere."""

    def __init__(self, rules: Rules = RULES) -> None:
        self._rules = rules
        self._latest: deque[float] = deque(maxlen=rules.raid + 1)
        self._named: dict[str, Text] = {}
        self._count, self._first, self._raid = 0, 0.0, False
        self._until: datetime | None = None
        self.due: float | None = None  # when to greet; None while nobody waits

    @property
    def raid(self) -> bool:
        """Whether those who wait came in a raid, so that nobody will be named."""
        return self._raid

    @property
    def wake(self) -> float | None:
        """When to look again: as greeting is due, or when the joins no longer tell a raid and can be forgotten. Who
        comes meanwhile is due `quiet` seconds after that at the earliest."""
        if self.due is not None:
            return self.due
        return self._latest[-1] + self._rules.spell if self._latest else None

    def add(self, join: Join, now: float) -> None:
        """Somebody came. One who waits here by name already is not counted again."""
        if join.member in self._named:
            return
        self._latest.append(now)
        self._schedule(now)
        self._count += 1
        self._until = join.at if self._until is None else max(self._until, join.at)
        if not self._raid and len(self._named) < self._rules.names:
            name = plain(join.name, LONGEST_NAME)
            self._named[join.member] = name if name.text else NAMELESS

    def _schedule(self, now: float) -> None:
        rules = self._rules
        if len(self._latest) > rules.raid and now - self._latest[0] < rules.spell:
            self._raid, self.due = True, now + rules.calm
            self._named.clear()
        elif self.due is None:
            self._first, self.due = now, now + rules.quiet
        elif not self._raid and now < self.due:
            self.due = min(now + rules.quiet, self._first + rules.longest)

    def take(self) -> Gathered | None:
        """Everybody who waits, due or not; nobody waits afterwards."""
        if self._until is None:
            return None
        gathered = Gathered(self._count, tuple(self._named.values()), self._until, self._raid)
        self._named.clear()
        self._count, self._raid, self._until, self.due = 0, False, None, None
        return gathered
