"""The trained layers: a vector to the probability of each label.

The files hold whole numbers only, one byte a weight, so that training twice gives the same bytes. Without an encoder a
text is a sparse vector of its words and letter runs: the same on every machine (CRC-32, never Python's salted hash).
"""

import base64
import json
import re
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, sqrt
from pathlib import Path
from typing import Any
from zlib import crc32

from bot.core.normalise import fold

BUCKETS = 8192
_WORD = re.compile(r"\w+")
_LONGEST_WORD = 40
UNIT = 2.0**-20
"""Scales and biases are kept as whole multiples of this."""


@dataclass(frozen=True, slots=True)
class Layer:
    """Rows of weights, one an output, each with its scale and bias."""

    rows: tuple["array[int]", ...]
    scales: tuple[float, ...]
    biases: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """One layer, or two with everything below nothing cut off between them (`network` runs those)."""

    labels: tuple[str, ...]
    layers: tuple[Layer, ...]

    def of_sparse(self, vector: Mapping[int, float]) -> dict[str, float]:
        """Probability by label of a vector given by its non-zero places, in plain Python, by the one layer."""
        (layer,) = self.layers
        places = tuple(vector.items())
        sums = (sum(row[at] * value for at, value in places) for row in layer.rows)
        scores = [total * scale + bias for total, scale, bias in zip(sums, layer.scales, layer.biases, strict=True)]
        return dict(zip(self.labels, softmax(scores), strict=True))


def softmax(scores: Sequence[float]) -> list[float]:
    """Scores of any size to shares of 1."""
    top = max(scores)
    powers = [exp(score - top) for score in scores]
    whole = sum(powers)
    return [power / whole for power in powers]


def mixed(one: Mapping[str, float], other: Mapping[str, float], share: float) -> dict[str, float]:
    """Two opinions as one: their weighted geometric mean, so that what either thinks absurd stays unlikely."""
    raw = {label: one[label] ** (1 - share) * other[label] ** share for label in one}
    whole = sum(raw.values())
    return {label: value / whole for label, value in raw.items()}


def read(path: Path) -> Head:
    """The head in that file. OSError where there is none, ValueError where it is not one."""
    kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Head(tuple(kept["labels"]), tuple(map(layer, kept["layers"])))


def layer(kept: Mapping[str, Any]) -> Layer:
    """A layer as a head's file keeps it."""
    rows = []
    for text in kept["rows"]:
        row = array("b")
        row.frombytes(base64.b85decode(text))
        rows.append(row)
    return Layer(
        tuple(rows), tuple(whole * UNIT for whole in kept["scales"]), tuple(whole * UNIT for whole in kept["biases"])
    )


def ngrams(text: str) -> dict[int, float]:
    """Bucket to weight, of length 1 in all; empty for a text without letters. Takes normalised text."""
    counts = Counter(crc32(gram.encode()) % BUCKETS for gram in set(_grams(fold(text))))
    length = sqrt(sum(count * count for count in counts.values()))
    return {bucket: count / length for bucket, count in sorted(counts.items())}


def _grams(text: str) -> Iterator[str]:
    words = [word[:_LONGEST_WORD] for word in _WORD.findall(text)]
    for word in words:
        yield f"w{word}"
        padded = f" {word} "
        for size in (2, 3, 4):
            yield from (padded[start : start + size] for start in range(len(padded) - size + 1))
    yield from (f"{one}_{two}" for one, two in pairwise(words))
