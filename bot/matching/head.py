"""The trained softmax layer: a vector to the probability of each label, in plain Python.

Its one law: the file holds whole numbers only (one byte a weight), so that training twice gives the same bytes.
"""

from __future__ import annotations

import base64
import json
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from operator import mul
from pathlib import Path
from typing import Any

UNIT = 2.0**-20
"""Scales and biases are kept as whole multiples of this."""


@dataclass(frozen=True, slots=True)
class Head:
    """Rows of weights, one a label, each with its scale and bias."""

    labels: tuple[str, ...]
    rows: tuple[array[int], ...]
    scales: tuple[float, ...]
    biases: tuple[float, ...]

    def of_dense(self, vector: Sequence[float]) -> dict[str, float]:
        """Probability by label for a vector as long as a row."""
        return self._softmax([sum(map(mul, row, vector)) for row in self.rows])

    def of_sparse(self, vector: Mapping[int, float]) -> dict[str, float]:
        """Probability by label for a vector given by its non-zero places."""
        places = vector.items()
        return self._softmax([sum(row[at] * value for at, value in places) for row in self.rows])

    def _softmax(self, sums: list[float]) -> dict[str, float]:
        scores = [total * scale + bias for total, scale, bias in zip(sums, self.scales, self.biases, strict=True)]
        top = max(scores)
        powers = [exp(score - top) for score in scores]
        whole = sum(powers)
        return {label: power / whole for label, power in zip(self.labels, powers, strict=True)}


def read(path: Path) -> Head:
    """The head in that file. OSError where there is none, ValueError where it is not one."""
    kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    rows = []
    for text in kept["rows"]:
        row = array("b")
        row.frombytes(base64.b85decode(text))
        rows.append(row)
    return Head(
        tuple(kept["labels"]),
        tuple(rows),
        tuple(whole * UNIT for whole in kept["scales"]),
        tuple(whole * UNIT for whole in kept["biases"]),
    )


def write(path: Path, labels: Sequence[str], weights: Sequence[Sequence[float]], biases: Sequence[float]) -> None:
    """Round the weights to a byte each, by label, and keep them."""
    scales = [max(1, round(max(abs(weight) for weight in row) / 127 / UNIT)) for row in weights]
    rows = [
        array("b", (round(weight / (scale * UNIT)) for weight in row)).tobytes()
        for row, scale in zip(weights, scales, strict=True)
    ]
    kept = {
        "labels": list(labels),
        "scales": scales,
        "biases": [round(bias / UNIT) for bias in biases],
        "rows": [base64.b85encode(row).decode() for row in rows],
    }
    path.write_text(json.dumps(kept, indent=0) + "\n", encoding="utf-8")
