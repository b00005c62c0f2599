"""The interfaces between the features and what is outside of them: platforms, storage, matching, other processes."""

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
    """Discord, Telegram or the playground. No method takes a string: only a sealed Reply goes out. Every method may
    raise `PlatformError` or one of its children."""

    name: str

    @property
    def ready(self) -> bool:
        """Whether it is connected."""

    async def run(self) -> None:
        """Connect and serve until cancelled; raise when the connection is lost for good."""

    async def offer(self, commands: Sequence[CommandInfo]) -> None:
        """Make these the commands that the platform's own menu shows."""

    async def rights(self, place: Place, member: Member | None) -> Right:
        """What the member, or the bot itself (None), may do in that place now."""

    async def is_forum(self, place: Place) -> bool:
        """Whether the channel of that place is a forum, in which every message stands in a post with a title."""

    async def post(self, place: Place, reply: Reply, once: str | None = None) -> MessageRef:
        """Send a message, silently where the platform can. `once` is a nonce (at most 25 characters): where the
        platform supports it, a second message with the same nonce is not sent."""

    async def edit(self, ref: MessageRef, reply: Reply) -> bool | None:
        """Replace our own message's text; the same is no error. Returns whether it is pinned, None if not told."""

    async def delete(self, ref: MessageRef) -> None:
        """Remove one of our own messages."""

    async def pin(self, ref: MessageRef) -> None:
        """Pin it, without notifying anybody where the platform allows that."""

    async def unpin(self, ref: MessageRef) -> None:
        """Unpin it; a message that is not pinned is no error."""

    async def read(self, file: Attachment) -> bytes:
        """What is in a file that was sent with a request."""


class Answers(Protocol):
    """What adapters ask of the responder (`features.answers.Responder`, which says what these do)."""

    @property
    def commands(self) -> tuple[CommandInfo, ...]: ...
    def read(self, words: str) -> tuple[str, str]: ...
    def info(self, request: Request) -> CommandInfo: ...
    async def respond(self, request: Request) -> Reply | None: ...
    def suggest(self, text: str, locale: str | None) -> tuple[Suggestion, ...]: ...
    async def search(self, text: str, locale: str | None) -> tuple[Reply, ...]: ...
    def notice(self, key: str, request: Request) -> Reply: ...


class Pictures(Protocol):
    """Draws what replies show as a picture."""

    async def png(self, reply: Reply) -> bytes | None:
        """The reply's picture, its warning inside; None if it has none, or it cannot be drawn. Never raises."""


class Communities(Protocol):
    """Communities' settings, cached. Every method may raise `StoreError`."""

    async def of(self, place: Place) -> Community:
        """The settings of the community of that place, or a direct chat's defaults; without a query once cached."""

    async def change(self, place: Place, edit: Callable[[Community], Community]) -> Community:
        """Change the settings by a pure `edit`; returns the new ones."""

    async def moved(self, place: Place, new: str) -> None:
        """The community has the id `new` now."""

    async def forget(self, place: Place) -> None:
        """Delete all that is stored of the community."""


class Matcher(Protocol):
    """Free text to an explainer, or honestly to none."""

    async def match(self, text: str) -> Match:
        """What the text asks for. Takes any text, never raises on it, and does not block the event loop."""

    def suggest(self, text: str, limit: int) -> tuple[Suggestion, ...]:
        """The explainers nearest to what was typed so far, best first; never empty. Fast and synchronous."""


class CommunityRecords(Protocol):
    """Communities as they are stored. A direct chat, whose id is its member's, is refused with ValueError, here and in
    all that is stored. Every method that awaits may raise `StoreError`."""

    async def read(self, place: Place) -> Community | None:
        """The community of that place, or None if nothing of it is stored."""

    async def change(self, place: Place, edit: Callable[[Community], Community]) -> tuple[Community, Community]:
        """Apply `edit`, which must be pure, to the settings in one transaction; returns them before and after."""

    async def changed_elsewhere(self) -> bool:
        """Whether another process has written to an SQLite file since the last call; always False for PostgreSQL."""

    async def moved(self, place: Place, new: str) -> None:
        """Give the community the id `new`, with its pins and counts. What is stored under the new id already wins."""

    async def left(self, place: Place, day: date) -> None:
        """Note that the bot was removed on that day."""

    async def returned(self, *places: Place) -> None:
        """Note that the bot is in these communities, however many."""

    async def wipe(self, place: Place) -> None:
        """Delete all that is stored of the community."""

    async def wipe_left(self, before: date) -> Sequence[Place]:
        """Delete all communities that the bot left before that day; returns them."""


