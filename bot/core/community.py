"""What is stored of communities: their settings, pins and counts. Never anything about a member."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import final

from bot.core.buttons import Rating
from bot.core.model import MessageRef, Outcome, Place, Right, Risk

LONGEST_PAUSE = 3600  # seconds, the highest value of `cooldown`
MOST_CHANNELS = 25  # in `channels`
MOST_LANGUAGES = 25  # in `languages`, so that all of them fit one message


@final
@dataclass(frozen=True, slots=True)
class Community:
    """A community's settings. `id` is None in a direct chat, which has only the defaults.

    `locale` None means the operator's default; `languages` has the tags of channels, threads and topics that speak
    another one, by their ids. `cooldown` is the number of seconds between two commands of a member (0: none).
    `channels` are the ids of the channels, threads and topics where the bot answers (empty: everywhere). `welcome` is
    where new members are greeted (None: nowhere), each alone with `welcome_quiet`; `welcome_line` the moderators' own
    line for it, or the number of a ready line (None: ours). `last_greeting` is removed when the next one is posted, if
    `remove_greetings`; joins up to `greeted_until` (with a time zone) were greeted. `forums` are the ids of the forums
    where titles of new posts are answered. `log` is where changes of the settings are told (None: nowhere).
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
    languages: Mapping[str, str] = field(default_factory=dict)
    log: Place | None = None
    forums: frozenset[str] = frozenset()
    welcome_quiet: bool = False

    def language_of(self, place: Place | None) -> str | None:
        """The tag of the language that is spoken in that place; None for the operator's default.

        A thread speaks its channel's language unless it has its own. In a group that is a channel of its own
        (Telegram's), a topic does not speak that of the first topic, which has the group's id.
        """
        if place is None or not self.languages:
            return self.locale
        parent = place.channel if place.thread is None or place.channel != place.community else None
        return self.languages.get(place.thread or "") or self.languages.get(parent or "") or self.locale


def channel_id(place: Place) -> str | None:
    """The id of the channel, thread or topic, as in `Community.channels`; None outside of channels."""
    return place.thread or place.channel


UNKNOWN = "unknown"  # the digest of a message whose edit has begun: what it shows is known again when that went well


class PinState(StrEnum):
    """The state of a pin, as `/pins` shows it (the notice `pins-<state>`)."""

    CURRENT = "current"
    POSTED = "posted"  # the message is sent and recorded, but not pinned yet
    STALE = "stale"  # an update is on its way
    UNPINNED = "unpinned"  # somebody unpinned it: still edited, never pinned again
    FULL = "full"  # sent and edited, but the channel has no room for more pins
    GONE = "gone"
    FORBIDDEN = "forbidden"
    CLOSED = "closed"
    REFUSED = "refused"  # the platform refused it for another reason
    ORPHANED = "orphaned"  # its explainer no longer exists

    @property
    def followed(self) -> bool:
        """Whether the message is kept up to date; the other states wait for a moderator, or for the explainer."""
        return self in (PinState.CURRENT, PinState.POSTED, PinState.STALE, PinState.UNPINNED, PinState.FULL)


@dataclass(frozen=True, slots=True)
class Pin:
    """An explainer that is pinned in a channel or topic: at most one for each `command` in each.

    `locale` None means the community's; `digest` is that of the Reply the message shows, or UNKNOWN; `missing` the
    right that the bot lacks when `state` is FORBIDDEN. A post is kept up to date alike, without being `pinned`.
    """

    ref: MessageRef
    command: str
    locale: str | None
    digest: str
    state: PinState = PinState.CURRENT
    missing: Right = Right.NONE
    pinned: bool = True

    @property
    def followed(self) -> bool:
        """Whether the message is kept up to date: also where only the right to pin is missing."""
        return self.state.followed or (self.state is PinState.FORBIDDEN and self.missing is Right.PIN)


@dataclass(frozen=True, slots=True)
class PinKind:
    """All pins that must show the same Reply and show the same `digest` now. `locale` is the pins' own language or
    else their community's (None: the operator's default), `floor` their community's."""

    platform: str
    command: str
    locale: str | None
    floor: Risk
    digest: str
    state: PinState
    pinned: bool = True


@dataclass(frozen=True, slots=True)
class Count:
    """How often a command was answered with that outcome in a community on a day."""

    day: date
    command: str
    outcome: Outcome
    times: int


@dataclass(frozen=True, slots=True)
class RatingCount:
    """How often the answer of a command in that language was given that rating, over some days."""

    command: str
    locale: str
    rating: Rating
    times: int
