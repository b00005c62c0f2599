"""The parts of the matcher that work on the encoder's vectors. They need numpy, which is installed with the encoder."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.matching.classifier import Head, Layer, softmax
from bot.matching.untrained import as_share, threshold

Matrix = NDArray[np.float32]


class _Linear:
    """A linear layer. The weights stay one byte each: a quarter of the memory, for .2 ms more per text."""

    def __init__(self, layer: Layer) -> None:
        self.weights = np.array(layer.rows, dtype=np.int8)
        self.scales, self.biases = (np.array(one, dtype=np.float32) for one in (layer.scales, layer.biases))

    def of(self, values: Matrix) -> Matrix:
        """Return the layer's output for a vector as long as a row."""
        return (self.weights @ values) * self.scales + self.biases


class Network:
    """Runs a two-layer head. The same file gives the same probabilities on every machine, within float rounding."""

    def __init__(self, head: Head) -> None:
        self.labels = head.labels
        self._layers = [*map(_Linear, head.layers)]

    def of_dense(self, vector: Sequence[float]) -> dict[str, float]:
        """Return the probability of each label for a vector as long as a row of the first layer."""
        values = np.asarray(vector, dtype=np.float32)
        for number, layer in enumerate(self._layers):
            values = layer.of(np.maximum(values, 0) if number else values)
        return dict(zip(self.labels, softmax(values.tolist()), strict=True))


class Topics:
    """The space of a linear discriminant: the texts of every trained topic have the same spread around their mean."""

    def __init__(self, head: Head) -> None:
        """Take the projection into the space from the head's first layer, the topics' means from its second."""
        self._projection, means = map(_Linear, head.layers)
        self._means = means.weights * means.scales[:, None]

    def project(self, vector: Sequence[float]) -> Matrix:
        """Return the point of an encoder's vector in this space."""
        return self._projection.of(np.asarray(vector, dtype=np.float32))

    def direction(self, vector: Sequence[float]) -> dict[int, float]:
        """Return the direction from the mean of all topics to the vector's point, as a vector of length 1."""
        offset = self.project(vector) - self._means.mean(axis=0)
        return dict(enumerate((offset / max(float(np.linalg.norm(offset)), 1e-9)).tolist()))

    def squared_distances(self, point: Matrix) -> list[float]:
        """Return the squared distance from the point to the mean of each topic."""
        return list(((self._means - point) ** 2).sum(axis=1).tolist())


def by_meaning(
    topics: Topics, vectors: Mapping[str, Sequence[Sequence[float]]]
) -> Callable[[Sequence[float]], dict[str, float]]:
    """Return a function that scores untrained explainers by the distance of a text to the mean of their questions.

    `vectors` has the encoder's vectors of each explainer's questions, at least one each. The function takes a text's
    vector and returns a number from 0 to 1 for each command; from .5 the text counts as a question for that explainer.
    """
    means = {
        command: np.mean([topics.project(vector) for vector in questions], axis=0)
        for command, questions in vectors.items()
    }
    margins = {command: threshold(topics.squared_distances(mean)) for command, mean in means.items()}

    def scores(vector: Sequence[float]) -> dict[str, float]:
        point = topics.project(vector)
        nearest = min(topics.squared_distances(point))
        return {
            command: as_share((nearest - float(((mean - point) ** 2).sum())) / 2 - margins[command])
            for command, mean in means.items()
        }

    return scores
