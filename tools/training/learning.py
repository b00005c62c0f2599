"""How the heads learn: Adam, in numpy, on all rows or on shuffled handfuls.

The same rows give the same weights: everything random comes from a seeded generator.
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

_EVENED = 0.3  # how much of the mean variance is added in each direction; .03 to .3 make no difference that counts


class Sparse:
    """Rows given by their non-zero places, multiplied without ever being spread out."""

    def __init__(self, rows: Sequence[Mapping[int, float]]) -> None:
        self.rows = len(rows)
        filled = [row or {0: 0.0} for row in rows]
        self._columns = np.array([place for row in filled for place in row])
        self._values = np.array([value for row in filled for value in row.values()], dtype=np.float32)[:, None]
        sizes = np.array([len(row) for row in filled])
        self._starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        owners = np.repeat(np.arange(self.rows), sizes)
        order = np.argsort(self._columns, kind="stable")
        self._owners, self._turned = owners[order], self._values[order]
        self._used, self._column_starts = np.unique(self._columns[order], return_index=True)

    def times(self, weights: Matrix) -> Matrix:
        """Each row times the weights: rows by labels."""
        sums: Matrix = np.add.reduceat(self._values * weights[self._columns], self._starts, axis=0)
        return sums

    def turned_times(self, slopes: Matrix) -> Matrix:
        """Each column times the slopes: buckets by labels."""
        full = np.zeros((BUCKETS, slopes.shape[1]), dtype=np.float32)
        full[self._used] = np.add.reduceat(self._turned * slopes[self._owners], self._column_starts, axis=0)
        return full


@dataclass
class Adam:
    """Steps for one set of parameters, in place; the stride falls to nothing over `steps`."""

    steps: int
    stride: float
    taken: int = 0
    _slow: dict[str, Matrix] = field(default_factory=dict)
    _fast: dict[str, Matrix] = field(default_factory=dict)

    def step(self, parameters: Mapping[str, Matrix], slopes: Mapping[str, Matrix]) -> None:
        """Move each parameter down its slope."""
        self.taken += 1
        stride = self.stride * (1 + cos(pi * self.taken / self.steps)) / 2
        for name, slope in slopes.items():
            slow = self._slow[name] = 0.9 * self._slow.get(name, np.zeros_like(slope)) + 0.1 * slope
            fast = self._fast[name] = 0.999 * self._fast.get(name, np.zeros_like(slope)) + 0.001 * slope**2
            even = np.sqrt(fast / (1 - 0.999**self.taken)) + 1e-8
            np.subtract(parameters[name], stride * slow / (1 - 0.9**self.taken) / even, out=parameters[name])


def softmax_layer(
    rows: Sequence[Mapping[int, float]],
    targets: Matrix,
    *,
    decay: float = 2e-6,
    epochs: int = 16,
    handful: int = 1024,
    stride: float = 0.1,
) -> list[Weights]:
    """One layer on sparse rows, learnt in handfuls."""
    chance = np.random.default_rng(1)
    order = chance.permutation(len(rows))
    parts = [order[start : start + handful] for start in range(0, len(rows), handful)]
    handfuls = [(Sparse([rows[at] for at in part]), targets[part].astype(np.float32)) for part in parts]
    layer: dict[str, Matrix] = {
        "weights": np.zeros((BUCKETS, targets.shape[1]), dtype=np.float32),
        "biases": np.zeros(targets.shape[1], dtype=np.float32),
    }
    adam = Adam(epochs * len(handfuls), stride)
    for _ in range(epochs):
        for at in chance.permutation(len(handfuls)):
            some, wanted = handfuls[at]
            wrong = (shares(some.times(layer["weights"]) + layer["biases"]) - wanted) / some.rows
            slope = some.turned_times(wrong) + decay * layer["weights"]
            adam.step(layer, {"weights": slope, "biases": wrong.sum(axis=0)})
    return [(layer["weights"].T.tolist(), layer["biases"].tolist())]


def two_layers(
    rows: Matrix, targets: Matrix, *, hidden: int = 512, epochs: int = 50, handful: int = 128, seed: int = 1
) -> list[Weights]:
    """Two layers on dense rows. A third of the hidden places and a fifth of the inputs rest at each step, and a little
    of each target is spread over all labels, so that no phrasing is learnt by heart."""
    chance = np.random.default_rng(seed)
    mean, spread = rows.mean(axis=0), rows.std(axis=0)
    even = ((rows - mean) / spread).astype(np.float32)
    soft = (0.98 * targets + 0.02 / targets.shape[1]).astype(np.float32)
    net = _fresh(chance, rows.shape[1], hidden, targets.shape[1])
    per_epoch = len(rows) // handful
    adam = Adam(epochs * per_epoch, stride=2e-3)
    for _ in range(epochs):
        order = chance.permutation(len(rows))
        for start in range(0, per_epoch * handful, handful):
            some = order[start : start + handful]
            adam.step(net, _slopes(net, even[some], soft[some], chance))
    first = net["first"] / spread[:, None]
    return [
        (first.T.tolist(), (net["first_bias"] - mean @ first).tolist()),
        (net["second"].T.tolist(), net["second_bias"].tolist()),
    ]


def averaged(rows: Matrix, targets: Matrix, *, nets: int = 4, **options: int) -> list[Weights]:
    """Several pairs of layers that differ in what was drawn, as one pair that gives their mean: a single one is now and
    then sure of what the others doubt."""
    pairs = [two_layers(rows, targets, seed=seed, **options) for seed in range(1, nets + 1)]
    first = [row for pair in pairs for row in pair[0][0]]
    first_bias = [bias for pair in pairs for bias in pair[0][1]]
    second = np.concatenate([np.array(pair[1][0]) for pair in pairs], axis=1) / nets
    second_bias = np.mean([pair[1][1] for pair in pairs], axis=0)
    return [(first, first_bias), (second.tolist(), second_bias.tolist())]


def topics(rows: Matrix, targets: Matrix) -> list[Weights]:
    """What `bot.matching.network.Topics` reads: the way into a space in which the rows of each label spread evenly
    around their middle, and the middles."""
    mean, spread = rows.mean(axis=0), rows.std(axis=0)
    even = (rows - mean) / spread
    middles = targets.T @ even / targets.sum(axis=0)[:, None]
    within = even - targets @ middles
    scatter = within.T @ within / len(rows)
    scatter += _EVENED * np.trace(scatter) / len(scatter) * np.eye(len(scatter))
    turn = np.linalg.cholesky(np.linalg.inv(scatter)).T
    first = turn / spread
    return [
        (first.tolist(), (-first @ mean).tolist()),
        ((middles @ turn.T).tolist(), np.zeros(len(middles)).tolist()),
    ]


def shares(scores: Matrix) -> Matrix:
    """Each row of scores to shares of 1."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    made: Matrix = powers / powers.sum(axis=1, keepdims=True)
    return made


