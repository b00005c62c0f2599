"""The one channel of the playground, with the messages that the bot posted by itself. It behaves like a platform's
channel, so that pins and greetings can be tried, and is kept in memory only.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, final

from bot.core.disclaimer import Reply
from bot.core.errors import MessageGone
from bot.core.model import MessageRef, Place

MOST_POSTS: Final = 40  # the oldest that are not pinned make room


@final
@dataclass(frozen=True, slots=True)
class Post:
    """A message of the bot, posted `at` that Unix time, in seconds; `edited` is when its words were replaced last."""

    ref: MessageRef
    reply: Reply
    at: float
    pinned: bool = False
    edited: float | None = None


@final
class CommunityChannel:
    """Holds the posts, the oldest first; `changed` is called after every change, `now` gives the Unix time."""

    def __init__(self, changed: Callable[[], None], now: Callable[[], float]) -> None:
        self._changed, self._now = changed, now
        self._posts: dict[str, Post] = {}
        self._once: dict[str, MessageRef] = {}
        self._count = 0

    @property
    def posts(self) -> tuple[Post, ...]:
        """The messages that are there now."""
        return tuple(self._posts.values())

    def add(self, place: Place, reply: Reply, once: str | None) -> MessageRef:
        """Add a message; a second one with the same `once` is not added."""
        if once is not None and once in self._once:
            return self._once[once]
        self._count += 1
        ref = MessageRef(place, f"p{self._count}")
        self._posts[ref.message] = Post(ref, reply, self._now())
        if once is not None:
            self._once[once] = ref
        self._make_room()
        self._changed()
        return ref

    def exchange(self, ref: MessageRef, reply: Reply) -> bool:
        """Replace the words; returns whether the message is pinned.

        Raises:
            MessageGone: there is no such message.
        """
        post = self._found(ref)
        edited = post.edited if post.reply.digest == reply.digest else self._now()
        self._put(replace(post, reply=reply, edited=edited))
        return post.pinned

    def mark(self, ref: MessageRef, pinned: bool) -> None:
        """Pin or unpin a message.

        Raises:
            MessageGone: there is no such message.
        """
        self._put(replace(self._found(ref), pinned=pinned))

    def drop(self, ref: MessageRef) -> None:
        """Remove a message.

        Raises:
            MessageGone: there is no such message.
        """
        del self._posts[self._found(ref).ref.message]
        self._changed()

    def _found(self, ref: MessageRef) -> Post:
        post = self._posts.get(ref.message)
        if post is None:
            raise MessageGone("the playground forgets its messages when it ends")
        return post

    def _put(self, post: Post) -> None:
        self._posts[post.ref.message] = post
        self._changed()

    def _make_room(self) -> None:
        while len(self._posts) > MOST_POSTS:
            loose = next((key for key, post in self._posts.items() if not post.pinned), None)
            self._posts.pop(loose or next(iter(self._posts)))
        while len(self._once) > MOST_POSTS:
            self._once.pop(next(iter(self._once)))
