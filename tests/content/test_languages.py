"""What the content takes from CLDR."""

import gc
from datetime import date

import pytest
from babel import Locale, UnknownLocaleError, localedata
from babel.dates import format_date

from bot.content.languages import conventions, is_language, written_date


def languages() -> list[str]:
    return [one for one in localedata.locale_identifiers() if is_language(one)] + ["en-ZW", "zh-Hant"]


def test_every_language_writes_dates_as_cldr_does() -> None:
    days = [date(2026, month, day) for month in range(1, 13) for day in (1, 22)] + [date(2026, 12, 31)]
    for language in languages():
        expected = [format_date(day, "long", Locale.parse(language, sep="-")) for day in days]
        assert [written_date(day, language) for day in days] == expected, language


def test_nothing_that_babel_reads_of_a_language_stays_in_memory() -> None:
    for language in ("es", "ru", "zh"):
        conventions.cache_clear()
        conventions(language)
    gc.collect()
    assert not [one for one in gc.get_objects() if isinstance(one, localedata.LocaleDataDict)]


def test_an_unknown_language_has_the_conventions_of_the_default_one() -> None:
    with pytest.raises(UnknownLocaleError):
        Locale.parse("xx")
    assert written_date(date(2026, 3, 22), "xx") == "March 22, 2026"
