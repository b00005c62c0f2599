"""The interfaces between the features and the outside: platforms, storage, matching, other processes."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date
from typing import Protocol

from bot.core.buttons import Rating
from bot.core.commands import CommandInfo
from bot.core.community import Community, Count, Pin, PinKind, RatingCount
from bot.core.disclaimer import Reply
from bot.core.join_window import Join
from bot.core.model import Attachment, Match, Member, MessageRef, Outcome, Place, Request, Right, Suggestion


class Platform(Protocol):
    """Discord, Telegram or the playground. No method takes a text: only a sealed Reply can be sent. Every method may
    raise `PlatformError` or a subclass."""

    name: str

    @property
    def ready(self) -> bool:
        """Whether the platform is connected."""

    async def run(self) -> None:
        """Connect and serve until cancelled. Raises when the connection is lost for good."""

    async def offer(self, commands: Sequence[CommandInfo]) -> None:
        """Make these the commands of the platform's menu."""

    async def rights(self, place: Place, member: Member | None) -> Right:
        """Return the current rights of the member, or of the bot if None, in that place."""

    async def is_forum(self, place: Place) -> bool:
        """Tell whether the channel of that place is a forum, where every message belongs to a post with a title."""

    async def post(self, place: Place, reply: Reply, once: str | None = None) -> MessageRef:
        """Send a message, without a notification if the platform allows that. `once` is a nonce of at most 25
        characters: a platform that supports nonces does not send a second message with the same one."""

    async def edit(self, ref: MessageRef, reply: Reply) -> bool | None:
        """Replace the text of one of the bot's messages; the same text is no error. Returns whether the message is
        pinned, None if the platform does not say."""

    async def delete(self, ref: MessageRef) -> None:
        """Delete one of the bot's messages."""

    async def pin(self, ref: MessageRef) -> None:
        """Pin the message, without a notification if the platform allows that."""

    async def unpin(self, ref: MessageRef) -> None:
        """Unpin the message. It is no error if it is not pinned."""

    async def read(self, file: Attachment) -> bytes:
        """Return the content of a file that was sent with a request."""


class Answers(Protocol):
    """The part of `features.answers.Responder` that adapters use. The methods are documented there."""

    @property
    def commands(self) -> tuple[CommandInfo, ...]: ...
    def read(self, words: str) -> tuple[str, str]: ...
    def info(self, request: Request) -> CommandInfo: ...
    async def respond(self, request: Request) -> Reply | None: ...
    def suggest(self, text: str, locale: str | None) -> tuple[Suggestion, ...]: ...
    async def search(self, text: str, locale: str | None) -> tuple[Reply, ...]: ...
    def notice(self, key: str, request: Request) -> Reply: ...


class Pictures(Protocol):
    """Draws the pictures of replies."""

    async def png(self, reply: Reply) -> bytes | None:
        """Return the reply's picture, with its warning; None if it has none or cannot be drawn. Never raises."""


class Communities(Protocol):
    """Communities' settings, cached. Every method may raise `StoreError`."""

    async def of(self, place: Place) -> Community:
        """Return the settings of the place's community, or the defaults for a direct chat. No query once cached."""

    async def change(self, place: Place, edit: Callable[[Community], Community]) -> Community:
        """Change the settings with a pure function; returns the new ones."""

    async def moved(self, place: Place, new: str) -> None:
        """Change the community's id to `new`."""

    async def forget(self, place: Place) -> None:
        """Delete everything that is stored about the community."""


class Matcher(Protocol):
    """Matches free text to an explainer, a policy or a page, or to none."""

    async def match(self, text: str) -> Match:
        """Return what the text asks for. Accepts any text without raising, and does not block the event loop."""

    def suggest(self, text: str, limit: int) -> tuple[Suggestion, ...]:
        """Return the explainers nearest to the typed text, best first; never empty. Fast and synchronous."""


