"""Trains the heads with Adam, in numpy, on shuffled mini-batches.

The same rows give the same weights, because all random numbers come from seeded generators.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import cos, pi
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.matching.classifier import BUCKETS
from tools.training.heads import Weights

Matrix = NDArray[np.floating[Any]]

_SHRINKAGE = 0.3  # the share of the mean variance added in each direction; .03 to .3 make no relevant difference


class Sparse:
    """A sparse matrix, made of rows that map columns to values."""

    def __init__(self, rows: Sequence[Mapping[int, float]]) -> None:
        self.rows = len(rows)
        filled = [row or {0: 0.0} for row in rows]
        self._columns = np.array([place for row in filled for place in row])
        self._values = np.array([value for row in filled for value in row.values()], dtype=np.float32)[:, None]
        sizes = np.array([len(row) for row in filled])
        self._starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        owners = np.repeat(np.arange(self.rows), sizes)
        order = np.argsort(self._columns, kind="stable")
        self._owners, self._transposed = owners[order], self._values[order]
        self._used, self._column_starts = np.unique(self._columns[order], return_index=True)

    def times(self, weights: Matrix) -> Matrix:
        """The product with a matrix of weights (columns × labels), as rows × labels."""
        sums: Matrix = np.add.reduceat(self._values * weights[self._columns], self._starts, axis=0)
        return sums

    def transposed_times(self, gradients: Matrix) -> Matrix:
        """The product of the transpose with a matrix of gradients (rows × labels), as buckets × labels."""
        full = np.zeros((BUCKETS, gradients.shape[1]), dtype=np.float32)
        full[self._used] = np.add.reduceat(self._transposed * gradients[self._owners], self._column_starts, axis=0)
        return full


@dataclass
class Adam:
    """The Adam optimiser for one set of parameters, which it changes in place. The learning rate starts at
    `learning_rate` and falls to 0 over `steps` steps, along a cosine.
    """

    steps: int
    learning_rate: float
    taken: int = 0
    _slow: dict[str, Matrix] = field(default_factory=dict)
    _fast: dict[str, Matrix] = field(default_factory=dict)

    def step(self, parameters: Mapping[str, Matrix], gradients: Mapping[str, Matrix]) -> None:
        """Take one step against the gradients."""
        self.taken += 1
        rate = self.learning_rate * (1 + cos(pi * self.taken / self.steps)) / 2
        for name, gradient in gradients.items():
            slow = self._slow[name] = 0.9 * self._slow.get(name, np.zeros_like(gradient)) + 0.1 * gradient
            fast = self._fast[name] = 0.999 * self._fast.get(name, np.zeros_like(gradient)) + 0.001 * gradient**2
            scale = np.sqrt(fast / (1 - 0.999**self.taken)) + 1e-8
            np.subtract(parameters[name], rate * slow / (1 - 0.9**self.taken) / scale, out=parameters[name])


def softmax_layer(
    rows: Sequence[Mapping[int, float]],
    targets: Matrix,
    *,
    decay: float = 2e-6,
    epochs: int = 16,
    batch_size: int = 1024,
    learning_rate: float = 0.1,
) -> list[Weights]:
    """Train one layer on sparse rows."""
    rng = np.random.default_rng(1)
    order = rng.permutation(len(rows))
    parts = [order[start : start + batch_size] for start in range(0, len(rows), batch_size)]
    batches = [(Sparse([rows[at] for at in part]), targets[part].astype(np.float32)) for part in parts]
    layer: dict[str, Matrix] = {
        "weights": np.zeros((BUCKETS, targets.shape[1]), dtype=np.float32),
        "biases": np.zeros(targets.shape[1], dtype=np.float32),
    }
    adam = Adam(epochs * len(batches), learning_rate)
    for _ in range(epochs):
        for at in rng.permutation(len(batches)):
            batch, expected = batches[at]
            error = (shares(batch.times(layer["weights"]) + layer["biases"]) - expected) / batch.rows
            gradient = batch.transposed_times(error) + decay * layer["weights"]
            adam.step(layer, {"weights": gradient, "biases": error.sum(axis=0)})
    return [(layer["weights"].T.tolist(), layer["biases"].tolist())]


def two_layers(
    rows: Matrix, targets: Matrix, *, hidden: int = 512, epochs: int = 50, batch_size: int = 128, seed: int = 1
) -> list[Weights]:
    """Train two layers on dense rows.

    Dropout (30 % of the hidden units, 20 % of the inputs) and label smoothing (2 %) prevent overfitting.
    """
    rng = np.random.default_rng(seed)
    mean, spread = rows.mean(axis=0), rows.std(axis=0)
    standardised = ((rows - mean) / spread).astype(np.float32)
    smoothed = (0.98 * targets + 0.02 / targets.shape[1]).astype(np.float32)
    net = _random_net(rng, rows.shape[1], hidden, targets.shape[1])
    per_epoch = len(rows) // batch_size
    adam = Adam(epochs * per_epoch, learning_rate=2e-3)
    for _ in range(epochs):
        order = rng.permutation(len(rows))
        for start in range(0, per_epoch * batch_size, batch_size):
            batch = order[start : start + batch_size]
            adam.step(net, _gradients(net, standardised[batch], smoothed[batch], rng))
    first = net["first"] / spread[:, None]
    return [
        (first.T.tolist(), (net["first_bias"] - mean @ first).tolist()),
        (net["second"].T.tolist(), net["second_bias"].tolist()),
    ]


def averaged(rows: Matrix, targets: Matrix, *, nets: int = 4, **options: int) -> list[Weights]:
    """Train several pairs of layers with different seeds, and combine them into one pair that gives the mean of their
    scores. The mean avoids errors of which only one of them is sure.
    """
    pairs = [two_layers(rows, targets, seed=seed, **options) for seed in range(1, nets + 1)]
    first = [row for pair in pairs for row in pair[0][0]]
    first_bias = [bias for pair in pairs for bias in pair[0][1]]
    second = np.concatenate([np.array(pair[1][0]) for pair in pairs], axis=1) / nets
    second_bias = np.mean([pair[1][1] for pair in pairs], axis=0)
    return [(first, first_bias), (second.tolist(), second_bias.tolist())]


def topics(rows: Matrix, targets: Matrix) -> list[Weights]:
    """The layers for `bot.matching.network.Topics`: the projection into a space in which the rows of each label spread
    equally in all directions around their mean, and the means.
    """
    mean, spread = rows.mean(axis=0), rows.std(axis=0)
    standardised = (rows - mean) / spread
    means = targets.T @ standardised / targets.sum(axis=0)[:, None]
    within = standardised - targets @ means
    scatter = within.T @ within / len(rows)
    scatter += _SHRINKAGE * np.trace(scatter) / len(scatter) * np.eye(len(scatter))
    turn = np.linalg.cholesky(np.linalg.inv(scatter)).T
    first = turn / spread
    return [
        (first.tolist(), (-first @ mean).tolist()),
        ((means @ turn.T).tolist(), np.zeros(len(means)).tolist()),
    ]


def shares(scores: Matrix) -> Matrix:
    """The softmax of each row of scores."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    softmax: Matrix = powers / powers.sum(axis=1, keepdims=True)
    return softmax


