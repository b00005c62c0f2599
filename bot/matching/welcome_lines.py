"""Judges the words that moderators add to a greeting: nothing in them may urge, promise, advise or weaken the warning.

The heads for it were trained on statements, not on questions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

REFUSED, KEPT = "refused", "kept"
"""The labels of a line: the files of responses/questions/lines/."""

_SENTENCE = re.compile(r"(?<=[.!?;。！？；])\s*")


def parts(line: str) -> tuple[str, ...]:
    """The line and, where it has several, each of its sentences: what is wrong with one is wrong with the line."""
    sentences = [part for part in _SENTENCE.split(line) if any(char.isalnum() for char in part)]
    return (line, *sentences) if len(sentences) > 1 else (line,)


def part_at_fault(line: str, refused: Callable[[str], Mapping[str, float]], sure: float, surer: float) -> str | None:
    """What is likely to be refused: the line from `sure` on, one of its sentences alone from `surer` on; else None."""
    whole, *sentences = parts(line)
    if refused(whole)[REFUSED] >= sure:
        return whole
    return next((sentence for sentence in sentences if refused(sentence)[REFUSED] >= surer), None)
