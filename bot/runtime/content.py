"""Opens the content that the settings name, with what answers from it alone: all that most commands need.

Kept apart from the container so that those commands import neither platform's library.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from pathlib import Path

from bot import version
from bot.adapters.discord import menu
from bot.adapters.discord import render as discord
from bot.adapters.telegram import render as telegram
from bot.config import ConfigError, Settings
from bot.content.languages import written_date
from bot.content.live_content import LiveContent
from bot.content.loader import load
from bot.content.yaml_file import YamlProblem, parse
from bot.core.catalog import Catalog, Language, without_pictures
from bot.core.community import Community
from bot.core.errors import BadInput
from bot.core.model import Place, Risk
from bot.core.settings_file import NAME, Document
from bot.core.spans import Span, Text
from bot.features.answers import Responder
from bot.features.settings_import import import_refused
from bot.matching.matcher import Knowledge, Matcher, load_engine


def read_content(*folders: Path) -> Catalog:
    """Read the content of a pack and the overlays over it, checked against the limits of both platforms.

    Raises:
        ContentError: with every problem.
    """
    fits = {"Discord": discord.overflow, "Telegram": telegram.overflow}
    return load(folders, fits, {"Discord": menu.overflow})


def open_content(settings: Settings, *, keep: bool = False, read: Callable[..., Catalog] = read_content) -> LiveContent:
    """Open the content of the settings; with `keep`, the last good version is stored in the data folder. `read` makes
    a catalog of folders, as `read_content` does.

    Raises:
        ContentError: with every problem, where no good version is stored either.
        ConfigError: the content lacks the default language.
    """

    def made(*folders: Path) -> Catalog:
        catalog = read(*folders)
        return catalog if settings.pictures else without_pictures(catalog)

    kept, floor = settings.data_dir / "content" if keep else None, Risk[settings.risk_floor.upper()]
    content = LiveContent(settings.folders, kept, made, floor, settings.default_locale)
    content.open()
    languages = content.edition.catalog.languages
    if settings.default_locale and settings.default_locale not in languages:
        raise ConfigError(f"DEFAULT_LOCALE: the content has no such language; it has {', '.join(languages)}")
    return content


def matcher_of(catalog: Callable[[], Catalog], pack: Path) -> Matcher:
    """A matcher for the catalog in use at each question; it loads what was trained for the pack at the first."""
    return Matcher(lambda: Knowledge.of(catalog()), partial(load_engine, pack))


def facts_of(catalog: Catalog, language: Language) -> Mapping[str, tuple[Span, ...]]:
    """The values of the pages' slots: the bot's version, the content's revision, the day of the oldest review, and
    why it has no warning."""
    oldest = min((entry.source.checked for entry in catalog.default.entries.values()), default=date.min)
    return {
        "version": (Text(version()),),
        "revision": (Text(catalog.revision),),
        "reviewed": (Text(written_date(oldest, language.locale)),),
        "reason": (Text(language.reason),),
    }


def settings_document(raw: bytes) -> Document:
    """A settings file that somebody sent, as YAML without references, tags and doubled keys.

    Raises:
        BadInput: it is not; with each line that is wrong.
    """
    try:
        document = parse(raw, NAME, signs=False)
        if document.problems:
            raise YamlProblem(*document.problems)
    except YamlProblem as wrong:
        lines = sorted({max(problem.line, 1) for problem in wrong.problems})
        raise import_refused((line, BadInput("settings-import-yaml")) for line in lines) from wrong
    return document


def responder_of(settings: Settings) -> Responder:
    """A responder over the content as it is now, for communities that all have the defaults; it stores nothing.

    Raises:
        ContentError, ConfigError: as `open_content`.
    """
    content = open_content(settings)

    async def defaults(place: Place) -> Community:
        return Community(place.platform, None, settings.default_locale)

    matcher = matcher_of(lambda: content.edition.catalog, settings.folders[0])
    return Responder(lambda: content.edition, defaults, matcher, facts_of)
