"""Keeps what is made of a reply, such as its text on a platform. Nothing is kept that may hold words of a member."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from cachetools import LRUCache

from bot.core.disclaimer import Reply

T = TypeVar("T")


def kept(size: int) -> Callable[[Callable[[Reply], T]], Callable[[Reply], T]]:
    """Decorates a function of what a reply shows (not of its receiver), to keep the last `size` results by digest. For
    replies that are not `reviewed` it is called each time. Not for use in several threads.
    """

    def decorate(make: Callable[[Reply], T]) -> Callable[[Reply], T]:
        results: LRUCache[str, T] = LRUCache(size)

        @wraps(make)
        def cached(reply: Reply) -> T:
            if not reply.reviewed:
                return make(reply)
            if reply.digest not in results:
                results[reply.digest] = make(reply)
            return results[reply.digest]

        return cached

    return decorate
