"""Language data from CLDR (https://cldr.unicode.org): tags, names, plural forms, list and date formats."""

import pickle
import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from babel import Locale, UnknownLocaleError, localedata
from babel.dates import format_date
from babel.plural import PluralRule

from bot.core.command_text import spelling
from bot.core.model import DEFAULT_LOCALE

_TAG = re.compile(r"([a-z]{2})(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")


@cache
def _codes() -> frozenset[str]:
    """Return the codes of ISO 639-1, without the withdrawn `sh`. Telegram refuses a menu for any other code."""
    codes = frozenset(code for code in map(str, Locale("en").languages) if len(code) == 2 and code != "sh")
    localedata.clear_caches()
    return codes


def is_language(name: str) -> bool:
    """Return whether the name is a language tag, such as es, pt-BR or zh-Hant."""
    tag = _TAG.fullmatch(name)
    return tag is not None and tag[1] in _codes()


class Conventions(NamedTuple):
    """How a language writes plurals, lists and dates.

    `plural_form` returns CLDR's name for a number's plural form. `forms` has the forms of whole numbers, except the
    last one, which most numbers have. `lists` has the patterns of `Language.list_patterns`, and `dates` has a pattern
    for each month, with the fields {day} and {year}.
    """

    name: str
    plural_form: Callable[[int], str]
    forms: tuple[str, ...]
    lists: Mapping[str, str]
    dates: tuple[str, ...]


@cache
def conventions(locale: str) -> Conventions:
    """Return the conventions of a language, or those of the default language if CLDR does not know it."""
    try:
        language = Locale.parse(locale, sep="-")
        name = language.get_display_name() or locale
    except (UnknownLocaleError, ValueError):
        language, name = Locale.parse(DEFAULT_LOCALE), locale
    rule: PluralRule = language.plural_form
    used = set(map(rule, range(200)))
    forms = tuple(form for form in ("zero", "one", "two", "few", "many", "other") if form in used)
    day = "{day:02}" if "02" in format_date(date(3333, 1, 2), "long", language) else "{day}"
    samples = (format_date(date(3333, month, 22), "long", language) for month in range(1, 13))
    dates = tuple(sample.replace("3333", "{year}").replace("22", day) for sample in samples)
    result = Conventions(name, rule, forms[:-1], dict(language.list_patterns["standard"]), dates)
    localedata.clear_caches()  # else Babel keeps 1 MiB for each language
    return result


def written_date(day: date, locale: str) -> str:
    """Return the day in the language's long format, such as "22 de marzo de 2026"."""
    return conventions(locale).dates[day.month - 1].format(year=day.year, day=day.day)


@cache
def names_of(locales: frozenset[str]) -> Mapping[str, str]:
    """Return the tag of each of these languages by the `spelling` of its names in all languages.

    Includes the names of regional variants: `spanish`, `испанский`, `mexicanspanish`. Leaves out a name that two of the
    languages share. Blocks for 0.4 s at the first call. Reads CLDR's data files directly, since Babel would keep all of
    them in memory (150 MB).
    """
    spelled: dict[str, set[str]] = {}
    for identifier in localedata.locale_identifiers():
        data = pickle.loads(Path(localedata.resolve_locale_filename(identifier)).read_bytes())
        for tag, name in data.get("languages", {}).items():
            if (base := tag.split("_")[0]) in locales:
                spelled.setdefault(spelling(name), set()).add(base)
    spelled.pop("", None)
    return MappingProxyType({name: tags.pop() for name, tags in spelled.items() if len(tags) == 1})
