"""Seals drafts. `seal` is the only way to make a Reply, and a Reply is all that a platform sends: so every answer about
the subject or money has its risk warning.
"""

import hashlib
from dataclasses import InitVar, dataclass, replace
from itertools import groupby
from typing import final

from bot.core.buttons import Button
from bot.core.catalog import Language
from bot.core.community import Community
from bot.core.markup import plain
from bot.core.model import Answer, Draft, Member, MessageRef, Notice, Outcome, Place, Right, Risk, Value
from bot.core.notices import Chart, LanguageName, ReadyLine
from bot.core.picture import Bars, Picture
from bot.core.spans import Body, Bullets, ChannelRef, CommandRef, MessageLink, Span, Text, fill, flatten, lines

RENDER_VERSION = 3  # raise it when a renderer shows the same reply differently: every pin is then refreshed

LONGEST_QUOTE = 150  # characters of a question that an answer shows

_COLUMNS = "·▁▂▃▄▅▆▇█"  # of a chart, from nothing to the most

_KEY = object()


@final
@dataclass(frozen=True, slots=True)
class Reply:
    """A sealed text on its way out. Only `seal` and `address` make one.

    `warning` is None only in a notice, and where the content says why it needs none. `picture` shows the answer once
    more, with the warning inside, where the platform can show both together; `translation` is a button for where
    readers of other languages see the answer. `digest` covers everything that is shown and the render version, but
    not whom it is for: `to` is the one member it mentions or the message it answers, with `private` only the caller
    sees it, where the platform can do that. `quote` is the question or the message it answers, shown between the
    warning and the body. The `settings` of a community go with it as a file.
    """

    command: str
    locale: str
    title: str
    warning: str | None
    body: Body
    source: str | None
    buttons: tuple[Button, ...]
    picture: Picture | Bars | None
    translation: Button | None
    outcome: Outcome
    digest: str
    to: Member | MessageRef | None
    private: bool
    quote: Text | MessageRef | None
    settings: Community | None
    key: InitVar[object]

    def __post_init__(self, key: object) -> None:
        if key is not _KEY:
            raise TypeError("a Reply is made only by seal()")

    @property
    def reviewed(self) -> bool:
        """Whether all its words are the content's own. A page or a notice may contain a member's name or words, so
        nothing that is made of it may be cached.
        """
        return self.quote is None and self.outcome not in (Outcome.PAGE, Outcome.NOTICE)

    @property
    def is_notice(self) -> bool:
        """Whether it speaks only of the bot."""
        return self.outcome is Outcome.NOTICE

    def __init_subclass__(cls) -> None:
        raise TypeError("Reply has no children: they could skip the seal")


def seal(draft: Draft, language: Language, floor: Risk, community: Community | None = None) -> Reply:
    """Make the reply that shows a draft in its language. An answer gets the warning for its own risk or for `floor`,
    whichever is louder; a notice that exports the settings has those of `community`.

    Raises:
        KeyError: a notice's key or slot that the language does not have; the content check refuses such a language.
    """
    warning, settings = None, None
    if isinstance(draft, Notice):
        settings = community if draft.exports else None
        one = draft.button
        label = flatten(language.notices[one.label]) if one else ""
        buttons = (replace(one, label=label, locale=language.locale),) if one else ()
        body, bars = _notice_body(draft, language), _bars(draft, language)
        draft = Answer("", Outcome.NOTICE, "", body, Risk.GENERAL, buttons=buttons, picture=bars)
    else:
        warning = language.warning(max(draft.risk, floor), draft.command)
    source = draft.source.line if draft.source else None
    shown = (
        draft.command,
        language.locale,
        draft.title,
        warning,
        draft.body,
        source,
        draft.buttons,
        draft.picture,
        draft.translation,
    )
    seen = repr((RENDER_VERSION, *shown)).encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(seen).hexdigest()[:32]
    return Reply(*shown, draft.outcome, digest, None, False, None, settings, _KEY)


