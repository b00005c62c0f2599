"""Writes trained heads (classifiers) in the format that `bot.matching.classifier` reads."""

from __future__ import annotations

import base64
import json
from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.matching.classifier import UNIT, Layer, layer

Weights = tuple[Sequence[Sequence[float]], Sequence[float]]
"""A trained layer: a row of weights and a bias for each output."""


def write(path: Path, labels: Sequence[str], layers: Sequence[Weights]) -> None:
    """Write a head to a JSON file, its weights rounded to one byte each."""
    head = {"labels": list(labels), "layers": [_rounded(*one) for one in layers]}
    path.write_text(json.dumps(head, indent=0) + "\n", encoding="utf-8")


def rounded(layers: Sequence[Weights]) -> tuple[Layer, ...]:
    """The layers as they would be after writing and reading them."""
    return tuple(layer(_rounded(*one)) for one in layers)


def _rounded(weights: Sequence[Sequence[float]], biases: Sequence[float]) -> dict[str, Any]:
    scales = [max(1, round(max(abs(weight) for weight in row) / 127 / UNIT)) for row in weights]
    rows = [
        array("b", (max(-127, min(127, round(weight / (scale * UNIT)))) for weight in row)).tobytes()
        for row, scale in zip(weights, scales, strict=True)
    ]
    return {
        "scales": scales,
        "biases": [round(bias / UNIT) for bias in biases],
        "rows": [base64.b85encode(row).decode() for row in rows],
    }
