"""What is remembered of communities: what they chose, their pins and their counts. Never anything about a member."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import final

from bot.core.model import MessageRef, Outcome, Place, Right, Risk

LONGEST_PAUSE = 3600  # seconds that `cooldown` may be
MOST_CHANNELS = 25  # that `channels` may name


@final
@dataclass(frozen=True, slots=True)
class Community:
    """What a community chose. `id` is None in a direct chat, which has only the defaults.

    `locale` None follows the operator's default. `cooldown` counts seconds between two commands of a member (0: none).
    `channels` are those where the bot answers (none: everywhere), as `spot` names them. `welcome` is where new
    members are greeted (None: nowhere), `welcome_line` the moderators' own words for it, or the number of a
    ready line (None: ours). `last_greeting` is removed when the next is posted, if `remove_greetings`; joins up to
    `greeted_until` (with a time zone) were greeted.
    """

    platform: str
    id: str | None
    locale: str | None = None
    risk_floor: Risk = Risk.GENERAL
    cooldown: int = 3
    channels: frozenset[str] = frozenset()
    welcome: Place | None = None
    welcome_line: str | None = None
    remove_greetings: bool = True
    last_greeting: MessageRef | None = None
    greeted_until: datetime | None = None


def spot(place: Place) -> str | None:
    """A channel, thread or topic by the one id that `Community.channels` holds of it; None outside of channels."""
    return place.thread or place.channel


def answers_in(community: Community, place: Place) -> bool:
    """Whether the community wants answers there. A channel includes its threads; a group that is a channel of its
    own (Telegram's) does not include its topics."""
    if place.community is None or not community.channels:
        return True
    channel = {place.channel} if place.channel != place.community else set()
    return bool(({spot(place)} | channel) & community.channels)


class PinState(StrEnum):
    """How a pin fares, as `/pins` tells it (the notice `pins-<state>`)."""

    CURRENT = "current"
    POSTED = "posted"  # its message stands and is recorded, and is not pinned yet
    STALE = "stale"  # an update is on its way
    UNPINNED = "unpinned"  # by somebody's hand; still edited, never pinned again
    FULL = "full"  # posted and edited, but the channel holds no more pins
    GONE = "gone"
    FORBIDDEN = "forbidden"
    CLOSED = "closed"
    REFUSED = "refused"  # the platform does not take it, for a reason none of the others names
    ORPHANED = "orphaned"  # its explainer is no more

    @property
    def followed(self) -> bool:
        """Whether its message is kept up to date; the others wait for a moderator, or for their explainer."""
        return self in (PinState.CURRENT, PinState.POSTED, PinState.STALE, PinState.UNPINNED, PinState.FULL)


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

    @property
    def followed(self) -> bool:
        """Whether its message is kept up to date: also where only the right to pin is missing."""
        return self.state.followed or (self.state is PinState.FORBIDDEN and self.missing is Right.PIN)


@final
@dataclass(frozen=True, slots=True)
class PinKind:
    """Pins that must show the same Reply, and the digest of what they show now. `locale` and `floor` are what counts:
    the pin's own language or else its community's (None: the operator's default), and its community's floor."""

    platform: str
    command: str
    locale: str | None
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
