"""Draft to Reply. `seal` is the only way to a Reply, a Reply is all a platform takes, and a Reply about Kusama or
money always has its warning.
"""

import hashlib
from dataclasses import InitVar, dataclass
from typing import final

from bot.core.catalog import Language
from bot.core.model import (
    Answer,
    Button,
    Draft,
    LanguageName,
    Member,
    MessageRef,
    Notice,
    Outcome,
    ReadyLine,
    Right,
    Risk,
    Value,
)
from bot.core.picture import Picture
from bot.core.spans import Body, ChannelRef, CommandRef, Span, Text, fill

RENDER_VERSION = 2  # raise it when a renderer shows the same reply differently: every pin is then refreshed

_KEY = object()
_FILLED = frozenset({Outcome.PAGE, Outcome.NOTICE})


@final
@dataclass(frozen=True, slots=True)
class Reply:
    """Sealed words on their way out. Only `seal` and `address` make one.

    `warning` is None for a notice alone. `to` is the one member it mentions or the message it answers; `private`
    shows it to the caller only, where the platform can. `picture` says the answer once more, with the warning inside,
    where the platform can show both together. `digest` covers what is shown and the render version, but
    not `to` and `private`.
    """

    command: str
    locale: str
    outcome: Outcome
    title: str
    warning: str | None
    body: Body
    source: str | None
    buttons: tuple[Button, ...]
    picture: Picture | None
    digest: str
    to: Member | MessageRef | None
    private: bool
    key: InitVar[object]

    def __post_init__(self, key: object) -> None:
        if key is not _KEY:
            raise TypeError("a Reply is made by seal() alone")

    @property
    def reviewed(self) -> bool:
        """Whether all its words are the content's own: a page or a notice may hold a member's name or words, so what
        is made of it is not kept.
        """
        return self.outcome not in _FILLED

    def __init_subclass__(cls) -> None:
        raise TypeError("Reply has no children: they could skip the seal")


def seal(
    draft: Draft,
    language: Language,
    floor: Risk,
    *,
    to: Member | MessageRef | None = None,
    private: bool = False,
) -> Reply:
    """Close a draft: its warning at the louder of its own risk and `floor`, in the language of its words.

    Raises:
        KeyError: a notice's key or slot that the language does not have; the content check refuses such a language.
    """
    if isinstance(draft, Notice):
        draft, warning = _spoken(draft, language), None
    else:
        warning = language.warning(max(draft.risk, floor), draft.command)
    source = draft.source.line if draft.source else None
    said = (draft.command, language.locale, draft.title, warning, draft.body, source, draft.buttons, draft.picture)
    shown = (RENDER_VERSION, *said)
    digest = hashlib.sha256(repr(shown).encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return Reply(
        draft.command,
        language.locale,
        draft.outcome,
        draft.title,
        warning,
        draft.body,
        source,
        draft.buttons,
        draft.picture,
        digest,
        to,
        private,
        _KEY,
    )


def address(reply: Reply, to: Member | MessageRef | None, private: bool) -> Reply:
    """The same sealed words for somebody else, or for the caller alone; the digest stays."""
    return Reply(
        reply.command,
        reply.locale,
        reply.outcome,
        reply.title,
        reply.warning,
        reply.body,
        reply.source,
        reply.buttons,
        reply.picture,
        reply.digest,
        to,
        private,
        _KEY,
    )


def _spoken(notice: Notice, language: Language) -> Answer:
    """The notice as words. The risk has no say here: the caller leaves the warning out."""
    return Answer("", Outcome.NOTICE, "", _notice(notice, language), Risk.GENERAL)


def _notice(notice: Notice, language: Language) -> Body:
    """The notice's words, its rows below it."""
    values = {name: _shown(value, language) for name, value in notice.values.items()}
    rows = tuple(block for row in notice.rows for block in _notice(row, language))
    return fill(language.notices[notice.key], values) + rows


def _shown(value: Value, language: Language) -> tuple[Span, ...]:
    match value:
        case CommandRef() | ChannelRef():
            return (value,)
        case Right():
            return (Text(language.listed([language.rights[right] for right in value])),)
        case LanguageName(locale):
            name = language.names.get(locale)
            return (Text(f"{name} ({locale})" if name else locale),)
        case ReadyLine(number):
            return language.greeting.ready[number - 1]
        case _:
            return (Text(f"{value}"),)
