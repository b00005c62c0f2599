"""The interfaces between the features and what is outside of them: platforms, storage, matching."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import date, datetime
from typing import Protocol

from bot.core.commands import CommandInfo
from bot.core.community import Community, Count, Pin, PinKind
from bot.core.disclaimer import Reply
from bot.core.join_window import Join
from bot.core.model import Match, Member, MessageRef, Outcome, Place, Rights, Suggestion


class Platform(Protocol):
    """Discord, Telegram or the playground. No method takes a string: only a sealed Reply goes out.

    Every method may raise `PlatformError` or one of its children.
    """

    name: str

    @property
    def ready(self) -> bool:
        """Whether it is connected."""

    async def run(self) -> None:
        """Connect and serve until cancelled; raise when the connection is lost for good."""

    async def offer(self, commands: Sequence[CommandInfo]) -> None:
        """Make these the commands that the platform's own menu shows."""

    async def rights(self, place: Place, member: Member | None) -> Rights:
        """What the member, or the bot itself (None), may do in that place now."""

    async def post(self, place: Place, reply: Reply, once: str | None = None) -> MessageRef:
        """Send a message, silently where the platform can. `once` is a nonce (at most 25 characters): where the
        platform supports it, a second message with the same nonce is not sent."""

    async def edit(self, ref: MessageRef, reply: Reply) -> bool | None:
        """Replace the text of one of our own messages; the same text is no error. Returns whether the message is
        pinned, or None where the platform does not tell."""

    async def delete(self, ref: MessageRef) -> None:
        """Remove one of our own messages."""

    async def pin(self, ref: MessageRef) -> None:
        """Pin it, without notifying anybody where the platform allows that."""

    async def unpin(self, ref: MessageRef) -> None:
        """Unpin it; a message that is not pinned is no error."""


class Pictures(Protocol):
    """Draws what replies show as a picture."""

    async def png(self, reply: Reply) -> bytes | None:
        """The reply's picture, its warning inside; None if it has none, or it cannot be drawn. Never raises."""


class Communities(Protocol):
    """Communities' settings, cached. Every method may raise `StoreError`."""

    async def of(self, place: Place) -> Community:
        """The settings of the community of that place, or the defaults in a direct chat. Needs no query once they are
        cached."""

    async def change(self, place: Place, edit: Callable[[Community], Community]) -> Community:
        """Change the settings by a pure `edit`; returns the new ones."""

    async def moved(self, place: Place, new: str) -> None:
        """The community has the id `new` now."""

    async def forget(self, place: Place) -> None:
        """Delete all that is stored of the community."""


class Matcher(Protocol):
    """Free text to an explainer, or honestly to none."""

    async def match(self, text: str) -> Match:
        """What the text asks for. Takes any text, never raises on it, and does not hold the event loop."""

    def suggest(self, text: str, limit: int) -> tuple[Suggestion, ...]:
        """The explainers nearest to what was typed so far, best first; never empty. Fast and synchronous."""


class Settings(Protocol):
    """What communities chose, as it is stored. A place in a direct chat is refused with ValueError, here and in all
    that is stored: its id is its member's. Every method that awaits may raise `StoreError`."""

    async def read(self, place: Place) -> Community | None:
        """What the community of that place chose, or None if nothing of it is stored."""
        ...

    async def change(self, place: Place, edit: Callable[[Community], Community]) -> Community:
        """Read, `edit` and write back, with nobody in between; returns what now holds. `edit` must be pure."""
        ...


class PinRecords(Protocol):
    """The pins that are kept up to date."""

    async def find(self, place: Place, command: str) -> Pin | None:
        """The pin of that explainer in that very channel or topic."""
        ...

    async def of(self, place: Place) -> Sequence[Pin]:
        """All pins of the community of that place."""
        ...

    async def record(self, pin: Pin) -> None:
        """Remember it, in the place of what that channel or topic had of the same explainer."""
        ...

    async def update(self, pin: Pin) -> bool:
        """Note its new digest and state; False if it was forgotten or replaced by another message meanwhile."""
        ...

    async def forget(self, place: Place, command: str) -> Pin | None:
        """Forget the pin of that explainer in that very channel or topic; returns it."""
        ...

    async def kinds(self, platform: str) -> Sequence[PinKind]:
        """What pins there are, one for all that are alike; none of communities that the bot left."""
        ...

    def alike(self, kind: PinKind) -> AsyncIterator[Sequence[Pin]]:
        """The pins of that kind, in pages. Between two pages nothing is held, and pins may be updated."""
        ...


class Counts(Protocol):
    """How often explainers were asked for, per community and day. Never by whom."""

    def count(self, place: Place, command: str, outcome: Outcome, day: date) -> None:
        """Add one, in memory until the next flush. A direct chat is not counted."""
        ...

    async def flush(self) -> None:
        """Write down what was counted; it is kept if that fails."""
        ...

    async def statistics(self, place: Place, since: date) -> Sequence[Count]:
        """The counts of a community from that day on, what was not yet written included; most frequent first."""
        ...

    async def drop(self, before: date) -> None:
        """Forget the days before that one."""
        ...


class Offers(Protocol):
    """Remembers which commands a platform was last offered, so that it is asked only when they changed.

    A scope that is one community's own must be named by the community's id: it moves and goes with it.
    """

    async def offered(self, platform: str, scope: str) -> str | None:
        """The hash of what was last offered in that scope."""
        ...

    async def offer(self, platform: str, scope: str, hash_: str) -> None:
        """Remember the hash, after the platform took the commands."""
        ...


class ContentVersions(Protocol):
    """Which content versions the processes of the bot use. That of a rolling upgrade is the one first seen later; an
    older one is newest again when nobody has used the later one for some minutes (a rollback)."""

    async def leads(self, name: str, now: datetime) -> bool:
        """Note that the edition of that name (at most 64 characters) is in use; whether it is the newest in use."""
        ...


class Residence(Protocol):
    """Communities that come, move and go, with everything stored of them."""

    async def moved(self, place: Place, new: str) -> None:
        """The community of that place goes on under the id `new`: settings, pins and counts too. What was already
        chosen or pinned under the new id wins. Telling it twice does no harm."""
        ...

    async def left(self, place: Place, day: date) -> None:
        """The bot was removed on that day."""
        ...

    async def returned(self, *places: Place) -> None:
        """The bot was added to each of these again, or had never left it; to be told of many at once costs no more."""
        ...

    async def wipe(self, place: Place) -> None:
        """Delete all that is stored of the community, now."""
        ...

    async def wipe_left(self, before: date) -> Sequence[Place]:
        """Delete all of the communities that the bot left before that day; returns them."""
        ...


class CommunityEvents(Protocol):
    """Told by a platform when the bot comes to, moves with or leaves a community. None of these raises."""

    async def moved(self, place: Place, new: str) -> None:
        """The community goes on under the id `new`."""

    async def left(self, place: Place) -> None:
        """The bot was removed."""

    async def returned(self, *places: Place) -> None:
        """The bot was added to each of these, or its standing changed and it is still there."""


class Newcomers(Protocol):
    """Told by a platform who came to a community. Both methods may raise `StoreError`."""

    async def greets(self, place: Place) -> bool:
        """Whether newcomers of the community of that place are greeted at all."""

    async def joined(self, place: Place, joins: Sequence[Join]) -> None:
        """These people came. Bots are left out, and nobody is told of twice."""


class Encoder(Protocol):
    """A normalised sentence to a vector of a fixed length."""

    name: str

    def encode(self, text: str) -> Sequence[float]:
        """The sentence's vector. Deterministic and blocking (milliseconds): called off the event loop, by one thread
        at a time."""
