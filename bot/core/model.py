"""The nouns everything passes through: frozen values, parsed on the way in, rendered on the way out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Flag, IntEnum, StrEnum, auto
from typing import final

from bot.core.notices import SLOTS
from bot.core.picture import Picture
from bot.core.spans import Body, ChannelRef, CommandRef, Span

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
    ATTACH = auto()  # send pictures


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
    ABOUT = "about"
    RISK = "risk"
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
    """Where an answer comes from: the heading of the article's section and the day it was last checked against it.
    `line` says both in the reader's language.
    """

    section: str
    checked: date
    line: str


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
    picture: Picture | None = None
    questions: tuple[str, ...] = ()


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
class Button:
    """A press asks for `command` in `locale`."""

    label: str
    command: str
    locale: str


@final
@dataclass(frozen=True, slots=True)
class LanguageName:
    """A language by its tag, shown as it calls itself, with the tag that one types."""

    locale: str


@final
@dataclass(frozen=True, slots=True)
class ReadyLine:
    """One of the language's ready welcome lines, by its number, from 1."""

    number: int


Value = CommandRef | ChannelRef | LanguageName | ReadyLine | Right | int
"""What may fill a notice. Never free words."""


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
    picture: Picture | None = None


@final
@dataclass(frozen=True, slots=True)
class Notice:
    """A draft that speaks of the bot alone ("Saved."), by a key of the language's closed set of notices. `rows` are
    further notices, one a line (the list of pins).
    """

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)
    rows: "tuple[Notice, ...]" = ()

    def __post_init__(self) -> None:
        if self.values.keys() != SLOTS[self.key]:
            raise ValueError(f"the notice {self.key} takes {sorted(SLOTS[self.key])}, not {sorted(self.values)}")


Draft = Answer | Notice
