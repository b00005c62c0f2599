"""The page in the browser's hands: what a test does with it, and what it sees."""

from collections.abc import Callable
from typing import Any

from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait


class Page:
    """What a test does with the page."""

    def __init__(self, browser: Chrome, url: str) -> None:
        self.browser = browser
        browser.get("about:blank")  # a page left open by another test complains when its server ends
        self.complaints()
        browser.get(url)
        self.until(lambda: "revision" in str(self.one("#state").get_property("textContent")))

    def one(self, selector: str) -> WebElement:
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> list[WebElement]:
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def until(self, true: Callable[[], Any]) -> Any:
        redrawn = [StaleElementReferenceException]  # the page exchanged what was being looked at
        waiting = WebDriverWait(self.browser, 10, poll_frequency=0.02, ignored_exceptions=redrawn)
        return waiting.until(lambda _: true())

    def say(self, words: str) -> None:
        self.one("#say").send_keys(words)
        self.one(".send").click()

    def ask(self, words: str, pane: str = "telegram") -> None:
        before = len(self.texts(pane))
        self.say(words)
        self.until(lambda: len(self.texts(pane)) > before)

    def texts(self, pane: str) -> list[str]:
        return self.held(f"#{pane}-log .text")

    def held(self, selector: str) -> list[str]:
        """What those elements hold, shown or not, in one call of the browser."""
        script = "return [...document.querySelectorAll(arguments[0])].map(one => one.textContent)"
        return list(map(str, self.browser.execute_script(script, selector)))

    def complaints(self) -> list[str]:
        return [str(row["message"]) for row in self.browser.get_log("browser")]  # type: ignore[no-untyped-call]  # selenium

    def click(self, selector: str) -> None:
        self.one(selector).click()
