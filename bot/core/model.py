"""The nouns everything passes through: frozen values, parsed on the way in, rendered on the way out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum, Flag, IntEnum, StrEnum, auto
from typing import Literal, final

from bot.core.markup import Body, ChannelRef, CommandRef, Span
from bot.core.notices import SLOTS

DISCORD, TELEGRAM, PLAYGROUND = "discord", "telegram", "playground"
DEFAULT_LOCALE = "en"  # the language every explainer exists in; other languages are its translations


class Risk(IntEnum):
    """How loud a warning must be. There is no zero: nothing leaves without one."""

    GENERAL = 1
    ELEVATED = 2
    HIGH = 3


class Right(Flag):
    """What a member, or the bot itself, may do in a place, in words both platforms share."""

    NONE = 0
    SEND = auto()
    PIN = auto()
    MANAGE = auto()  # the community's settings
    HISTORY = auto()  # read earlier messages
    DELETE = auto()  # remove other people's and service messages
    JOINS = auto()  # be told of new members


Rights = Right  # a set of rights is the same flag


@final
@dataclass(frozen=True, slots=True)
class Place:
    """Where a message stands. Settings belong to the community, messages to the channel or topic.

    All ids are the platform's own, as text. `community` is None in a direct chat, `channel` too in an inline query.
    """

    platform: str
    community: str | None = None
    channel: str | None = None
    thread: str | None = None


@final
@dataclass(frozen=True, slots=True)
class Member:
    """Somebody on a platform: the id, and the name as they wrote it (never trusted, see `markup.plain`)."""

    id: str
    name: str = ""


@final
@dataclass(frozen=True, slots=True)
class MessageRef:
    """A message on a platform. `media` tells that its words are a picture's caption."""

    place: Place
    message: str
    media: bool = False


@final
@dataclass(frozen=True, slots=True)
class Request:
    """Somebody asks for `command`, with `text` behind it.

    `locale` is the reader's own language tag where the platform tells it; `about` whom or what the answer is for;
    `rights` and `bot_rights` what the caller and the bot may do in this very place, as the platform said with the
    request itself.
    """

    place: Place
    member: Member
    command: str
    text: str = ""
    locale: str | None = None
    about: Member | MessageRef | None = None
    private: bool = False
    rights: Rights = Right.NONE
    bot_rights: Rights = Right.NONE


class Outcome(StrEnum):
    """What became of a request, as it is counted and as `/ask` is judged."""

    EXPLAINER = "explainer"
    SUGGEST = "suggest"
    ADVICE = "advice"
    PRICE = "price"
    SCAM = "scam"
    NONE = "none"
    PAGE = "page"
    NOTICE = "notice"


@final
@dataclass(frozen=True, slots=True)
class Suggestion:
    """An explainer that may be meant; `score` runs from 0 to 1."""

    command: str
    title: str
    score: float


@final
@dataclass(frozen=True, slots=True)
class Match:
    """What free text was taken for. `suggestions` holds the nearest explainers, best first; `why` names the rule or
    the measure that decided, for the playground and the log of an operator.
    """

    outcome: Outcome
    command: str | None
    suggestions: tuple[Suggestion, ...]
    score: float
    why: str


@final
@dataclass(frozen=True, slots=True)
class Source:
    """Where an answer comes from: the article's section, and when it was last held against it."""

    section: str
    checked: date


@final
@dataclass(frozen=True, slots=True)
class Entry:
    """One explainer in one language. `summary` is the one-line answer that is shown in bold above `body`."""

    command: str
    locale: str
    title: str
    summary: tuple[Span, ...]
    body: Body
    risk: Risk
    source: Source
    facts: tuple[str, ...]
    aliases: tuple[str, ...]
    see_also: tuple[str, ...]


@final
@dataclass(frozen=True, slots=True)
class Page:
    """Words that are no explainer but say something to members: the risk statement, a policy reply, the help."""

    key: str
    title: str
    summary: tuple[Span, ...]
    body: Body
    risk: Risk
    facts: tuple[str, ...]
    see_also: tuple[str, ...]


@final
@dataclass(frozen=True, slots=True)
class Param:
    """One option of a command. `names` and `descriptions` are by locale."""

    key: str
    kind: Literal["text", "topic", "member", "flag", "choice"]
    names: dict[str, str]
    descriptions: dict[str, str]
    required: bool = False
    choices: tuple[str, ...] = ()


class Audience(Enum):
    """Who is offered a command. What they may do is checked again at every use."""

    EVERYONE = "everyone"
    PINNERS = "pinners"
    MANAGERS = "managers"


@final
@dataclass(frozen=True, slots=True)
class CommandInfo:
    """A command as it is offered to a platform. `names` (Discord alone shows them) and `descriptions` (at most 100
    characters) are by locale; `kind` "message" is an entry of Discord's message menu.
    """

    name: str
    kind: Literal["slash", "message"]
    names: dict[str, str]
    descriptions: dict[str, str]
    params: tuple[Param, ...] = ()
    audience: Audience = Audience.EVERYONE


@final
@dataclass(frozen=True, slots=True)
class Button:
    """A press asks for `command` in `locale`."""

    label: str
    command: str
    locale: str


Value = CommandRef | ChannelRef | Right | int | date
"""What may fill a notice: names of commands, channels and rights, numbers and dates. Never free words."""


@final
@dataclass(frozen=True, slots=True)
class Answer:
    """A draft that says something about Kusama or money; sealing puts the warning on it."""

    command: str
    outcome: Outcome
    title: str
    body: Body
    risk: Risk
    source: Source | None = None
    buttons: tuple[Button, ...] = ()


@final
@dataclass(frozen=True, slots=True)
class Notice:
    """A draft that speaks of the bot alone ("Saved."), by a key of the language's closed set of notices.

    `rows` are further notices, one a line (the list of pins).
    """

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)
    rows: "tuple[Notice, ...]" = ()

    def __post_init__(self) -> None:
        if self.values.keys() != SLOTS[self.key]:
            raise ValueError(f"the notice {self.key} takes {sorted(SLOTS[self.key])}, not {sorted(self.values)}")


Draft = Answer | Notice


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
