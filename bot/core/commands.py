"""The commands that are not explainers: their options and the right that each needs. Their texts are content."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Literal

from bot.core.command_text import spelling
from bot.core.model import Outcome, Right

ParamKind = Literal["text", "topic", "member", "flag", "choice", "file", "channel", "area"]
"""A topic is text with completion of explainers' names; an area is a channel, a thread or a forum."""


class Shown(Enum):
    """Who sees a command's answer in a group, on a platform where the command decides this (Telegram)."""

    ALL = "all"
    CALLER = "caller"  # only the caller if the platform can do that, else all
    SECRET = "secret"  # only the caller; not sent if the platform cannot do that


def first(words: Mapping[str, str]) -> str:
    """Return the text in the content's default language, which is the first in the mapping; "" if it is empty."""
    return next(iter(words.values()), "")


@dataclass(frozen=True, slots=True)
class Param:
    """An option of a command; `names` and `descriptions` are by locale. To use one of its `choices`, a member needs
    the `right`."""

    key: str
    kind: ParamKind
    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    required: bool = False
    choices: tuple[str, ...] = ()
    right: Right = Right.NONE


@dataclass(frozen=True, slots=True)
class CommandInfo:
    """A command for a platform's menu.

    `names` (only Discord shows them) and `descriptions` (at most 100 characters) are by locale. The kind "message" is
    an entry in Discord's message menu. A member needs the `right` to see and use the command.
    """

    name: str
    kind: Literal["slash", "message"] = "slash"
    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    params: tuple[Param, ...] = ()
    right: Right = Right.NONE
    shown: Shown = Shown.ALL

    def needs(self, text: str) -> Right:
        """Return the right that a member needs for the command with this text; `Right.NONE` if everyone may use it."""
        choice = spelling(text)
        return self.right or next((param.right for param in self.params if choice in param.choices), Right.NONE)


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

MOST_OFFERED: Final = 100  # slash commands: the limit of Discord and of a Telegram menu


def offered(explainers: Sequence[CommandInfo], own: Sequence[CommandInfo]) -> tuple[CommandInfo, ...]:
    """Return the commands for the platforms' menus: all of the bot's `own`, after as many explainers as fit.

    Members find the other explainers with `/topics`, `/ask` and, where they can type any command, by name.
    """
    return (*explainers[: MOST_OFFERED - sum(info.kind == "slash" for info in own)], *own)


PAGES = frozenset({"risk", "topics", "about", "privacy", "help", "start"})  # pages that answer the command of that name
PAGE_SLOTS = {
    "about": frozenset({"version", "revision", "reviewed", "reason"})
}  # the slots that code fills; other pages have none
POLICY_PAGES: Mapping[str, Outcome] = {
    "advice": Outcome.ADVICE,
    "price": Outcome.PRICE,
    "scam": Outcome.SCAM,
    "did-you-mean": Outcome.SUGGEST,
    "no-answer": Outcome.NONE,
}
"""The pages that decline a question or offer explainers to choose from, with the outcome that is counted."""
REPLY_PAGES = frozenset({*POLICY_PAGES, "privacy-log"})
