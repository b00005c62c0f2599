"""The question box: any text to one outcome, by rules, names and the trained head.

Its one law: the event loop is never held; the encoder is asked in a thread, one sentence at a time.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.guard import guard, normalise
from bot.core.model import Match, Outcome, Suggestion
from bot.core.ports import Encoder
from bot.matching import encoder as encoders
from bot.matching import head as heads
from bot.matching.clauses import last_clause
from bot.matching.decision import Reading, Thresholds, decide, hung
from bot.matching.head import Head
from bot.matching.names import NameIndex, Names
from bot.matching.ngrams import ngrams
from bot.matching.veto import veto

if TYPE_CHECKING:
    from bot.matching.network import Network  # needs numpy, which is there only with the encoder

HERE = Path(__file__).parent
MEANING_HEAD = HERE / "meaning.json"
LETTERS_HEAD = HERE / "letters.json"

BOTH = Thresholds(policy=0.5, sure=0.35, maybe=0.9, doubt=0.2, overrule=0.6, wish=0.6)
LETTERS_ONLY = Thresholds(policy=0.3, sure=0.5, maybe=0.75, doubt=0.15, overrule=1.1, wish=0.75)
LETTERS_SHARE = 0.4
"""How much the letters weigh beside the meaning where there is both."""
_EXPLAINED = frozenset({Outcome.EXPLAINER, Outcome.SUGGEST})


@dataclass(frozen=True, slots=True)
class Engine:
    """What reads a text once rules and names have had their say: its letters always, its meaning where it can."""

    letters: Head
    meaning: Network | None = None
    encoder: Encoder | None = None

    @property
    def thresholds(self) -> Thresholds:
        """Letters alone are less often sure."""
        return BOTH if self.encoder else LETTERS_ONLY

    def likely(self, text: str) -> Mapping[str, float]:
        """Probability by label of a normalised text. Blocking."""
        by_letters = self.glance(text)
        if self.encoder is None or self.meaning is None:
            return by_letters
        by_meaning = self.meaning.of_dense(self.encoder.encode(text.casefold()))
        return mixed(by_meaning, by_letters, LETTERS_SHARE)

    def glance(self, text: str) -> Mapping[str, float]:
        """The same by its letters alone, in a twentieth of the time: enough where only the playground shows it."""
        return self.letters.of_sparse(ngrams(text.casefold()))


def mixed(one: Mapping[str, float], other: Mapping[str, float], share: float) -> dict[str, float]:
    """Two opinions as one: their weighted geometric mean, so that what either thinks absurd stays unlikely."""
    raw = {label: one[label] ** (1 - share) * other[label] ** share for label in one}
    whole = sum(raw.values())
    return {label: value / whole for label, value in raw.items()}


def load_engine(semantic: bool = True) -> Engine:
    """The best engine this machine has, or the fallback at wish. Blocking (.1 s): call it off the event loop."""
    letters = heads.read(LETTERS_HEAD)
    encoder = encoders.load() if semantic else None
    if encoder is None:
        return Engine(letters)
    from bot.matching.network import Network

    return Engine(letters, Network(heads.read(MEANING_HEAD)), encoder)


class Matcher:
    """Takes questions about the explainers that `names` tells of."""

    def __init__(self, names: Callable[[], Names], load: Callable[[], Engine]) -> None:
        """`names` is asked at every question, so that new content counts at once; `load` once, at the first."""
        self._names_now = names
        self._index = NameIndex({})
        self._load = load
        self._one_at_a_time = threading.Lock()

    @cached_property
    def engine(self) -> Engine:
        """What reads a text; loading it blocks, so whoever serves asks for it in a thread first."""
        return self._load()

    def warm(self) -> None:
        """Load the engine now. Blocking: in a process that serves, call it in a thread."""
        _ = self.engine

    async def match(self, text: str) -> Match:
        """What the text asks for; any text, and it never raises on one."""
        return await asyncio.to_thread(self.match_now, text)

    def match_now(self, text: str) -> Match:
        """The same, blocking for some 15 ms: for the command line and for tests."""
        read = normalise(text)
        index = self._names
        finding, named = guard(text), index.exact(read)
        likely = self._likely(read, settled=bool(finding or named)) if read else {}
        reading = Reading(finding, named, veto(read), likely, _nearest(index, likely, named))
        found = decide(reading, self.engine.thresholds)
        clause = last_clause(read) if found.outcome in _EXPLAINED and not named else None
        return hung(found, self._likely(clause), self.engine.thresholds) if clause else found

    def _likely(self, text: str, settled: bool = False) -> Mapping[str, float]:
        with self._one_at_a_time:
            return self.engine.glance(text) if settled else self.engine.likely(text)

    def suggest(self, text: str, limit: int) -> tuple[Suggestion, ...]:
        """The explainers nearest to what was typed so far, best first; never empty. Fast and synchronous."""
        return self._names.suggest(text, limit)

    @property
    def _names(self) -> NameIndex:
        names = self._names_now()
        if names != self._index.names:
            self._index = NameIndex(names)
        return self._index


def _nearest(index: NameIndex, likely: Mapping[str, float], named: str | None) -> tuple[Suggestion, ...]:
    scores = {command: 1.0 if command == named else likely.get(command, 0.0) for command in index.names}
    ranked = sorted(scores, key=lambda command: -scores[command])
    return tuple(Suggestion(command, index.title(command), scores[command]) for command in ranked)
