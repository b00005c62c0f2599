"""Pictures of the main views, for the README too: SCREENSHOTS=folder keeps them there (`make screenshots`)."""

from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome

from tests.browser.conftest import Served
from tests.browser.page import Page

VIEWS = [("light", 1280, 860), ("dark", 1280, 860), ("light", 390, 844), ("dark", 390, 844)]


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
        page.ask("/kusama-vs-polkadot")
        _taken(chromium, pictures / f"chat-{theme}-{width}.png", width)
        page.click("#view-content")
        page.until(lambda: page.all(".sheet"))
        page.all(".sheet")[0].click()
        page.until(lambda: page.all("#sheet .text"))
        _taken(chromium, pictures / f"content-{theme}-{width}.png", width)
    finally:
        chromium.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def _taken(browser: Chrome, file: Path, width: int) -> None:
    """Keep a picture, and see that nothing has to be scrolled sideways."""
    shot = browser.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
    file.write_bytes(b64decode(shot["data"]))
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
