"""Matches free questions one at a time, so that they do not fill the threads that the database and pictures need."""

import asyncio
from collections.abc import Hashable
from typing import Final

from bot.core.errors import Busy
from bot.core.model import Match
from bot.core.ports import Matcher

MOST: Final = 32  # questions: about a second and a half of one core


class QuestionQueue:
    """Asks `matcher` one question at a time, in the order in which they came, and lets at most `most` wait."""

    def __init__(self, matcher: Matcher, most: int = MOST) -> None:
        self._matcher, self._most = matcher, most
        self._turn = asyncio.Lock()
        self._askers: set[Hashable] = set()

    async def match(self, text: str, asker: Hashable) -> Match:
        """What the text asks for.

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
