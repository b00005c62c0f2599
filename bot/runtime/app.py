"""Builds the bot from its settings: the only module that knows all others. What a command of the command line may do
without is imported where it is built.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, final

from bot import VERSION
from bot.adapters.discord import menu
from bot.adapters.discord import render as discord
from bot.adapters.playground.preview import Preview
from bot.adapters.telegram import render as telegram
from bot.config import ConfigError, Settings
from bot.content.builder import written_date
from bot.content.files import outside
from bot.content.loader import MenuFit, load
from bot.content.text_rules import Fit
from bot.core.catalog import Catalog, Language, without_pictures
from bot.core.commands import CommandInfo
from bot.core.community import Community
from bot.core.disclaimer import Reply
from bot.core.errors import Problem
from bot.core.model import DEFAULT_LOCALE, Match, Place, Risk, Suggestion
from bot.core.spans import Span, Text

if TYPE_CHECKING:
    from bot.content.live_content import LiveContent
    from bot.features.answers import Responder
    from bot.matching.matcher import Matcher

FITS: Mapping[str, Fit] = {"Discord": discord.overflow, "Telegram": telegram.overflow}
MENUS: Mapping[str, MenuFit] = {"Discord": menu.overflow}


def read_content(folder: Path) -> Catalog:
    """The content of a folder, held against the limits of both platforms.

    Raises:
        ContentError: with every problem.
    """
    return load(folder, FITS, MENUS)


def read_words(folder: Path) -> Catalog:
    """The same content without its pictures.

    Raises:
        ContentError: with every problem, those of the pictures too.
    """
    return without_pictures(read_content(folder))


def _buttons(rows: Iterable[Iterable[tuple[str, str]]]) -> list[list[dict[str, str]]]:
    return [[{"label": label, "id": id_} for label, id_ in row] for row in rows]


def shown_on_discord(reply: Reply) -> dict[str, Any]:
    """What Discord is sent, as plain values."""
    message = discord.render(reply)
    picture = {"picture": message.alt} if message.file else {}
    return {"text": message.content, "buttons": _buttons(message.rows)} | picture


def shown_on_telegram(reply: Reply) -> dict[str, Any]:
    """What Telegram is sent, as plain values."""
    message = telegram.render(reply)
    entities = [{"type": one.kind, "offset": one.offset, "length": one.length} for one in message.entities]
    return {"text": message.text, "entities": entities, "buttons": _buttons(message.keyboard)}


def _discord_name(info: CommandInfo, locale: str) -> str:
    return info.names.get(locale) or info.names[DEFAULT_LOCALE]


def _telegram_name(info: CommandInfo, _: str) -> str:
    return telegram.command_name(info.name)


FACES: Mapping[str, Preview] = {
    "discord": Preview(shown_on_discord, _discord_name, discord.CONTENT),
    "telegram": Preview(shown_on_telegram, _telegram_name, telegram.LONGEST),
}


class DirectChats:
    """The communities of a bot that is in none: everybody gets the defaults."""

    def __init__(self, locale: str) -> None:
        self._locale = locale

    async def of(self, place: Place) -> Community:
        """The defaults."""
        return Community(place.platform, None, self._locale)


@final
class FirstAsked:
    """A matcher that is made when it is first asked: a command's name needs none."""

    def __init__(self, make: Callable[[], Matcher]) -> None:
        self._made = cache(make)

    async def match(self, text: str) -> Match:
        """What the text asks for."""
        return await self._made().match(text)

    def suggest(self, text: str, limit: int) -> tuple[Suggestion, ...]:
        """The explainers nearest to what was typed so far."""
        return self._made().suggest(text, limit)

    def fault_in_line(self, line: str) -> str | None:
        """What in a moderators' line must not stand in a greeting."""
        return self._made().fault_in_line(line)

    def warm(self) -> None:
        """Make and load it now. Blocking (.2 s): in a process that serves, call it in a thread."""
        self._made().warm()


def facts_of(catalog: Catalog, language: Language) -> Mapping[str, tuple[Span, ...]]:
    """What fills the slots of the pages: this version, its content, and the day of its oldest review."""
    oldest = min((entry.source.checked for entry in catalog.default.entries.values()), default=date.min)
    return {
        "version": (Text(VERSION),),
        "revision": (Text(catalog.revision),),
        "reviewed": (Text(written_date(oldest, language.locale)),),
    }


def shelf_of(settings: Settings, *, kept: bool, stays: Callable[[], None] = lambda: None) -> LiveContent:
    """The shelf of the settings' content folder, not opened yet; `kept` keeps the last good version beside the data,
    `stays` is called when a version is all there.
    """
    folder = settings.data_dir / "content" if kept else None
    from bot.content.live_content import LiveContent

    floor = Risk[settings.risk_floor.upper()]
    read = read_content if settings.pictures else read_words
    return LiveContent(settings.responses_dir, folder, read, floor, settings.default_locale, stays=stays)


def require_language(settings: Settings, shelf: LiveContent) -> None:
    """Refuse a default language that the content does not have.

    Raises:
        ConfigError: it names the languages that there are.
    """
    languages = shelf.edition.catalog.languages
    if settings.default_locale not in languages:
        raise ConfigError(f"DEFAULT_LOCALE: the content has no such language; it has {', '.join(languages)}")


def answering(settings: Settings) -> Responder:
    """A responder that answers from the content as it is now, and remembers nothing.

    Raises:
        ContentError: the content has problems.
        ConfigError: the default language is none of its.
    """
    from bot.features.answers import Responder

    shelf = shelf_of(settings, kept=False)
    shelf.open()
    require_language(settings, shelf)
    matcher = FirstAsked(lambda: matcher_of(lambda: shelf.edition.catalog))
    return Responder(lambda: shelf.edition, DirectChats(settings.default_locale), matcher, facts_of)


def quoting(folder: Path) -> Callable[[Problem], str | None]:
    """Gives the line of the content that a problem speaks of, at most 200 characters of it; None if there is none.

    A link may lead out of the folder, to a file with a secret in it: such a file is never quoted.
    """

    def quote(problem: Problem) -> str | None:
        if outside(folder, problem.file):
            return None
        try:
            lines = (folder / problem.file).read_text("utf-8").splitlines() if problem.line else []
        except (OSError, UnicodeDecodeError):
            return None  # the problem itself says that the file cannot be read
        return lines[problem.line - 1][:200] if problem.line <= len(lines) and problem.line else None

    return quote


def matcher_of(catalog: Callable[[], Catalog]) -> Matcher:
    """A matcher for the catalog in use at that moment; what it was trained to do is loaded at its first use."""
    from bot.matching.matcher import Knowledge, Matcher, load_engine

    def knowledge() -> Knowledge:
        now = catalog()
        return Knowledge(now.names, now.questions, now.patterns)

    return Matcher(knowledge, load_engine)