@final
@dataclass(frozen=True, slots=True)
class Profile:
    """What the platforms show of the bot itself, with the risk warning in both. Only `profile_of` makes one."""

    description: str
    short: str
    key: InitVar[object]

    def __post_init__(self, key: object) -> None:
        if key is not _KEY:
            raise TypeError("a Profile is made only by profile_of()")

    def __init_subclass__(cls) -> None:
        raise TypeError("Profile has no children: they could skip the seal")


def profile_of(language: Language) -> Profile:
    """The bot's profile in that language. Nothing can be pressed in the short one, so it does not lead to /risk."""
    description, short = language.profile
    whole, bare = language.warning(Risk.GENERAL, ""), language.warning(Risk.GENERAL, "risk")
    return Profile("\n\n".join(filter(None, (description, whole))), " ".join(filter(None, (short, bare))), _KEY)


def address(
    reply: Reply, to: Member | MessageRef | None, private: bool, quote: str | MessageRef | None = None
) -> Reply:
    """The same sealed words for somebody else, or only for the caller; the digest stays. An answer that others read
    shows the question, made harmless, or the message that it answers (`quote`). A notice never holds such words, and
    what reads like a scam is not repeated.
    """
    shown: Text | MessageRef | None = None
    if not reply.is_notice and not private:
        if isinstance(quote, MessageRef):
            shown = quote
        elif quote and reply.outcome is not Outcome.SCAM and (words := plain(quote, LONGEST_QUOTE)).text:
            shown = words
    return replace(reply, to=to, private=private, quote=shown, key=_KEY)


def _notice_body(notice: Notice, language: Language) -> Body:
    """The notice's words, and its rows below them as a list; a row that has rows itself stands between two lists."""
    values = {name: _shown(value, language) for name, value in notice.values.items()}
    number = next((value for value in notice.values.values() if isinstance(value, int)), None)
    body = list(fill(language.notice(notice.key, number), values))
    for has_rows, rows in groupby(notice.rows, lambda row: bool(row.rows)):
        said = [block for row in rows for block in _notice_body(row, language)]
        body += said if has_rows else [Bullets(tuple(spans for block in said for spans in lines(block)))]
    return tuple(body)


def _bars(notice: Notice, language: Language) -> Bars | None:
    """The first chart of its rows as a picture."""
    charts = (value for row in notice.rows for value in row.values.values() if isinstance(value, Chart))
    if (chart := next(charts, None)) is None or not language.pictures:
        return None
    values = {"days": (Text(f"{len(chart.numbers)}"),)}
    return Bars(flatten(fill(language.notices["stats-chart"], values)), chart.numbers)


def _link(place: Place, message: str, language: Language) -> MessageLink:
    """A link that needs no words of its own, except in a chat without topics, which is all one place."""
    label = language.this_chat if place.channel == place.community and place.thread is None else ""
    return MessageLink(place.community or "", place.channel or "", place.thread, message, label)


def _shown(value: Value, language: Language) -> tuple[Span, ...]:
    match value:
        case CommandRef() | ChannelRef():
            return (value,)
        case MessageRef(place, message):
            return (_link(place, message, language),)
        case Place():
            return (_link(value, "", language),)
        case Member():
            return (plain(value.name),)
        case tuple():
            return tuple(span for number, one in enumerate(value) for span in ((Text(", "),) * bool(number) + (one,)))
        case Right():
            return (Text(language.listed([language.rights[right] for right in value])),)
        case LanguageName(locale):
            name = language.names.get(locale)
            return (Text(f"{name} ({locale})" if name else locale),)
        case Chart(numbers):
            most = max(numbers, default=0) or 1
            return (Text("".join(_COLUMNS[-(-one * (len(_COLUMNS) - 1) // most)] for one in numbers)),)
        case ReadyLine(number):
            return language.greeting.ready[number - 1]
        case _:
            return (Text(f"{value}"),)
