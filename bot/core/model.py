"""The frozen values that all layers share: places, members, requests, matches, drafts."""

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
DEFAULT_LOCALE = "en"  # the default language of content that does not set one


class Risk(IntEnum):
    """The level of a risk warning. There is no zero: every answer carries a warning."""

    GENERAL = 1
    ELEVATED = 2
    HIGH = 3


class Right(Flag):
    """One or several things that a member or the bot may do in a place, translated from the platforms' permissions."""

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

    All ids are the platform's, as text. `community` is None in a direct chat; in an inline query `channel` is too.
    """

    platform: str
    community: str | None = None
    channel: str | None = None
    thread: str | None = None

    @property
    def home(self) -> "Place":
        """The community alone, without channel and thread."""
        return Place(self.platform, self.community)


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a platform. Members choose their `name`: pass it through `markup.plain` before showing it."""

    id: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A message on a platform. If `media` is set, its text is the caption of a picture."""

    place: Place
    message: str
    media: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a member sent. `size` is in bytes; `source` is the id or URL by which the platform serves it."""

    size: int
    source: str


@final
@dataclass(frozen=True, slots=True)
class Request:
    """What a member asks for: a `command`, with the `text` after it.

    With `guest`, the caller uses the bot in a place to which it was not added. It answers as in a direct chat, with the
    loudest warning. A `broadcast` place is a Telegram channel: only administrators write there, in the channel's name,
    and everybody sees the answers.
    """

    place: Place
    member: Member
    command: str
    text: str = ""
    locale: str | None = None  # the member's language tag, if the platform sends it
    about: Member | MessageRef | None = None  # the member or the message that the answer is for
    private: bool = False  # show the answer to the caller alone
    rights: Right = Right.NONE  # the caller's in this place, as the platform sent them with this request
    bot_rights: Right = Right.NONE  # the bot's, in the same way
    guest: bool = False
    broadcast: bool = False
    rating: Rating | None = None  # the member rates the answer to `command` in the language `text`
    buttons: tuple[str, ...] | None = None  # after a press: the commands of all buttons of that message
    quote: str | MessageRef | None = None  # the question or message to show in a public answer, if it is not visible
    confirms: Confirmation | None = None  # the member pressed the button of this confirmation
    translates: str | None = None  # the member wants an answer, shown in this language ("": unknown), in their own
    file: Attachment | None = None  # sent with the command, or with the message that it replies to

    @property
    def turns_page(self) -> bool:
        """Whether the member pressed a button that leads to a page of the topics menu.

        The answer then replaces the message with the button if only one member sees that.
        """
        return self.command == "topics" and self.buttons is not None and self.translates is None

    def pressing(self, button: Button, beside: Iterable[Button]) -> "Request":
        """Return the request that pressing the button makes; `beside` are all buttons of its message."""
        request = replace(self, command=button.command, text=button.text, rating=button.rating)
        commands = tuple(one.command for one in beside)
        return replace(request, confirms=button.confirms, translates=button.translates, buttons=commands)


class Outcome(StrEnum):
    """How a request was answered, for the counts. A free question is matched to one of the first eight."""

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
    """An explainer that the member may mean. `score` is between 0 and 1."""

    command: str
    title: str
    score: float


@dataclass(frozen=True, slots=True)
class Match:
    """The result of matching a free question. `suggestions` are the nearest explainers, best first. `why` names the
    rule or the measure that decided, for the playground and the command line.
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
    """Where an answer comes from: the heading of a section in the article, and the day of the last check against it.

    `line` says both in the reader's language. `overdue` is the text added to it once the next check is overdue. `title`
    is the article's, if known.
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
"""What may fill a slot of a notice. Never free text; a member is a moderator whose name passed the check of names."""


@final
@dataclass(frozen=True, slots=True)
class Answer:
    """A draft about the subject or money; `seal` adds the warning. The button `translation` asks for the same answer in
    the language of the member who presses it."""

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
    """A draft about the bot itself, such as "Saved.". `key` is in `notices.SLOTS`; `rows` are more notices, one a line.

    The label of `button` is the key of a notice; `seal` puts in that notice's text and the reply's language. If
    `exports`, the community's settings are attached as a file.
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
