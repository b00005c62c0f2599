"""Finds explainers that the heads were not trained on, by the questions that their writers put beside them.

With the encoder (`network.by_meaning`) it is a linear discriminant: `topics.json` holds a space in which the texts of
each trained topic spread evenly, and the middle of each topic. The middle of a new explainer's questions stands beside
those, and a text belongs to the new one when it is nearer by a margin. In a pack that has no heads of its own there are
no middles to be nearer than: the nearest question decides. Without the encoder the words decide.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from math import erf, exp, sqrt

from bot.core.typed import spelling
from bot.matching.classifier import ngrams

DRAWN_AWAY = 0.01
"""The share of other topics' questions that a new one may take if texts spread as evenly as is assumed; they do not,
and it takes about twice as many (docs/matching.md)."""
ALIKE = 0.45
"""The cosine of words and letter runs from which a text is taken for one of the questions, without the encoder."""
ALIKE_IN_MEANING = 0.55
"""The same for vectors of the encoder as a pack without heads of its own compares them."""
ALIKE_IN_WORDS = 0.75
"""The same for a question beside an answer that the heads were trained on: hardly a word may differ."""
ASKED_FOR = 0.5
"""How surely a text asks for an explainer by its questions when that is the answer."""
_STEEP = 12.0

Finder = Callable[[str, Sequence[float] | None], Mapping[str, float]]
"""How surely a text and its vector ask for each explainer, by command."""


def cosine(one: Mapping[int, float], other: Mapping[int, float]) -> float:
    """How like two sparse vectors of length 1 are."""
    return sum(weight * other.get(bucket, 0.0) for bucket, weight in one.items())


def by_likeness(
    known: Mapping[str, Sequence[Mapping[int, float]]], alike: float
) -> Callable[[Mapping[int, float]], dict[str, float]]:
    """Compares sparse vectors of length 1 with `known`, those of each explainer's questions; `alike` is the cosine of
    texts that ask the same. Gives by command a number from 0 to 1; from .5 on the text is taken for a question for it.
    """

    def likely(profile: Mapping[int, float]) -> dict[str, float]:
        best = {command: max(cosine(profile, line) for line in lines) for command, lines in known.items()}
        return {command: as_share(_STEEP * (like - alike)) for command, like in best.items()}

    return likely


def by_words(questions: Mapping[str, Sequence[str]], alike: float = ALIKE) -> Callable[[str], dict[str, float]]:
    """The same for texts, by their words and letter runs. Texts and questions are made fit to read."""
    likely = by_likeness({command: list(map(ngrams, lines)) for command, lines in questions.items()}, alike)
    return lambda text: likely(ngrams(text))


def or_in_words(find: Finder, questions: Mapping[str, Sequence[str]], trained: Collection[str]) -> Finder:
    """The same, but a text that is one of these questions asks for its explainer and no other, and one that is nearly a
    question beside a trained explainer asks for that too.
    """
    exact = {spelling(line): command for command, lines in questions.items() for line in lines}
    nearly = by_words({one: questions[one] for one in trained}, ALIKE_IN_WORDS)

    def found(text: str, vector: Sequence[float] | None) -> Mapping[str, float]:
        if command := exact.get(spelling(text)):
            return {command: 1.0}
        return {**find(text, vector), **{one: like for one, like in nearly(text).items() if like >= ASKED_FOR}}

    return found if questions else find


def as_share(surplus: float) -> float:
    """What goes beyond a threshold as a number from 0 to 1; the threshold itself is .5."""
    return 1 / (1 + exp(-max(-50.0, min(50.0, surplus))))


def threshold(distances: Sequence[float]) -> float:
    """The margin from which a text belongs to a new topic whose middle lies at those squared distances from others.

    If a topic's texts spread with variance 1 in each direction, the margin of those of a topic at the squared distance
    d is normally distributed with mean -d/2 and variance d.
    """
    low, high = -200.0, 200.0
    for _ in range(40):
        middle = (low + high) / 2
        taken = sum(0.5 * (1 - erf((middle + d / 2) / sqrt(2 * max(d, 1e-9)))) for d in distances) / len(distances)
        low, high = (middle, high) if taken > DRAWN_AWAY else (low, middle)
    return high