def _fresh(chance: np.random.Generator, inputs: int, hidden: int, outputs: int) -> dict[str, Matrix]:
    """Weights to begin with. Single precision is as good here as double, and three times as fast."""
    net: dict[str, Matrix] = {
        "first": chance.normal(0, 0.05, (inputs, hidden)),
        "first_bias": np.zeros(hidden),
        "second": chance.normal(0, 0.05, (hidden, outputs)),
        "second_bias": np.zeros(outputs),
    }
    return {name: weights.astype(np.float32) for name, weights in net.items()}


def _slopes(
    net: Mapping[str, Matrix], rows: Matrix, targets: Matrix, chance: np.random.Generator, decay: float = 2e-4
) -> dict[str, Matrix]:
    seen = rows * (chance.random(rows.shape, np.float32) > 0.2) / 0.8
    hidden = np.maximum(seen @ net["first"] + net["first_bias"], 0)
    awake = (chance.random(hidden.shape, np.float32) > 0.3) / np.float32(0.7)
    wrong = (shares(hidden * awake @ net["second"] + net["second_bias"]) - targets) / len(rows)
    back = wrong @ net["second"].T * awake * (hidden > 0)
    return {
        "first": seen.T @ back + decay * net["first"],
        "first_bias": back.sum(axis=0),
        "second": (hidden * awake).T @ wrong + decay * net["second"],
        "second_bias": wrong.sum(axis=0),
    }
