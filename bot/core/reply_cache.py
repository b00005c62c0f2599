"""Caches what is made from replies, such as a text for a platform. Nothing that may have a member's words is cached."""

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from cachetools import LRUCache

from bot.core.disclaimer import Reply

T = TypeVar("T")
P = ParamSpec("P")
ReplyFunction = Callable[Concatenate[Reply, P], T]


def cache_by_reply(size: int) -> Callable[[ReplyFunction[P, T]], ReplyFunction[P, T]]:
    """Decorate a function of a reply so that its last `size` results are cached. Not safe for several threads.

    The function may depend on what the reply shows and on hashable options, but not on who receives the reply. It is
    called every time for replies that are not `reviewed`.
    """

    def decorate(function: ReplyFunction[P, T]) -> ReplyFunction[P, T]:
        results: LRUCache[Hashable, T] = LRUCache(size)

        @wraps(function)
        def cached(reply: Reply, /, *args: P.args, **kwargs: P.kwargs) -> T:
            if not reply.reviewed:
                return function(reply, *args, **kwargs)
            key = (reply.digest, *args, *kwargs.values())
            if key not in results:
                results[key] = function(reply, *args, **kwargs)
            return results[key]

        return cached

    return decorate
