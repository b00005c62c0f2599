"""The trained layers: a vector to the probability of each label.

The files hold whole numbers only, one byte a weight, so that training twice gives the same bytes.
"""

from __future__ import annotations

import base64
import json
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path
from typing import Any

UNIT = 2.0**-20
"""Scales and biases are kept as whole multiples of this."""


@dataclass(frozen=True, slots=True)
class Layer:
    """Rows of weights, one an output, each with its scale and bias."""

    rows: tuple[array[int], ...]
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
