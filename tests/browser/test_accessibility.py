"""The page as axe-core judges it, in both themes and every view."""

from importlib.resources import files
from typing import Any

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.support.select import Select

from tests.browser.conftest import Served
from tests.browser.page import Page

GRAVE = {"serious", "critical"}


def _judged(browser: Chrome) -> list[str]:
    """What axe-core finds serious in what is shown now, with the places."""
    if not browser.execute_script("return Boolean(window.axe)"):
        browser.execute_script(files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    run = "axe.run({resultTypes: ['violations']}).then(arguments[arguments.length - 1])"
    found: Any = browser.execute_async_script(run)
    return [
        f"{one['id']}: {node['html']} {node['any'][0]['message'] if node['any'] else ''}"
        for one in found["violations"]
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 500])
def test_axe_finds_nothing_serious(chromium: Chrome, served: Served, theme: str, width: int) -> None:
    served.stage.teach_pinning()
    chromium.set_window_size(width, 900)
    page = Page(chromium, served.url)
    chromium.execute_script("document.documentElement.dataset.theme = arguments[0]", theme)
    assert _judged(chromium) == []
    Select(page.one("#role")).select_by_value("member")
    page.say("What is KSM?")
    page.until(lambda: page.all(".silence"))
    assert _judged(chromium) == []
    Select(page.one("#role")).select_by_value("moderator")
    page.ask("/kusama-vs-polkadot")
    page.ask("/ask Should I buy KSM?")
    page.ask("/pin whatisksm")
    page.one("#say").send_keys("/ku")
    page.until(lambda: page.all("#menu li"))
    assert _judged(chromium) == []
    page.one("#say").clear()
    page.click("#view-content")
    page.until(lambda: page.all(".sheet"))
    page.all(".sheet")[0].click()
    page.until(lambda: page.all("#sheet .text"))
    for view in ("facts", "languages", "levels"):
        page.click(f"[data-view={view}]")
        page.until(lambda view=view: page.all(f"[data-view={view}][aria-pressed=true]"))  # type: ignore[misc]  # bound now
        assert _judged(chromium) == []
    served.break_content()
    page.until(lambda: page.one("#problems").is_displayed())
    assert _judged(chromium) == []
