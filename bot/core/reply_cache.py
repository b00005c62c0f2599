"""Keeps what is made of a reply, such as its text on a platform. Nothing is kept that may hold words of a member."""

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from cachetools import LRUCache

from bot.core.disclaimer import Reply

T = TypeVar("T")
P = ParamSpec("P")
Made = Callable[Concatenate[Reply, P], T]


def kept(size: int) -> Callable[[Made[P, T]], Made[P, T]]:
    """Decorates a function of what a reply shows (not of its receiver) and of hashable options, to keep the last `size`
    results. For replies that are not `reviewed` it is called each time. Not for use in several threads.
    """

    def decorate(make: Made[P, T]) -> Made[P, T]:
        results: LRUCache[Hashable, T] = LRUCache(size)

        @wraps(make)
        def cached(reply: Reply, /, *args: P.args, **kwargs: P.kwargs) -> T:
            if not reply.reviewed:
                return make(reply, *args, **kwargs)
            key = (reply.digest, *args, *kwargs.values())
            if key not in results:
                results[key] = make(reply, *args, **kwargs)
            return results[key]

        return cached

    return decorate
