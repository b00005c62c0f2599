"""Seals drafts into replies. Only `seal` can make a Reply and platforms send only replies, so every answer about the
subject or money has its risk warning.
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

RENDER_VERSION = 3  # raise it when a renderer shows the same reply differently, so that every pin is refreshed

LONGEST_QUOTE = 150  # characters of a question that are shown in an answer

_COLUMNS = "·▁▂▃▄▅▆▇█"  # the columns of a chart, from zero to the highest value

_KEY = object()


@final
@dataclass(frozen=True, slots=True)
class Reply:
    """A sealed text that can be sent. Only `seal` and `address` make one.

    `warning` is None only in a notice, or if the content gives a reason why it needs none. `picture` shows the same
    answer and its warning, on platforms that can show both together. `translation` is a button for places where readers
    of other languages see the answer. `quote` is the question or the message that it answers, shown between the warning
    and the body. The `settings` of a community are attached as a file.

    `to` is the member it mentions or the message it replies to. If `private`, only the caller sees it, where the
    platform can do that. `digest` covers everything that is shown and the render version, but not the receiver, the
    quote and the settings.
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
            raise TypeError("only seal() can make a Reply")

    @property
    def reviewed(self) -> bool:
        """Whether all its words are from the content. A page or a notice may contain a member's name or words, so
        nothing that is made from it may be cached.
        """
        return self.quote is None and self.outcome not in (Outcome.PAGE, Outcome.NOTICE)

    @property
    def is_notice(self) -> bool:
        """Whether it is about the bot itself."""
        return self.outcome is Outcome.NOTICE

    def __init_subclass__(cls) -> None:
        raise TypeError("Reply cannot have subclasses, because they could be made without seal()")


def seal(draft: Draft, language: Language, floor: Risk, community: Community | None = None) -> Reply:
    """Make the reply for a draft in that language.

    An answer gets the warning for its own risk or for `floor`, whichever is higher. A notice that exports settings gets
    those of `community`.

    Raises:
        KeyError: a notice's key or slot that the language does not have; the content check refuses such a language.
    """
    warning, settings = None, None
    if isinstance(draft, Notice):
        settings = community if draft.exports else None
        button = draft.button
        label = flatten(language.notices[button.label]) if button else ""
        buttons = (replace(button, label=label, locale=language.locale),) if button else ()
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
    digested = repr((RENDER_VERSION, *shown)).encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(digested).hexdigest()[:32]
    return Reply(*shown, draft.outcome, digest, None, False, None, settings, _KEY)


@final
@dataclass(frozen=True, slots=True)
class Profile:
    """The bot's long and short description for its profile, both with the risk warning. Only `profile_of` makes one."""

    description: str
    short: str
    key: InitVar[object]

    def __post_init__(self, key: object) -> None:
        if key is not _KEY:
            raise TypeError("only profile_of() can make a Profile")

    def __init_subclass__(cls) -> None:
        raise TypeError("Profile cannot have subclasses, because they could be made without profile_of()")


def profile_of(language: Language) -> Profile:
    """Make the bot's profile in that language.

    Commands in the short description cannot be pressed, so its warning does not refer to /risk.
    """
    description, short = language.profile
    warning, without_reference = language.warning(Risk.GENERAL, ""), language.warning(Risk.GENERAL, "risk")
    return Profile(
        "\n\n".join(filter(None, (description, warning))),
        " ".join(filter(None, (short, without_reference))),
        _KEY,
    )


def readdress(
    reply: Reply, to: Member | MessageRef | None, private: bool, quote: str | MessageRef | None = None
) -> Reply:
    """Return the reply for another receiver, or for the caller alone. Its words and its digest stay the same.

    An answer that others can read shows the `quote`: the message that it answers, or the question, made harmless. A
    notice never shows a quote, and the words of a scam are not repeated.
    """
    shown: Text | MessageRef | None = None
    if not reply.is_notice and not private:
        if isinstance(quote, MessageRef):
            shown = quote
        elif quote and reply.outcome is not Outcome.SCAM and (words := plain(quote, LONGEST_QUOTE)).text:
            shown = words
    return replace(reply, to=to, private=private, quote=shown, key=_KEY)


def _notice_body(notice: Notice, language: Language) -> Body:
    """Return the notice's text, followed by its rows as a list. A row with rows of its own interrupts the list."""
    values = {name: _spans_of(value, language) for name, value in notice.values.items()}
    number = next((value for value in notice.values.values() if isinstance(value, int)), None)
    body = list(fill(language.notice(notice.key, number), values))
    for has_rows, rows in groupby(notice.rows, lambda row: bool(row.rows)):
        blocks = [block for row in rows for block in _notice_body(row, language)]
        body += blocks if has_rows else [Bullets(tuple(spans for block in blocks for spans in lines(block)))]
    return tuple(body)


def _bars(notice: Notice, language: Language) -> Bars | None:
    """Return the first chart in the notice's rows as a picture; None without one or if pictures are off."""
    charts = (value for row in notice.rows for value in row.values.values() if isinstance(value, Chart))
    if (chart := next(charts, None)) is None or not language.pictures:
        return None
    values = {"days": (Text(f"{len(chart.numbers)}"),)}
    return Bars(flatten(fill(language.notices["stats-chart"], values)), chart.numbers)


def _link(place: Place, message: str, language: Language) -> MessageLink:
    """Link a message, or a whole place if `message` is empty. In a chat without topics the link needs a label."""
    label = language.this_chat if place.channel == place.community and place.thread is None else ""
    return MessageLink(place.community or "", place.channel or "", place.thread, message, label)


def _spans_of(value: Value, language: Language) -> tuple[Span, ...]:
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
            heights = (-(-number * (len(_COLUMNS) - 1) // most) for number in numbers)  # rounded up
            return (Text("".join(_COLUMNS[height] for height in heights)),)
        case ReadyLine(number):
            return language.greeting.ready[number - 1]
        case _:
            return (Text(f"{value}"),)
