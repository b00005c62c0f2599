"""Any spelling finds its command; any language tag finds a language that is there."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.catalog import Catalog
from bot.core.command_text import spelling
from bot.core.model import Risk
from bot.core.sealed_catalog import SealedCatalog
from tests.builders import shipped


def _with(**locales: str) -> Catalog:
    english = shipped().default
    others = {tag: replace(english, locale=tag, name=name, entries={}) for tag, name in locales.items()}
    return replace(shipped(), languages={"en": english, **others})


@pytest.mark.parametrize(
    "typed",
    ["kusama-vs-polkadot", "/kusama_vs_polkadot", "KusamaVsPolkadot", " /Kusama vs Polkadot ", "kusama--vs__polkadot"],
)
def test_hyphens_underscores_spaces_and_case_do_not_matter(typed: str) -> None:
    assert shipped().find(typed) == "kusama-vs-polkadot"


@pytest.mark.parametrize("typed", ["", "/", "-", "kusama-vs", "kusamavspolkadot2", "explain", "😀"])
def test_what_is_no_name_finds_nothing(typed: str) -> None:
    assert shipped().find(typed) is None


def test_a_command_wins_over_another_explainers_alias() -> None:
    english = shipped().default
    thief = replace(english.entries["staking"], aliases=("whatisksm", "risk"))
    catalog = replace(shipped(), languages={"en": replace(english, entries={**english.entries, "staking": thief})})
    assert (catalog.find("whatisksm"), catalog.find("risk")) == ("whatisksm", "risk")


def test_every_alias_of_the_shipped_content_finds_its_own_explainer() -> None:
    for language in shipped().languages.values():
        for entry in language.entries.values():
            assert {shipped().find(alias) for alias in entry.aliases} <= {entry.command}


@given(st.text())
def test_a_spelling_is_the_same_with_and_without_its_slash_and_in_any_case(name: str) -> None:
    assert spelling(f"/{name.lstrip()}") == spelling(name)
    assert spelling(spelling(name)) == spelling(name) or "/" in name


@pytest.mark.parametrize(
    ("wanted", "locale"),
    [
        (("es",), "es"),
        (("es-419",), "es"),
        (("es_MX",), "es"),
        (("ES",), "es"),
        (("zh-CN",), "zh"),
        (("de", "es"), "es"),
        ((None, "es"), "es"),
        (("de",), "en"),
        ((None,), "en"),
        (("", "-", "_"), "en"),
        ((), "en"),
    ],
)
def test_the_first_language_that_is_there_is_spoken(wanted: tuple[str | None, ...], locale: str) -> None:
    assert SealedCatalog(_with(es="Español", zh="中文")).language(*wanted).locale == locale


def test_an_untranslated_explainer_is_the_default_languages() -> None:
    catalog = _with(es="Español")
    entry = catalog.entry("whatisksm", catalog.languages["es"])
    assert entry is not None
    assert (entry.locale, entry.risk) == ("en", Risk.HIGH)
    assert catalog.entry("nothing", catalog.default) is None