class PinRecords(Protocol):
    """The pins that are kept up to date."""

    async def of(self, place: Place) -> Sequence[Pin]:
        """All pins of the community of that place."""

    async def record(self, pin: Pin) -> None:
        """Store a pin; it replaces the one of the same explainer in the same channel or topic."""

    async def update(self, pin: Pin) -> bool:
        """Store its new digest and state; False if it was forgotten or replaced by another message meanwhile."""

    async def forget(self, place: Place, command: str) -> Pin | None:
        """Delete the pin of that explainer in that channel or topic; returns it."""

    async def kinds(self, platform: str) -> Sequence[PinKind]:
        """The distinct kinds of pins in the communities that the bot has not left, UNKNOWN digests first."""

    def alike(self, kind: PinKind) -> AsyncIterator[Pin]:
        """The pins of that kind. They are read in pages, so no transaction is open, and pins may be updated."""


class Counts(Protocol):
    """How often commands were used and their answers rated, per community and day."""

    def count(self, place: Place, command: str, outcome: Outcome, day: date) -> None:
        """Add one, in memory until the next flush. A direct chat is not counted."""

    def rate(self, place: Place, command: str, locale: str, rating: Rating, day: date) -> None:
        """Add one rating of that answer, in the same way."""

    async def flush(self) -> None:
        """Write down what was counted; it is kept if that fails."""

    async def statistics(self, place: Place, since: date) -> Sequence[Count]:
        """The counts of each day from that one on, what was not yet written included; most frequent first."""

    async def ratings(self, place: Place | None, since: date) -> Sequence[RatingCount]:
        """The ratings of a community, or of all together (None), in the same way."""

    async def drop(self, before: date) -> None:
        """Delete the counts of days before that one."""


class Offers(Protocol):
    """Remembers which commands a platform was last offered, so that it is asked only when they changed.

    A scope that is one community's own must be named by the community's id: it moves and goes with it."""

    async def offered(self, platform: str, scope: str) -> str | None:
        """The hash of what was last offered in that scope."""

    async def offer(self, platform: str, scope: str, hash_: str) -> None:
        """Remember the hash, after the platform took the commands."""


class CommunityEvents(Protocol):
    """Called by a platform when the bot is added to or removed from a community, or its id changes. None raises."""

    async def moved(self, place: Place, new: str) -> None:
        """The community goes on under the id `new`."""

    async def left(self, place: Place) -> None:
        """The bot was removed."""

    async def returned(self, *places: Place) -> None:
        """The bot was added to each of these, or its standing changed and it is still there."""


class Newcomers(Protocol):
    """Told by a platform who came to a community and who left. Every method may raise `StoreError`."""

    async def greets(self, place: Place) -> bool:
        """Whether newcomers of the community of that place are greeted at all."""

    async def joined(self, place: Place, joins: Sequence[Join]) -> None:
        """These people came. Bots are left out, and nobody is told of twice."""

    async def left(self, place: Place, member: str) -> None:
        """That member left or was removed."""


class Lease(Protocol):
    """A name that only this process holds."""

    @property
    def name(self) -> str:
        """The name that was granted."""

    async def lost(self) -> None:
        """Return once another process may hold the name. Does not return when the lease is given back."""


class Leases(Protocol):
    """Names that one process at a time holds. A process alone with its database gets every name at once."""

    @property
    def reachable(self) -> bool:
        """Whether the database that grants leases answers."""

    def hold(self, *names: str) -> AbstractAsyncContextManager[Lease]:
        """Wait until one of these names is free, hold it, and give it back at the end of the block."""
