"""Opens the content that the settings name, and builds parts that need only the content, such as a responder.

Separate from `container.py` so that the commands that use this module import neither platform's library.
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
from bot.core.settings_export import NAME, Document
from bot.core.spans import Span, Text
from bot.features.answers import Responder
from bot.features.settings_import import import_refused
from bot.matching.matcher import Knowledge, Matcher, load_engine


def read_content(*folders: Path) -> Catalog:
    """Read a content pack and its overlays, and check them against the limits of both platforms.

    Raises:
        ContentError: the content has problems; lists them all.
    """
    fits = {"Discord": discord.overflow, "Telegram": telegram.overflow}
    return load(folders, fits, {"Discord": menu.overflow})


def open_content(settings: Settings, *, keep: bool = False, read: Callable[..., Catalog] = read_content) -> LiveContent:
    """Open the content that the settings name. With `keep`, the last good version is stored in the data folder. `read`
    reads folders into a catalog, like `read_content`.

    Raises:
        ContentError: the content has problems (lists them all), and no good version is stored.
        ConfigError: the content lacks the default language.
    """

    def read_catalog(*folders: Path) -> Catalog:
        catalog = read(*folders)
        return catalog if settings.pictures else without_pictures(catalog)

    storage, floor = settings.data_dir / "content" if keep else None, Risk[settings.risk_floor.upper()]
    content = LiveContent(settings.folders, storage, read_catalog, floor, settings.default_locale)
    content.open()
    languages = content.edition.catalog.languages
    if settings.default_locale and settings.default_locale not in languages:
        raise ConfigError(f"DEFAULT_LOCALE: the content has no such language, only {', '.join(languages)}")
    return content


def matcher_of(catalog: Callable[[], Catalog], pack: Path) -> Matcher:
    """A matcher that uses the current catalog for each question. It loads the model trained for the pack at the first
    question.
    """
    return Matcher(lambda: Knowledge.of(catalog()), partial(load_engine, pack))


def page_values(catalog: Catalog, language: Language) -> Mapping[str, tuple[Span, ...]]:
    """The values of the slots in pages: the bot's version, the content's revision, the date of the oldest review, and
    the reason why the content needs no warning.
    """
    oldest = min((entry.source.checked for entry in catalog.default.entries.values()), default=date.min)
    return {
        "version": (Text(version()),),
        "revision": (Text(catalog.revision),),
        "reviewed": (Text(written_date(oldest, language.locale)),),
        "reason": (Text(language.reason),),
    }


def settings_document(raw: bytes) -> Document:
    """Parse a settings file that a member uploaded: YAML without references, tags and duplicate keys.

    Raises:
        BadInput: it is not such YAML; names each invalid line.
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
    """A responder over the current content that stores nothing and uses the default settings for every community.

    Raises:
        ContentError, ConfigError: as `open_content`.
    """
    content = open_content(settings)

    async def defaults(place: Place) -> Community:
        return Community(place.platform, None, settings.default_locale)

    matcher = matcher_of(lambda: content.edition.catalog, settings.folders[0])
    return Responder(lambda: content.edition, defaults, matcher, page_values)