class CommunityRecords(Protocol):
    """Stored communities. A direct chat, whose id is its member's, is refused with ValueError, here and everywhere else
    in the store. Every method that awaits may raise `StoreError`."""

    async def read(self, place: Place) -> Community | None:
        """Return the community of that place, or None if nothing is stored about it."""

    async def change(self, place: Place, edit: Callable[[Community], Community]) -> tuple[Community, Community]:
        """Change the settings with a pure function, in one transaction; returns the old and the new ones."""

    async def changed_elsewhere(self) -> bool:
        """Tell whether another process wrote to the SQLite file since the last call; always False for PostgreSQL."""

    async def moved(self, place: Place, new: str) -> None:
        """Change the id of the community, its pins and its counts to `new`. Data already stored under `new` wins."""

    async def left(self, place: Place, day: date) -> None:
        """Record that the bot was removed on that day."""

    async def returned(self, *places: Place) -> None:
        """Record that the bot is in these communities."""

    async def wipe(self, place: Place) -> None:
        """Delete everything that is stored about the community."""

    async def wipe_left(self, before: date) -> Sequence[Place]:
        """Delete all communities that the bot left before that day; returns them."""


class PinRecords(Protocol):
    """The stored pins and posts."""

    async def of(self, place: Place) -> Sequence[Pin]:
        """Return all pins of the place's community."""

    async def record(self, pin: Pin) -> None:
        """Store a pin. It replaces the pin of the same explainer in the same channel or topic."""

    async def update(self, pin: Pin) -> bool:
        """Store the pin's new digest and state; False if it was deleted or now belongs to another message."""

    async def forget(self, place: Place, command: str) -> Pin | None:
        """Delete the pin of that explainer in that channel or topic; returns it, or None if there is none."""

    async def kinds(self, platform: str) -> Sequence[PinKind]:
        """Return the distinct kinds of pins in the communities that the bot has not left.

        Among kinds that differ only in the digest, UNKNOWN comes first.
        """

    def alike(self, kind: PinKind) -> AsyncIterator[Pin]:
        """Yield the pins of that kind. They are read in pages without an open transaction, so pins may be updated."""


class Counts(Protocol):
    """Counts of used commands and of ratings, per community and day."""

    def count(self, place: Place, command: str, outcome: Outcome, day: date) -> None:
        """Add one, in memory until the next flush. Direct chats are not counted."""

    def rate(self, place: Place, command: str, locale: str, rating: Rating, day: date) -> None:
        """Add one rating of that answer, in memory until the next flush."""

    async def flush(self) -> None:
        """Write the counts to the database. If that fails, they stay in memory."""

    async def statistics(self, place: Place, since: date) -> Sequence[Count]:
        """Return the counts of each day from `since` on, including unwritten ones, the most frequent first."""

    async def ratings(self, place: Place | None, since: date) -> Sequence[RatingCount]:
        """Return the ratings since that day, of a community or of all (None), in the same order."""

    async def drop(self, before: date) -> None:
        """Delete the counts of days before that one."""


class Offers(Protocol):
    """Stores which commands a platform was last offered, so that it is called only when they change.

    The scope of a single community must be its id, so that it is moved and deleted together with the community."""

    async def offered(self, platform: str, scope: str) -> str | None:
        """Return the hash of the commands last offered in that scope, or None."""

    async def offer(self, platform: str, scope: str, hash_: str) -> None:
        """Store the hash, after the platform has accepted the commands."""


class CommunityEvents(Protocol):
    """Called by a platform when the bot is added to or removed from a community, or its id changes. Never raises."""

    async def moved(self, place: Place, new: str) -> None:
        """Handle a change of the community's id to `new`."""

    async def left(self, place: Place) -> None:
        """Handle the removal of the bot."""

    async def returned(self, *places: Place) -> None:
        """Handle that the bot was added to these communities, or is still there after a change of its status."""


class Newcomers(Protocol):
    """Called by a platform when members join or leave a community. Every method may raise `StoreError`."""

    async def greets(self, place: Place) -> bool:
        """Tell whether the place's community greets newcomers."""

    async def joined(self, place: Place, joins: Sequence[Join]) -> None:
        """Handle joins. The platform leaves out bots and reports each join once."""

    async def left(self, place: Place, member: str) -> None:
        """Handle that a member left or was removed."""


class Lease(Protocol):
    """A name that only this process holds."""

    @property
    def name(self) -> str:
        """The name that was granted."""

    async def lost(self) -> None:
        """Wait until another process may hold the name. Does not return when the lease is given back."""


class Leases(Protocol):
    """Grants names that one process at a time can hold. A process that shares no database gets every name at once."""

    @property
    def reachable(self) -> bool:
        """Whether the database that grants leases answers."""

    def hold(self, *names: str) -> AbstractAsyncContextManager[Lease]:
        """Wait until one of these names is free, hold it, and give it back at the end of the block."""
