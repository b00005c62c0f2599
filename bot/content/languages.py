"""What CLDR (https://cldr.unicode.org) knows of languages: tags, names, plural forms, how dates are written."""

import pickle
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

from babel import Locale, UnknownLocaleError, localedata
from babel.dates import format_date

from bot.core.model import DEFAULT_LOCALE
from bot.core.typed import spelling

_TAG = re.compile(r"([a-z]{2})(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")


@cache
def _codes() -> frozenset[str]:
    """ISO 639-1. Telegram refuses the whole menu for any other code, as for `sh`, which is no longer one."""
    return frozenset(code for code in map(str, Locale("en").languages) if len(code) == 2 and code != "sh")


def is_language(name: str) -> bool:
    """Whether a folder of that name holds a language: es, pt-BR, zh-Hant."""
    tag = _TAG.fullmatch(name)
    return tag is not None and tag[1] in _codes()


def conventions(locale: str) -> Locale:
    """How the language writes dates and lists; those of the default language where CLDR does not know it."""
    try:
        return Locale.parse(locale, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(DEFAULT_LOCALE)


def forms_before_last(locale: str) -> tuple[str, ...]:
    """The plural forms of whole numbers in that language but the last one, which has the most numbers: CLDR's names."""
    language = conventions(locale)
    used = {language.plural_form(number) for number in range(200)}
    return tuple(form for form in ("zero", "one", "two", "few", "many", "other") if form in used)[:-1]


def written_date(day: date, locale: str) -> str:
    """The day as that language writes it in full."""
    return format_date(day, "long", conventions(locale))


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
