"""What the bot stores of communities: settings, pins and counts. Never anything about a member."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import final

from bot.core.buttons import Rating
from bot.core.model import MessageRef, Outcome, Place, Right, Risk

LONGEST_PAUSE = 3600  # seconds; the highest value of `cooldown`
MOST_CHANNELS = 25  # the most entries of `channels`
MOST_LANGUAGES = 25  # the most entries of `languages`, so that all fit into one message


@final
@dataclass(frozen=True, slots=True)
class Community:
    """A community's settings. `id` is None in a direct chat, which has only the defaults.

    - `locale`: the tag of its language; None for the operator's default.
    - `languages`: tags of other languages, by the id of the channel, thread or topic that uses them.
    - `cooldown`: seconds between two commands of a member; 0 for none.
    - `channels`: ids of the channels, threads and topics where the bot answers; empty for everywhere.
    - `forums`: ids of the forums where the bot answers the titles of new posts.
    - `welcome`: where newcomers are greeted; None for nowhere. With `welcome_quiet` each sees only their own greeting.
    - `welcome_line`: the moderators' line in the greeting, or the number of a ready line; None for the bot's own.
    - `last_greeting`: deleted when the next one is posted, if `remove_greetings` is set.
    - `greeted_until`: joins up to this time (with a time zone) were greeted.
    - `log`: where changes of the settings are reported; None for nowhere.
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
        """Return the tag of the language used in that place; None for the operator's default.

        A thread uses its channel's language unless it has its own. A Telegram group is its own channel: there the
        group's id stands for the first topic, and the other topics do not take over that topic's language.
        """
        if place is None or not self.languages:
            return self.locale
        parent = place.channel if place.thread is None or place.channel != place.community else None
        return self.languages.get(place.thread or "") or self.languages.get(parent or "") or self.locale


def channel_id(place: Place) -> str | None:
    """Return the id of the thread, topic or channel, as in `Community.channels`; None outside of channels."""
    return place.thread or place.channel


UNKNOWN = "unknown"  # the digest of a pin while its message is being edited; a successful edit stores the new digest


class PinState(StrEnum):
    """The state of a pin, as `/pins` shows it (the notice `pins-<state>`)."""

    CURRENT = "current"
    POSTED = "posted"  # the message is sent and recorded, but not pinned yet
    STALE = "stale"  # waits for an update
    UNPINNED = "unpinned"  # a moderator unpinned it: still edited, never pinned again
    FULL = "full"  # sent and edited, but not pinned: the channel has reached the platform's limit of pins
    GONE = "gone"
    FORBIDDEN = "forbidden"
    CLOSED = "closed"
    REFUSED = "refused"  # the platform refused it for another reason
    ORPHANED = "orphaned"  # its explainer no longer exists

    @property
    def followed(self) -> bool:
        """Whether the message is kept up to date. In the other states it waits for a moderator or for the explainer."""
        return self in (PinState.CURRENT, PinState.POSTED, PinState.STALE, PinState.UNPINNED, PinState.FULL)


@dataclass(frozen=True, slots=True)
class Pin:
    """A pinned or posted explainer. A channel or topic has at most one for each `command`.

    `locale` None means the community's language. `digest` is that of the Reply the message shows, or UNKNOWN. `missing`
    is the right that the bot lacks when `state` is FORBIDDEN. A post is kept up to date too, but is not `pinned`.
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
        """Whether the message is kept up to date; it is if only the right to pin is missing."""
        return self.state.followed or (self.state is PinState.FORBIDDEN and self.missing is Right.PIN)


@dataclass(frozen=True, slots=True)
class PinKind:
    """All pins that must show the same Reply and now show the same `digest`.

    `locale` is the language of the pin or else of its community (None for the operator's default), `floor` that of the
    community.
    """

    platform: str
    command: str
    locale: str | None
    floor: Risk
    digest: str
    state: PinState
    pinned: bool = True


@dataclass(frozen=True, slots=True)
class Count:
    """How many times a command was answered with that outcome in a community on one day."""

    day: date
    command: str
    outcome: Outcome
    times: int


@dataclass(frozen=True, slots=True)
class RatingCount:
    """How many times the answer to a command in that language got that rating, over several days."""

    command: str
    locale: str
    rating: Rating
    times: int
