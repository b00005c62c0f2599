"""Matches free questions one at a time, so that they do not fill the threads that the database and pictures need.

A question that somebody sent never waits for more than one of the look-ups that are made while people type.
"""

import asyncio
from collections.abc import Hashable, Sequence
from typing import Final

from bot.core.errors import Busy
from bot.core.model import Match, Outcome, Suggestion
from bot.core.normalise import LONGEST_READ, normalise, undisguised
from bot.core.policy_patterns import PolicyPattern, first_match
from bot.core.ports import Matcher

MOST: Final = 32  # questions: about a second and a half of one core


class QuestionQueue:
    """Asks `matcher` one question at a time, in the order in which they came. At most `most` wait, and besides them a
    quarter as many look-ups."""

    def __init__(self, matcher: Matcher, most: int = MOST) -> None:
        self._matcher, self._most = matcher, most
        self._turn, self._typed_turn = asyncio.Lock(), asyncio.Lock()
        self._askers: set[Hashable] = set()
        self._typed = 0

    async def match(self, text: str, asker: Hashable) -> Match:
        """What a question that was sent asks for.

        Raises:
            Busy: the earlier question of `asker` is not answered yet, or too many others are waiting.
        """
        if asker in self._askers or len(self._askers) >= self._most:
            raise Busy
        self._askers.add(asker)
        try:
            async with self._turn:
                return await self._matcher.match(text)
        finally:
            self._askers.remove(asker)

    async def look_up(self, text: str) -> Match:
        """What a text asks for that is still being typed, or that is only shown.

        Raises:
            Busy: a question is waiting, or too many other look-ups are.
        """
        if self._typed >= self._most // 4:
            raise Busy
        self._typed += 1
        try:
            async with self._typed_turn:
                if self._askers:
                    raise Busy
                async with self._turn:
                    return await self._matcher.match(text)
        finally:
            self._typed -= 1


def by_name(text: str, patterns: Sequence[PolicyPattern], nearest: tuple[Suggestion, ...]) -> Match:
    """What the patterns say about a text, beside the explainers of the nearest names: fast, and less sure than the
    matcher.
    """
    if flagged := first_match(undisguised(normalise(text, LONGEST_READ)), patterns):
        return Match(flagged.outcome, None, nearest, 1.0, f"pattern {flagged.name}")
    return Match(Outcome.SUGGEST, None, nearest, 0.0, "names")
