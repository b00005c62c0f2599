"""Pictures of the main views, for the README too: SCREENSHOTS=folder keeps them there (`make screenshots`)."""

from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome

from tests.browser.conftest import Served
from tests.browser.page import Page
from tests.builders import ROOT

SHOWN = {"chat-light-1040.png", "facts-dark-1040.png", "chat-dark-390.png"}
VIEWS = [("light", 1040, 640), ("dark", 1040, 640), ("light", 390, 780), ("dark", 390, 780)]


@pytest.mark.parametrize(("theme", "width", "height"), VIEWS)
def test_no_view_is_wider_than_the_screen(
    chromium: Chrome, served: Served, pictures: Path, theme: str, width: int, height: int
) -> None:
    size: dict[str, Any] = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
    chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        page = Page(chromium, served.url)
        chromium.execute_script("document.documentElement.dataset.theme = arguments[0]", theme)
        _taken(chromium, pictures / f"welcome-{theme}-{width}.png", width)
        page.ask("/whatiskusama")
        _taken(chromium, pictures / f"chat-{theme}-{width}.png", width)
        page.click("#view-content")
        page.until(lambda: page.all(".sheet"))
        page.all(".sheet")[0].click()
        page.until(lambda: page.all("#sheet .text"))
        page.click("[data-view=facts]")
        page.until(lambda: page.all("#sheet td li"))
        _taken(chromium, pictures / f"facts-{theme}-{width}.png", width)
    finally:
        chromium.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def _taken(browser: Chrome, file: Path, width: int) -> None:
    """Keep a picture, and see that nothing has to be scrolled sideways."""
    shot = browser.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
    file.write_bytes(b64decode(shot["data"]))
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width


def test_the_pictures_in_the_docs_are_small() -> None:
    pictures = sorted((ROOT / "docs/pictures").glob("*.png"))
    shown = [file for file in pictures if file.name in SHOWN]
    assert {file.name for file in shown} == SHOWN
    assert all(file.stat().st_size <= 150_000 for file in shown)
