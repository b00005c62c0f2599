"""Words and letter runs of a text as a sparse vector: what the pure-Python fallback reads instead of an encoder.

The same text gives the same vector on every machine (CRC-32, never Python's salted hash).
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from math import sqrt
from zlib import crc32

from bot.core.normalise import fold

BUCKETS = 8192
_WORD = re.compile(r"\w+")
_LONGEST_WORD = 40


def ngrams(text: str) -> dict[int, float]:
    """Bucket to weight, of length 1 in all; empty for a text without letters. Takes normalised text."""
    counts = Counter(crc32(gram.encode()) % BUCKETS for gram in set(_grams(fold(text))))
    length = sqrt(sum(count * count for count in counts.values()))
    return {bucket: count / length for bucket, count in sorted(counts.items())}


def _grams(text: str) -> Iterator[str]:
    words = [word[:_LONGEST_WORD] for word in _WORD.findall(text)]
    for word in words:
        yield f"w{word}"
        padded = f" {word} "
        for size in (2, 3, 4):
            yield from (padded[start : start + size] for start in range(len(padded) - size + 1))
    yield from (f"{one}_{two}" for one, two in pairwise(words))
