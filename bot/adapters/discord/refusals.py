"""Keeps the bot far below the refusals for which Discord shuts out an address: 10,000 calls with 401, 403 or 429 in ten
minutes (https://docs.discord.com/developers/topics/rate-limits, "Invalid Request Limit").
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, final

from cachetools import LRUCache, TTLCache

from bot.core.errors import Forbidden
from bot.core.model import Place

_MEMORY: Final = 60.0  # seconds
_OF_ONE, _OF_ALL = 20, 300  # refusals in that time: of a guild, and of all
_CHANNELS: Final = 4096  # of which it is known that they take answers


@final
class Refusals:
    """Answers to messages and posts, which do not say what the bot may do in their channel. Where a guild, or all
    together, refused too many within a minute, none is tried for now; in a channel of which nothing is known, an answer
    under way counts as refused. `clock` gives monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._refused: TTLCache[object, str | None] = TTLCache(_OF_ALL, _MEMORY, clock)  # by try, the guild
        self._open: LRUCache[Place, bool] = LRUCache(_CHANNELS)

    def rests(self, place: Place) -> bool:
        """Whether no answer is to be tried there now."""
        refused = list(self._refused.values())
        return len(refused) >= _OF_ALL or refused.count(_home(place)) >= _OF_ONE

    @contextmanager
    def trying(self, place: Place) -> Iterator[None]:
        """Answer there within the block."""
        this = object()
        if place not in self._open:
            self._refused[this] = _home(place)
        try:
            yield
        except Forbidden:
            self._open.pop(place, None)
            self._refused[this] = _home(place)
            raise
        except BaseException:
            self._refused.pop(this, None)
            raise
        self._refused.pop(this, None)
        self._open[place] = True


def _home(place: Place) -> str | None:
    return place.community or place.channel
