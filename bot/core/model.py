"""The frozen values that all layers share: places, requests, explainers, drafts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Flag, IntEnum, StrEnum, auto
from typing import final

from bot.core.buttons import Button, Confirmation, Rating
from bot.core.notices import SLOTS, Chart, LanguageName, ReadyLine
from bot.core.picture import Bars, Picture
from bot.core.spans import Body, ChannelRef, CommandRef

DISCORD, TELEGRAM, PLAYGROUND = "discord", "telegram", "playground"
DEFAULT_LOCALE = "en"  # the first language of a content that names no other


class Risk(IntEnum):
    """How loud a warning must be. There is no zero: every answer carries a warning."""

    GENERAL = 1
    ELEVATED = 2
    HIGH = 3


class Right(Flag):
    """What a member, or the bot itself, may do in a place: one right or several, translated from both platforms'."""

    NONE = 0
    SEND = auto()
    PIN = auto()
    MANAGE = auto()  # change the community's settings
    HISTORY = auto()  # read earlier messages
    DELETE = auto()  # remove other people's messages and service messages
    JOINS = auto()  # learn of new members
    ATTACH = auto()  # send pictures


@final
@dataclass(frozen=True, slots=True)
class Place:
    """Where a message is. Settings belong to the community, messages to the channel or topic.

    All ids are the platform's own, as text. `community` is None in a direct chat, `channel` too in an inline query.
    """

    platform: str
    community: str | None = None
    channel: str | None = None
    thread: str | None = None

    @property
    def home(self) -> "Place":
        """Its community as a whole."""
        return Place(self.platform, self.community)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody on a platform. `name` is what they call themselves: pass it through `markup.plain` before showing it."""

    id: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A message on a platform. With `media` its text is the caption of a picture."""

    place: Place
    message: str
    media: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a member sent, of `size` bytes. `source` is the platform's own way to its content."""

    size: int
    source: str


@final
@dataclass(frozen=True, slots=True)
class Request:
    """A member asks for `command`, with `text` after it.

    `locale` is the reader's language tag where the platform sends it; `about` the member or message that the answer is
    for; `rights` and `bot_rights` what the caller and the bot may do in that place, as the platform said for this
    request. A `guest` was not added to the place, its caller brought it along: the place is treated like a direct chat,
    with the loudest warning. In a `broadcast` place only administrators write, as the place itself, and all see what
    is answered (Telegram's channels). `buttons` are the commands of all buttons of a message, if one of them was
    pressed. With `rating` the member rates the answer of `command` in the language `text`; with `confirms` they pressed
    the button of that confirmation; with `translates` they want the answer, shown to all in that language ("":
    unknown), in their own. A public answer shows the `quote`, words or a message, where the platform does not show what
    was asked. `file` is what was sent with the command, or what the message it replies to has.
    """

    place: Place
    member: Member
    command: str
    text: str = ""
    locale: str | None = None
    about: Member | MessageRef | None = None
    private: bool = False
    rights: Right = Right.NONE
    bot_rights: Right = Right.NONE
    guest: bool = False
    broadcast: bool = False
    rating: Rating | None = None
    buttons: tuple[str, ...] | None = None
    quote: str | MessageRef | None = None
    confirms: Confirmation | None = None
    translates: str | None = None
    file: Attachment | None = None

    @property
    def turns_page(self) -> bool:
        """Whether a page of the menu of topics was pressed: the answer takes the place of its message, where only one
        member reads that.
        """
        return self.command == "topics" and self.buttons is not None and self.translates is None

    def pressing(self, button: Button, beside: Iterable[Button]) -> "Request":
        """What the member asks for by pressing that button; `beside` are all buttons of its message."""
        asked = replace(self, command=button.command, text=button.text, rating=button.rating, confirms=button.confirms)
        return replace(asked, translates=button.translates, buttons=tuple(one.command for one in beside))


class Outcome(StrEnum):
    """How a request was answered, for the counts; the first eight are also what a free question can be matched to."""

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


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An explainer that may be meant; `score` is between 0 and 1."""

    command: str
    title: str
    score: float


@dataclass(frozen=True, slots=True)
class Match:
    """What a free question was matched to. `suggestions` are the nearest explainers, best first; `why` names the rule
    or measure that decided, for the playground and the command line.
    """

    outcome: Outcome
    command: str | None
    suggestions: tuple[Suggestion, ...]
    score: float
    why: str

    @property
    def nearest(self) -> tuple[str, ...]:
        """The suggestions' commands."""
        return tuple(one.command for one in self.suggestions)


@dataclass(frozen=True, slots=True)
class Source:
    """The heading of the article's section and the day the answer was last checked against it. `line` says both in the
    reader's language; `overdue` since when it should have been checked again, for when that day is past; `title` is the
    article's, if it is known.
    """

    section: str
    checked: date
    line: str
    overdue: str = ""
    title: str = ""


Value = (
    CommandRef
    | ChannelRef
    | tuple[ChannelRef, ...]
    | Member
    | MessageRef
    | Place
    | LanguageName
    | ReadyLine
    | Chart
    | Right
    | int
)
"""What may fill a slot of a notice. Never free text; a member is a moderator whose name has no fault."""


@final
@dataclass(frozen=True, slots=True)
class Answer:
    """A draft about the subject or money; sealing adds the warning. `translation` asks for the same in the language of
    whoever presses it."""

    command: str
    outcome: Outcome
    title: str
    body: Body
    risk: Risk
    source: Source | None = None
    buttons: tuple[Button, ...] = ()
    picture: Picture | Bars | None = None
    translation: Button | None = None


@final
@dataclass(frozen=True, slots=True)
class Notice:
    """A draft about the bot itself ("Saved."): a key of `notices.SLOTS`. `rows` are further notices, one per line. The
    label of its `button` is the key of a notice too, and its language that of the reply. With `exports` the community's
    settings go with it as a file.
    """

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)
    rows: "tuple[Notice, ...]" = ()
    button: Button | None = None
    exports: bool = False

    def __post_init__(self) -> None:
        if self.values.keys() != SLOTS[self.key]:
            raise ValueError(f"the notice {self.key} takes {sorted(SLOTS[self.key])}, not {sorted(self.values)}")


Draft = Answer | Notice
