"""Answers inline queries. Telegram sends one for every key pressed, and only a member's newest one counts."""

from collections.abc import Awaitable, Callable
from typing import final

from bot.adapters.telegram.updates import Query


@final
class InlineQueries:
    """Answers by `answer`, for each member one query at a time, after `turn` has let that member go on."""

    def __init__(self, answer: Callable[[Query], Awaitable[None]], turn: Callable[[int], Awaitable[None]]) -> None:
        self._answer, self._turn = answer, turn
        self._newest: dict[int, Query | None] = {}

    async def take(self, query: Query) -> None:
        """Answer the query, unless a newer one of the same member comes before its turn."""
        member = query.from_user.id
        is_first = member not in self._newest
        self._newest[member] = query
        if not is_first:
            return  # the call that answers the member's earlier query goes on with this one
        try:
            while self._newest[member] is not None:
                await self._turn(member)
                newest, self._newest[member] = self._newest[member], None
                if newest is not None:
                    await self._answer(newest)
        finally:
            del self._newest[member]
