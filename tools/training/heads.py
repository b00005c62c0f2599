"""Writes what was trained in the form that `bot.matching.classifier` reads."""

from __future__ import annotations

import base64
import json
from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.matching.classifier import UNIT, Layer, layer

Weights = tuple[Sequence[Sequence[float]], Sequence[float]]
"""A layer as it was trained: its rows, one an output, and their biases."""


def write(path: Path, labels: Sequence[str], layers: Sequence[Weights]) -> None:
    """Round the weights of each layer to a byte, and keep them."""
    kept = {"labels": list(labels), "layers": [_rounded(*one) for one in layers]}
    path.write_text(json.dumps(kept, indent=0) + "\n", encoding="utf-8")


def rounded(layers: Sequence[Weights]) -> tuple[Layer, ...]:
    """Trained layers as they would be read back."""
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