def _random_net(rng: np.random.Generator, inputs: int, hidden: int, outputs: int) -> dict[str, Matrix]:
    """Initial weights. Single precision is as good as double here, and three times as fast."""
    net: dict[str, Matrix] = {
        "first": rng.normal(0, 0.05, (inputs, hidden)),
        "first_bias": np.zeros(hidden),
        "second": rng.normal(0, 0.05, (hidden, outputs)),
        "second_bias": np.zeros(outputs),
    }
    return {name: weights.astype(np.float32) for name, weights in net.items()}


def _gradients(
    net: Mapping[str, Matrix], rows: Matrix, targets: Matrix, rng: np.random.Generator, decay: float = 2e-4
) -> dict[str, Matrix]:
    """The gradients of the cross-entropy loss, with dropout and weight decay."""
    inputs = rows * (rng.random(rows.shape, np.float32) > 0.2) / 0.8
    hidden = np.maximum(inputs @ net["first"] + net["first_bias"], 0)
    mask = (rng.random(hidden.shape, np.float32) > 0.3) / np.float32(0.7)
    error = (shares(hidden * mask @ net["second"] + net["second_bias"]) - targets) / len(rows)
    back = error @ net["second"].T * mask * (hidden > 0)
    return {
        "first": inputs.T @ back + decay * net["first"],
        "first_bias": back.sum(axis=0),
        "second": (hidden * mask).T @ error + decay * net["second"],
        "second_bias": error.sum(axis=0),
    }
