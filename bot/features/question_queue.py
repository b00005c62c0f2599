"""Matches free questions one at a time, which leaves threads for the database and for pictures.

Questions that were sent go first: each waits for at most one look-up of a text that is still being typed.
"""

import asyncio
from collections.abc import Hashable, Sequence
from typing import Final

from bot.core.errors import Busy
from bot.core.model import Match, Outcome, Suggestion
from bot.core.normalise import LONGEST_READ, normalise, undisguised
from bot.core.policy_patterns import PolicyPattern, first_match
from bot.core.ports import Matcher

MOST: Final = 32  # waiting questions, about 1.5 seconds of one core


class QuestionQueue:
    """Passes questions to `matcher` one at a time, in order of arrival. At most `most` questions wait, and a quarter as
    many look-ups.
    """

    def __init__(self, matcher: Matcher, most: int = MOST) -> None:
        self._matcher, self._most = matcher, most
        self._lock, self._look_up_lock = asyncio.Lock(), asyncio.Lock()
        self._askers: set[Hashable] = set()
        self._look_ups = 0

    async def match(self, text: str, asker: Hashable) -> Match:
        """Match a question that `asker` sent.

        Raises:
            Busy: an earlier question of `asker` is not answered yet, or too many questions are waiting.
        """
        if asker in self._askers or len(self._askers) >= self._most:
            raise Busy
        self._askers.add(asker)
        try:
            async with self._lock:
                return await self._matcher.match(text)
        finally:
            self._askers.remove(asker)

    async def look_up(self, text: str) -> Match:
        """Match a text that nobody sent as a question, such as one that is still being typed, or a post's title.

        Raises:
            Busy: a question is waiting, or too many look-ups are.
        """
        if self._look_ups >= self._most // 4:
            raise Busy
        self._look_ups += 1
        try:
            async with self._look_up_lock:
                if self._askers:
                    raise Busy
                async with self._lock:
                    return await self._matcher.match(text)
        finally:
            self._look_ups -= 1


def match_by_name(text: str, patterns: Sequence[PolicyPattern], nearest: tuple[Suggestion, ...]) -> Match:
    """Match a text by the patterns alone and suggest the `nearest`. Faster than the matcher, less accurate."""
    if flagged := first_match(undisguised(normalise(text, LONGEST_READ)), patterns):
        return Match(flagged.outcome, None, nearest, 1.0, f"pattern {flagged.name}")
    return Match(Outcome.SUGGEST, None, nearest, 0.0, "names")
