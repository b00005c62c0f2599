"""The menu of topics: every topic is in it once, whatever its size, and each page fits."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from bot.core.buttons import PageButton, pressed
from bot.core.catalog import Catalog
from bot.core.model import Risk
from bot.core.sealed_catalog import SealedCatalog
from bot.core.topic_menu import every_page, is_menu, menu
from tests.builders import FITS, shipped


def sized(many: int, groups: int = 0) -> Catalog:
    """The shipped catalog in English with so many explainers, in so many groups."""
    one = next(iter(shipped().default.entries.values()))
    names = [f"topic-{number}" for number in range(many)]
    entries = {
        name: replace(one, command=name, title=name, group=f"group-{number % groups}" if groups else None)
        for number, name in enumerate(names)
    }
    titles = {f"group-{number}": f"Title {number}" for number in range(groups)}
    language = replace(shipped().default, entries=MappingProxyType(entries), groups=titles)
    return replace(shipped(), languages={"en": language})


@pytest.mark.parametrize(("many", "groups"), [(1, 0), (25, 0), (26, 0), (120, 0), (120, 3), (120, 30), (20, 2)])
def test_every_topic_is_on_one_page_of_the_menu_and_each_page_fits_both_platforms(many: int, groups: int) -> None:
    catalog, seen = sized(many, groups), list[str]()
    content = SealedCatalog(catalog)
    for words in every_page(catalog, catalog.default):
        reply = content.topics(catalog.default, Risk.HIGH, words)
        assert [fit(reply) for fit in FITS.values()] == [None, None]
        assert all(pressed(one.id) for one in reply.buttons)
        seen += [one.command for one in reply.buttons if not isinstance(one, PageButton)]
    assert sorted(seen) == sorted(catalog.explainers)


def test_the_buttons_lead_through_all_pages_and_back() -> None:
    catalog = sized(120, 3)
    page = menu("Title 1", catalog, catalog.default)
    assert page.head == "Title 1 · 1/2"
    onward, back = page.buttons[-2:]
    assert menu(onward.text, catalog, catalog.default).head == "Title 1 · 2/2"
    assert menu(back.text, catalog, catalog.default) == menu("", catalog, catalog.default)
    before, _ = menu(onward.text, catalog, catalog.default).buttons[-2:]
    assert menu(before.text, catalog, catalog.default) == page


def test_a_page_or_group_that_is_gone_leads_to_the_nearest_that_is_there() -> None:
    catalog = sized(60, 3)
    whole = menu("", catalog, catalog.default)
    assert menu("gone.2", catalog, catalog.default) == whole
    assert menu("group-1.9", catalog, catalog.default).head == "Title 1"
    assert menu("7", catalog, catalog.default) == whole
    assert is_menu("GROUP 1", catalog)
    assert not is_menu("something else", catalog)


def test_a_menu_that_fits_one_message_is_whole_and_has_nothing_to_turn() -> None:
    page = menu("", shipped(), shipped().default)
    assert (page.page, page.head) == ("", "")
    assert [one.command for one in page.buttons] == list(shipped().explainers)


def test_a_pages_translation_is_the_same_page() -> None:
    catalog = sized(60)
    content = SealedCatalog(
        replace(catalog, languages={**catalog.languages, "es": replace(catalog.default, locale="es")})
    )
    reply = content.topics(catalog.default, Risk.GENERAL, "2")
    assert reply.translation
    found = pressed(reply.translation.id)
    assert found
    assert (found.translates, found.text) == ("en", "2")
