"""Reads the trained heads and turns texts into sparse vectors for them.

A head's file holds integers only, one byte per weight, so training twice writes the same bytes. The sparse vector of a
text counts its words and letter n-grams. Its buckets come from CRC-32, which is the same on every machine, unlike
Python's salted hash.
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
"""Scales and biases are stored as integer multiples of this."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: a row of integer weights, a scale and a bias for each output."""

    rows: tuple["array[int]", ...]
    scales: tuple[float, ...]
    biases: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """A trained classifier: one linear layer, or two with a ReLU between them (`network.Network` runs those)."""

    labels: tuple[str, ...]
    layers: tuple[Layer, ...]

    def of_sparse(self, vector: Mapping[int, float]) -> dict[str, float]:
        """Return the probability of each label for a sparse vector (index to value), in plain Python.

        Works only for a head with a single layer.
        """
        (layer,) = self.layers
        values = tuple(vector.items())
        sums = (sum(row[index] * value for index, value in values) for row in layer.rows)
        scores = [total * scale + bias for total, scale, bias in zip(sums, layer.scales, layer.biases, strict=True)]
        return dict(zip(self.labels, softmax(scores), strict=True))


def softmax(scores: Sequence[float]) -> list[float]:
    """Turn scores of any size into probabilities that add up to 1."""
    top = max(scores)
    powers = [exp(score - top) for score in scores]
    whole = sum(powers)
    return [power / whole for power in powers]


def mixed(one: Mapping[str, float], other: Mapping[str, float], share: float) -> dict[str, float]:
    """Return the weighted geometric mean of two distributions over the same labels, normalised to 1.

    `share` is the weight of `other`. A label that either of them finds very unlikely stays unlikely.
    """
    raw = {label: one[label] ** (1 - share) * other[label] ** share for label in one}
    whole = sum(raw.values())
    return {label: value / whole for label, value in raw.items()}


def read(path: Path) -> Head:
    """Read a head from its JSON file.

    Raises:
        OSError: the file cannot be read.
        ValueError: the file is not JSON.
    """
    stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Head(tuple(stored["labels"]), tuple(map(layer, stored["layers"])))


def layer(stored: Mapping[str, Any]) -> Layer:
    """Decode a layer from its form in a head's file: rows in base 85, scales and biases in multiples of `UNIT`."""
    rows = []
    for text in stored["rows"]:
        row = array("b")
        row.frombytes(base64.b85decode(text))
        rows.append(row)
    scales, biases = (tuple(whole * UNIT for whole in stored[key]) for key in ("scales", "biases"))
    return Layer(tuple(rows), scales, biases)


def ngrams(text: str) -> dict[int, float]:
    """Return the sparse vector (bucket to weight, Euclidean length 1) of a normalised text.

    The features are words, pairs of neighbouring words, and runs of 2 to 4 letters within a word. The vector is empty
    for a text without letters or digits.
    """
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
