"""The two-layer head for the encoder's vectors, run by numpy, which comes with the encoder.

Its one law: it only reads what `head` keeps, so that the same bytes give the same answers within float rounding.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.matching.head import Head, softmax


class Network:
    """A head's layers as matrices."""

    def __init__(self, head: Head) -> None:
        self._labels = head.labels
        self._layers = [
            (np.array(layer.rows, dtype=np.float64) * np.array(layer.scales)[:, None], np.array(layer.biases))
            for layer in head.layers
        ]

    def of_dense(self, vector: Sequence[float]) -> dict[str, float]:
        """Probability by label of a vector as long as a row of the first layer."""
        values = np.asarray(vector, dtype=np.float64)
        for number, (weights, biases) in enumerate(self._layers):
            values = weights @ (np.maximum(values, 0) if number else values) + biases
        return dict(zip(self._labels, softmax(values.tolist()), strict=True))
