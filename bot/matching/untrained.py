"""Matches explainers that the heads were not trained on, using the questions listed in their files.

With the encoder this is a linear discriminant (`network.by_meaning`). `topics.json` defines a space in which the texts
of every trained topic have the same spread, and the mean of each topic. A text belongs to a new explainer if it is
nearer to the mean of that explainer's questions than to any topic's mean, by a margin. A pack without its own heads has
no topics to compare with, so the most similar question decides. Without the encoder, similar words decide.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from math import erf, exp, sqrt

from bot.core.command_text import spelling
from bot.matching.classifier import ngrams

DRAWN_AWAY = 0.01
"""The share of other topics' questions that a new explainer may take over, if every topic had the same spread. In
practice it takes about twice as many (docs/matching.md)."""
ALIKE = 0.45
"""The lowest cosine of words and letter n-grams at which a text counts as one of the questions, without the encoder."""
ALIKE_IN_MEANING = 0.55
"""The lowest cosine of the encoder's vectors for that, in a pack without its own heads."""
ALIKE_IN_WORDS = 0.75
"""The lowest cosine of words for a question of an explainer that was trained: hardly a word may differ."""
ASKED_FOR = 0.5
"""The lowest score at which a text counts as a question for an explainer."""
_STEEP = 12.0  # how fast the score changes with the cosine

Finder = Callable[[str, Sequence[float] | None], Mapping[str, float]]
"""Takes a text and its vector (None without the encoder), and scores explainers from 0 to 1, by command."""


def cosine(one: Mapping[int, float], other: Mapping[int, float]) -> float:
    """Return the cosine similarity of two sparse vectors of length 1."""
    return sum(weight * other.get(bucket, 0.0) for bucket, weight in one.items())


def by_likeness(
    known: Mapping[str, Sequence[Mapping[int, float]]], alike: float
) -> Callable[[Mapping[int, float]], dict[str, float]]:
    """Return a function that scores explainers by the question most similar to a text.

    `known` has the vectors of each explainer's questions, `alike` is the cosine at which two texts ask the same. All
    vectors are sparse and of length 1. The function takes a text's vector and returns a number from 0 to 1 for each
    command; from .5 the text counts as a question for that explainer.
    """

    def scores(profile: Mapping[int, float]) -> dict[str, float]:
        best = {command: max(cosine(profile, line) for line in lines) for command, lines in known.items()}
        return {command: as_share(_STEEP * (similarity - alike)) for command, similarity in best.items()}

    return scores


def by_words(questions: Mapping[str, Sequence[str]], alike: float = ALIKE) -> Callable[[str], dict[str, float]]:
    """Return a function that scores explainers as `by_likeness` does, by words and letter n-grams.

    Texts and questions must be normalised and without disguises (`normalise.undisguised`).
    """
    scores = by_likeness({command: list(map(ngrams, lines)) for command, lines in questions.items()}, alike)
    return lambda text: scores(ngrams(text))


def with_exact_questions(find: Finder, questions: Mapping[str, Sequence[str]], trained: Collection[str]) -> Finder:
    """Return a finder that compares a text with the wording of all `questions`, beside what `find` returns.

    A text that is one of the questions scores 1 for its explainer and nothing for the others. A text that is almost a
    question of a `trained` explainer also gets a score for that one.
    """
    exact = {spelling(line): command for command, lines in questions.items() for line in lines}
    trained_scores = by_words({command: questions[command] for command in trained}, ALIKE_IN_WORDS)

    def scores(text: str, vector: Sequence[float] | None) -> Mapping[str, float]:
        if command := exact.get(spelling(text)):
            return {command: 1.0}
        almost = {command: score for command, score in trained_scores(text).items() if score >= ASKED_FOR}
        return {**find(text, vector), **almost}

    return scores if questions else find


def as_share(surplus: float) -> float:
    """Turn the distance from a threshold into a number from 0 to 1; 0 becomes .5."""
    return 1 / (1 + exp(-max(-50.0, min(50.0, surplus))))


def threshold(distances: Sequence[float]) -> float:
    """Return the margin at which a text belongs to a new topic instead of a trained one.

    `distances` are the squared distances from the new topic's mean to the others. The margin lets at most the share
    `DRAWN_AWAY` of the other topics' texts through. If a topic's texts have variance 1 in each direction, the margin of
    the texts of a topic at the squared distance d is normally distributed with mean -d/2 and variance d.
    """
    low, high = -200.0, 200.0
    for _ in range(40):
        middle = (low + high) / 2
        taken = sum(0.5 * (1 - erf((middle + d / 2) / sqrt(2 * max(d, 1e-9)))) for d in distances) / len(distances)
        low, high = (middle, high) if taken > DRAWN_AWAY else (low, middle)
    return high
