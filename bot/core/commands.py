"""The commands that are not explainers: their options and who is offered them. Their texts are content."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Literal

from bot.core.model import Outcome, Right
from bot.core.typed import spelling

ParamKind = Literal["text", "topic", "member", "flag", "choice", "file", "channel", "area"]
"""A topic is text completed with explainers' names; an area is a channel (or thread), or a forum."""


class Shown(Enum):
    """Who sees the answer to a command in a group, on a platform where the kind of command decides it (Telegram)."""

    ALL = "all"
    CALLER = "caller"  # only the caller where the platform can, else all
    SECRET = "secret"  # only the caller, or nobody


def first(words: Mapping[str, str]) -> str:
    """Words by language in the content's first one, which stands first."""
    return next(iter(words.values()), "")


@dataclass(frozen=True, slots=True)
class Param:
    """One option of a command; `names` and `descriptions` are by locale. Its `choices` need that `right`."""

    key: str
    kind: ParamKind
    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    required: bool = False
    choices: tuple[str, ...] = ()
    right: Right = Right.NONE


@dataclass(frozen=True, slots=True)
class CommandInfo:
    """A command as it is offered to a platform.

    `names` (shown by Discord only) and `descriptions` (at most 100 characters) are by locale. A command of the kind
    "message" is an entry of Discord's message menu. It is offered to those who have the `right` that its use needs.
    """

    name: str
    kind: Literal["slash", "message"] = "slash"
    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    params: tuple[Param, ...] = ()
    right: Right = Right.NONE
    shown: Shown = Shown.ALL

    def needs(self, text: str) -> Right:
        """The right that the caller needs for the command with `text` after it; `Right.NONE` if anybody may use it."""
        chosen = spelling(text)
        return self.right or next((one.right for one in self.params if chosen in one.choices), Right.NONE)


EXPLAINER_PARAMS = (Param("for", "member"), Param("private", "flag"))

_TOPIC = Param("topic", "topic", required=True)
_LANGUAGE = Param("language", "text")
_WELCOME_ACTIONS = ("on", "off", "preview", "message", "cleanup")
_SETTINGS = ("language", "risk", "cooldown", "channels", "forum", "export", "import")

COMMANDS = (
    CommandInfo("ask", params=(Param("question", "text", required=True), Param("private", "flag"))),
    CommandInfo("topics", params=(Param("topic", "topic"), *EXPLAINER_PARAMS), shown=Shown.CALLER),
    CommandInfo("risk"),
    CommandInfo("about"),
    CommandInfo("privacy", params=(Param("action", "choice", choices=("forget",), right=Right.MANAGE),)),
    CommandInfo("help", shown=Shown.CALLER),
    CommandInfo("explain", "message"),
    CommandInfo("pin", params=(_TOPIC, _LANGUAGE), right=Right.PIN),
    CommandInfo("post", params=(_TOPIC, Param("where", "channel"), _LANGUAGE), right=Right.PIN),
    CommandInfo("unpin", params=(_TOPIC,), right=Right.PIN),
    CommandInfo("pins", right=Right.PIN),
    CommandInfo(
        "welcome",
        params=(Param("action", "choice", choices=_WELCOME_ACTIONS), Param("text", "text")),
        right=Right.MANAGE,
    ),
    CommandInfo(
        "settings",
        params=(
            Param("name", "choice", choices=_SETTINGS),
            Param("value", "text"),
            Param("channel", "area"),
            Param("file", "file"),
        ),
        right=Right.MANAGE,
        shown=Shown.SECRET,
    ),
    CommandInfo("log", params=(Param("action", "choice", choices=("on", "off")),), right=Right.MANAGE),
    CommandInfo("stats", right=Right.MANAGE, shown=Shown.SECRET),
    CommandInfo("diagnose", right=Right.MANAGE, shown=Shown.SECRET),
)

MOST_OFFERED: Final = 100  # slash commands: Discord takes no more, nor does a menu of Telegram's


def offered(explainers: Sequence[CommandInfo], own: Sequence[CommandInfo]) -> tuple[CommandInfo, ...]:
    """What is offered to the platforms: as many explainers as they take beside the bot's own commands, the first ones
    first. The rest is found by `/topics`, `/ask` and, where people type commands, by name.
    """
    return (*explainers[: MOST_OFFERED - sum(info.kind == "slash" for info in own)], *own)


PAGES = frozenset({"risk", "topics", "about", "privacy", "help", "start"})  # pages that answer the command of that name
PAGE_SLOTS = {
    "about": frozenset({"version", "revision", "reviewed", "reason"})
}  # filled by code; other pages have no slots
POLICY_PAGES: Mapping[str, Outcome] = {
    "advice": Outcome.ADVICE,
    "price": Outcome.PRICE,
    "scam": Outcome.SCAM,
    "did-you-mean": Outcome.SUGGEST,
    "no-answer": Outcome.NONE,
}
"""The pages that decline a question, or offer explainers to choose from."""
REPLY_PAGES = frozenset({*POLICY_PAGES, "privacy-log"})
