"""The messages that the bot posts by itself in the playground, such as pins and greetings. They behave like those in a
platform's channel, and are kept in memory only.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from typing import Final, final

from cachetools import LRUCache

from bot.core.disclaimer import Reply
from bot.core.errors import MessageGone
from bot.core.model import MessageRef, Place

MOST_POSTS: Final = 40  # when there are more, the oldest that is not pinned is removed


@final
@dataclass(frozen=True, slots=True)
class Post:
    """A message of the bot. `at` is when it was posted, `edited` when its text last changed; both in Unix seconds."""

    ref: MessageRef
    reply: Reply
    at: float
    pinned: bool = False
    edited: float | None = None


class Posts:
    """The part of the playground that takes posts. Calls `changed` after each change; `now` returns the Unix time in
    seconds. All methods but `post` raise MessageGone for a message that does not exist.
    """

    def __init__(self, changed: Callable[[], None], now: Callable[[], float]) -> None:
        self._changed, self._now = changed, now
        self._posts: dict[str, Post] = {}
        self._once: LRUCache[str, MessageRef] = LRUCache(MOST_POSTS)
        self._ids = count(1)

    @property
    def posts(self) -> tuple[Post, ...]:
        """The current messages, the oldest first."""
        return tuple(self._posts.values())

    async def post(self, place: Place, reply: Reply, once: str | None = None) -> MessageRef:
        """Show a message on all pages. A second one with the same `once` is not added."""
        if once is not None and once in self._once:
            return self._once[once]
        ref = MessageRef(place, f"p{next(self._ids)}")
        if once is not None:
            self._once[once] = ref
        self._posts[ref.message] = Post(ref, reply, self._now())
        if len(self._posts) > MOST_POSTS:
            not_pinned = next((key for key, post in self._posts.items() if not post.pinned), None)
            self._posts.pop(not_pinned or next(iter(self._posts)))
        self._changed()
        return ref

    async def edit(self, ref: MessageRef, reply: Reply) -> bool:
        """Replace the text of a message. Returns whether the message is pinned."""
        post = self._get(ref)
        edited = post.edited if post.reply.digest == reply.digest else self._now()
        self._put(replace(post, reply=reply, edited=edited))
        return post.pinned

    async def delete(self, ref: MessageRef) -> None:
        """Delete the message."""
        del self._posts[self._get(ref).ref.message]
        self._changed()

    async def pin(self, ref: MessageRef) -> None:
        """Mark the message as pinned."""
        self._put(replace(self._get(ref), pinned=True))

    async def unpin(self, ref: MessageRef) -> None:
        """Mark the message as not pinned."""
        self._put(replace(self._get(ref), pinned=False))

    def _get(self, ref: MessageRef) -> Post:
        post = self._posts.get(ref.message)
        if post is None:
            raise MessageGone("the playground forgets its messages when it ends")
        return post

    def _put(self, post: Post) -> None:
        self._posts[post.ref.message] = post
        self._changed()
