"""What the core asks of the outside. One page, no `extra`: a platform that needs more gets a named field."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.core.disclaimer import Reply
from bot.core.model import CommandInfo, Community, Match, Member, MessageRef, Place, Rights, Suggestion


class Platform(Protocol):
    """Discord, Telegram or the playground. No method takes words: only a sealed Reply goes out.

    Every method may raise `PlatformError` or one of its children.
    """

    name: str

    async def run(self) -> None:
        """Connect and serve until cancelled; raise when the connection is lost for good."""
        ...

    async def offer(self, commands: Sequence[CommandInfo]) -> None:
        """Make these the commands that the platform's own menu shows."""
        ...

    async def rights(self, place: Place, member: Member | None) -> Rights:
        """What the member, or the bot itself (None), may do in that place right now."""
        ...

    async def post(self, place: Place, reply: Reply, once: str | None = None) -> MessageRef:
        """Send a message. `once` is a nonce (at most 25 characters) that a platform which knows such a thing uses
        to send it a single time."""
        ...

    async def edit(self, ref: MessageRef, reply: Reply) -> None:
        """Replace the words of one of our own messages; equal words are no error."""
        ...

    async def delete(self, ref: MessageRef) -> None:
        """Remove one of our own messages."""
        ...

    async def pin(self, ref: MessageRef) -> None:
        """Pin it, without notifying anybody where the platform allows that."""
        ...

    async def unpin(self, ref: MessageRef) -> None:
        """Take the pin off; a message that is not pinned is no error."""
        ...


class Communities(Protocol):
    """What communities chose."""

    async def of(self, place: Place) -> Community:
        """The community of that place, or the defaults in a direct chat. Costs no query once it is known."""
        ...


class Matcher(Protocol):
    """Free text to an explainer, or honestly to none."""

    async def match(self, text: str) -> Match:
        """What the text asks for. Takes any text, never raises on it, and does not hold the event loop."""
        ...

    def suggest(self, text: str, limit: int) -> tuple[Suggestion, ...]:
        """The explainers nearest to what was typed so far, best first; never empty. Fast and synchronous."""
        ...


class Offers(Protocol):
    """Remembers which commands a platform was last offered, so that it is asked only when they changed."""

    async def offered(self, platform: str, scope: str) -> str | None:
        """The hash of what was last offered in that scope."""
        ...

    async def offer(self, platform: str, scope: str, hash_: str) -> None:
        """Remember the hash, after the platform took the commands."""
        ...


class Encoder(Protocol):
    """A sentence to a vector of unit length."""

    name: str

    def encode(self, text: str) -> Sequence[float]:
        """Deterministic; may take milliseconds, so it is called off the event loop."""
        ...


Words = Mapping[str, tuple[str, ...]]
"""For each explainer the names people may type for it: its command, aliases and titles."""
