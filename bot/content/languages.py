"""What CLDR (https://cldr.unicode.org) knows of languages: tags, names, plural forms, how dates are written."""

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

from bot.core.model import DEFAULT_LOCALE
from bot.core.typed import spelling

_TAG = re.compile(r"([a-z]{2})(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")


@cache
def _codes() -> frozenset[str]:
    """ISO 639-1. Telegram refuses the whole menu for any other code, as for `sh`, which is no longer one."""
    found = frozenset(code for code in map(str, Locale("en").languages) if len(code) == 2 and code != "sh")
    localedata.clear_caches()
    return found


def is_language(name: str) -> bool:
    """Whether a folder of that name holds a language: es, pt-BR, zh-Hant."""
    tag = _TAG.fullmatch(name)
    return tag is not None and tag[1] in _codes()


class Conventions(NamedTuple):
    """How a language counts, lists and dates.

    `plural_form` gives CLDR's name of a number's form; `forms` are those that whole numbers have, without the one of
    the most numbers. `lists` are the patterns of `Language.list_patterns`, `days` those of a day by month.
    """

    name: str
    plural_form: Callable[[int], str]
    forms: tuple[str, ...]
    lists: Mapping[str, str]
    days: tuple[str, ...]


@cache
def conventions(locale: str) -> Conventions:
    """Those of the language, and of the default language where CLDR does not know it."""
    try:
        language = Locale.parse(locale, sep="-")
    except (UnknownLocaleError, ValueError):
        language = Locale.parse(DEFAULT_LOCALE)
    rule: PluralRule = language.plural_form
    used = set(map(rule, range(200)))
    forms = tuple(form for form in ("zero", "one", "two", "few", "many", "other") if form in used)
    days = (format_date(date(3333, month, 22), "long", language) for month in range(1, 13))
    patterns = tuple(day.replace("3333", "{year}").replace("22", "{day}") for day in days)
    name = language.get_display_name(locale.replace("-", "_")) or locale
    found = Conventions(name, rule, forms[:-1], dict(language.list_patterns["standard"]), patterns)
    localedata.clear_caches()  # Babel would keep all that it read of the language, which is 1 MiB
    return found


def written_date(day: date, locale: str) -> str:
    """The day as that language writes it in full."""
    return conventions(locale).days[day.month - 1].format(year=day.year, day=day.day)


@cache
def names_of(locales: frozenset[str]) -> Mapping[str, str]:
    """The tags of these languages by the `spelling` of their names and of their regional kinds' names, in every
    language: `spanish`, `испанский`, `mexicanspanish`. A name that two of them share is left out.

    Blocks for 0.4 s at the first call. The data files are read as they are: Babel itself would keep all of them in
    memory, 150 MB.
    """
    spelled: dict[str, set[str]] = {}
    for identifier in localedata.locale_identifiers():
        data = pickle.loads(Path(localedata.resolve_locale_filename(identifier)).read_bytes())
        for tag, name in data.get("languages", {}).items():
            if (base := tag.split("_")[0]) in locales:
                spelled.setdefault(spelling(name), set()).add(base)
    spelled.pop("", None)
    return MappingProxyType({name: tags.pop() for name, tags in spelled.items() if len(tags) == 1})
