"""A picture of an answer, as a browser shows it in the Discord pane."""

from pathlib import Path

import pytest
from selenium.webdriver import Chrome

from tests.adapters.playground.stage import real_catalog
from tests.browser.conftest import Served
from tests.browser.page import Page

SEEN = "#discord-log img.picture"


@pytest.fixture
def page(chromium: Chrome, served: Served) -> Page:
    return Page(chromium, served.url)


def test_the_discord_pane_shows_the_picture_below_the_words_with_its_description(page: Page) -> None:
    page.ask("/kusama-vs-polkadot")
    page.until(lambda: page.one(SEEN).get_property("naturalWidth") == 1200)
    picture, entry = page.one(SEEN), real_catalog().default.entries["kusama-vs-polkadot"]
    assert entry.picture is not None
    assert picture.get_attribute("alt") == entry.picture.alt
    words = page.one("#discord-log .message:last-child .text")
    assert picture.location["y"] >= words.location["y"] + words.size["height"]
    assert page.all("#telegram-log img") == []
    assert page.complaints() == []


def test_the_picture_is_seen_whole_in_the_dark_and_in_the_light(chromium: Chrome, page: Page, pictures: Path) -> None:
    page.ask("/how-kusama-works")
    page.until(lambda: page.one(SEEN).get_property("naturalWidth") == 1200)
    for theme in ("light", "dark"):
        chromium.execute_script("document.documentElement.dataset.theme = arguments[0]", theme)
        chromium.execute_script("arguments[0].scrollIntoView({block: 'center'})", page.one(SEEN))
        chromium.save_screenshot(str(pictures / f"picture-{theme}.png"))
        box, pane = page.one(SEEN).rect, page.one("#discord-log").rect
        assert box["width"] <= pane["width"]
        assert box["width"] > 200
