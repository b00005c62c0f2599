"""The commands that are no explainers, as data: their options and who is offered them. Their words are content."""

from dataclasses import dataclass
from enum import Enum
from typing import Literal, final

ParamKind = Literal["text", "topic", "member", "flag", "choice"]


class Audience(Enum):
    """Who is offered a command. What they may do is checked again at every use."""

    EVERYONE = "everyone"
    PINNERS = "pinners"
    MANAGERS = "managers"


@final
@dataclass(frozen=True, slots=True)
class Param:
    """One option of a command. `names` and `descriptions` are by locale; `audience` is whom its use is for."""

    key: str
    kind: ParamKind
    names: dict[str, str]
    descriptions: dict[str, str]
    required: bool = False
    choices: tuple[str, ...] = ()
    audience: Audience = Audience.EVERYONE


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

    def guarded(self, text: str) -> bool:
        """Whether the caller's rights decide about the command with that text behind it."""
        everyone = Audience.EVERYONE
        return self.audience is not everyone or bool(text and any(one.audience is not everyone for one in self.params))


@final
@dataclass(frozen=True, slots=True)
class ParamShape:
    """One option. A topic is text that the platform completes with explainers' names."""

    key: str
    kind: ParamKind
    required: bool = False
    choices: tuple[str, ...] = ()
    audience: Audience = Audience.EVERYONE


@final
@dataclass(frozen=True, slots=True)
class CommandShape:
    """One command; `key` names its words in interface.yaml."""

    key: str
    params: tuple[ParamShape, ...] = ()
    audience: Audience = Audience.EVERYONE
    kind: Literal["slash", "message"] = "slash"


EXPLAINER_PARAMS = (ParamShape("for", "member"), ParamShape("private", "flag"))

COMMANDS = (
    CommandShape("ask", (ParamShape("question", "text", required=True),)),
    CommandShape("topics"),
    CommandShape("risk"),
    CommandShape("about"),
    CommandShape("privacy", (ParamShape("action", "choice", choices=("forget",), audience=Audience.MANAGERS),)),
    CommandShape("help"),
    CommandShape("explain", kind="message"),
    CommandShape("pin", (ParamShape("topic", "topic", required=True),), Audience.PINNERS),
    CommandShape("unpin", (ParamShape("topic", "topic", required=True),), Audience.PINNERS),
    CommandShape("pins", audience=Audience.PINNERS),
    CommandShape(
        "welcome",
        (
            ParamShape("action", "choice", choices=("on", "off", "preview", "message", "cleanup")),
            ParamShape("text", "text"),
        ),
        Audience.MANAGERS,
    ),
    CommandShape(
        "settings",
        (
            ParamShape("name", "choice", choices=("language", "risk", "cooldown", "channels")),
            ParamShape("value", "text"),
        ),
        Audience.MANAGERS,
    ),
    CommandShape("stats", audience=Audience.MANAGERS),
    CommandShape("diagnose", audience=Audience.MANAGERS),
)

PAGES = frozenset({"risk", "topics", "about", "privacy", "help", "start"})  # pages that answer a command of their name
PAGE_SLOTS = {"about": frozenset({"version", "revision", "reviewed"})}  # what code fills; other pages have no slots
REPLY_PAGES = frozenset({"advice", "price", "scam", "no-answer", "did-you-mean", "privacy-log"})
