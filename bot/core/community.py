"""What is remembered of communities: what they chose, their pins and their counts. Never anything about a member."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import final

from bot.core.model import DEFAULT_LOCALE, MessageRef, Outcome, Place, Right, Risk


@final
@dataclass(frozen=True, slots=True)
class Community:
    """What a community chose. `id` is None in a direct chat, which has only the defaults.

    `cooldown` counts seconds between two commands of a member (0: none). `channels` are those where the bot answers
    (none: everywhere). `welcome` is where new members are greeted (None: nowhere), `welcome_line` the moderators' own
    words for it (None: ours). `last_greeting` is removed when the next is posted, if `remove_greetings`; joins up to
    `greeted_until` (with a time zone) were greeted.
    """

    platform: str
    id: str | None
    locale: str = DEFAULT_LOCALE
    risk_floor: Risk = Risk.GENERAL
    cooldown: int = 3
    channels: frozenset[str] = frozenset()
    welcome: Place | None = None
    welcome_line: str | None = None
    remove_greetings: bool = True
    last_greeting: MessageRef | None = None
    greeted_until: datetime | None = None


class PinState(StrEnum):
    """How a pin fares, as `/pins` tells it (the notice `pins-<state>`)."""

    CURRENT = "current"
    STALE = "stale"  # an update is on its way
    UNPINNED = "unpinned"  # by somebody's hand; still edited, never pinned again
    FULL = "full"  # posted and edited, but the channel holds no more pins
    GONE = "gone"
    FORBIDDEN = "forbidden"
    CLOSED = "closed"
    ORPHANED = "orphaned"  # its explainer is no more

    @property
    def followed(self) -> bool:
        """Whether its message is kept up to date; the others wait for a moderator, or for their explainer."""
        return self in (PinState.CURRENT, PinState.STALE, PinState.UNPINNED, PinState.FULL)


@final
@dataclass(frozen=True, slots=True)
class Pin:
    """An explainer that stands in a channel or topic: at most one of each `command` in each.

    `locale` None follows the community's; `digest` is of the Reply it shows; `missing` the right that the bot lacks
    when `state` is FORBIDDEN.
    """

    ref: MessageRef
    command: str
    locale: str | None
    digest: str
    state: PinState = PinState.CURRENT
    missing: Right = Right.NONE


@final
@dataclass(frozen=True, slots=True)
class PinKind:
    """Pins that must show the same Reply, and the digest of what they show now. `locale` and `floor` are what counts:
    the pin's own language or else its community's, and its community's floor."""

    platform: str
    command: str
    locale: str
    floor: Risk
    digest: str
    state: PinState


@final
@dataclass(frozen=True, slots=True)
class Count:
    """How often a command had that outcome in a community, over some days."""

    command: str
    outcome: Outcome
    times: int
