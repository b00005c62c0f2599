"""What is made of a reply, made once. Its law: nothing is kept that may hold a member's name or words."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from typing import TypeVar

from bot.core.disclaimer import Reply

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Key:
    """The digest covers all that is shown, so it alone is compared."""

    digest: str
    reply: Reply = field(compare=False)


def kept(most: int) -> Callable[[Callable[[Reply], T]], Callable[[Reply], T]]:
    """A function of what a reply shows then gives the same thing again for an equal digest, for the last `most` of
    them: an explainer is shown over and over. What is not `reviewed` is made anew each time.
    """

    def around(make: Callable[[Reply], T]) -> Callable[[Reply], T]:
        @lru_cache(most)
        def again(key: _Key) -> T:
            return make(key.reply)

        @wraps(make)
        def made(reply: Reply) -> T:
            return again(_Key(reply.digest, reply)) if reply.reviewed else make(reply)

        return made

    return around
