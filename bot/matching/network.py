"""The parts that run on the encoder's vectors, by numpy, which comes with the encoder."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.matching.classifier import Head, Layer, softmax
from bot.matching.untrained import as_share, threshold

Matrix = NDArray[np.float32]


def _matrix(layer: Layer) -> tuple[Matrix, Matrix]:
    scales = np.array(layer.scales, dtype=np.float32)
    return np.array(layer.rows, dtype=np.float32) * scales[:, None], np.array(layer.biases, dtype=np.float32)


class Network:
    """The two-layer head. The same bytes give the same answers within float rounding."""

    def __init__(self, head: Head) -> None:
        self.labels = head.labels
        self._layers = [_matrix(layer) for layer in head.layers]

    def of_dense(self, vector: Sequence[float]) -> dict[str, float]:
        """Probability by label of a vector as long as a row of the first layer."""
        values = np.asarray(vector, dtype=np.float32)
        for number, (weights, biases) in enumerate(self._layers):
            values = weights @ (np.maximum(values, 0) if number else values) + biases
        return dict(zip(self.labels, softmax(values.tolist()), strict=True))


class Topics:
    """The space in which the texts of each trained topic spread evenly around its middle."""

    def __init__(self, head: Head) -> None:
        """The first layer leads into the space, the rows of the second are the middles."""
        (self._turn, self._shift), (self._middles, _) = map(_matrix, head.layers)

    def place(self, vector: Sequence[float]) -> Matrix:
        """Where in the space a text of that vector lies."""
        return self._turn @ np.asarray(vector, dtype=np.float32) + self._shift

    def direction(self, vector: Sequence[float]) -> dict[int, float]:
        """The place as seen from the middle of all, as a vector of length 1."""
        away = self.place(vector) - self._middles.mean(axis=0)
        return dict(enumerate((away / max(float(np.linalg.norm(away)), 1e-9)).tolist()))

    def squared(self, place: Matrix) -> list[float]:
        """The squared distances to all middles."""
        return list(((self._middles - place) ** 2).sum(axis=1).tolist())


def by_meaning(
    topics: Topics, vectors: Mapping[str, Sequence[Sequence[float]]]
) -> Callable[[Sequence[float]], dict[str, float]]:
    """Finds untrained explainers by how near a text lies to the middle of their questions, whose `vectors` are given;
    one at least of each. Gives by command a number from 0 to 1; from .5 on the text is taken for a question for it.
    """
    middles = {command: np.mean([topics.place(vector) for vector in kept], axis=0) for command, kept in vectors.items()}
    margins = {command: threshold(topics.squared(middle)) for command, middle in middles.items()}

    def likely(vector: Sequence[float]) -> dict[str, float]:
        place = topics.place(vector)
        nearest = min(topics.squared(place))
        return {
            command: as_share((nearest - float(((middle - place) ** 2).sum())) / 2 - margins[command])
            for command, middle in middles.items()
        }

    return likely
