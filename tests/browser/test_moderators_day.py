"""A moderator's day in the playground: the whole bot as a process, in a real browser."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from selenium.webdriver import Chrome
from selenium.webdriver.support.select import Select

from tests.browser.page import Page
from tests.builders import Folder
from tests.features.walk import Texts, Walk, walk
from tests.whole.process import running

_ANSWERS = "#{}-log article:not(.post):not(.mine) {}"


class InPlayground(Walk):
    """Its answers stand in the channel, whose `elsewhere` it is too: there is but one."""

    absent = {  # noqa: RUF012 - a constant of the class
        "closes_the_topic": "the one channel of the playground is always open",
        "kicks_a_newcomer": "the page has made-up members come, and none of them goes; test_walk.py has them come",
        "forwards_a_forget": "the page has no forwards: what is typed there was typed by the moderator",
        "disarms": "nobody takes a right from the bot in the playground",
    }

    def __init__(self, page: Page, content: Folder) -> None:
        super().__init__(content)
        self.page = page
        Select(page.one("#role")).select_by_value("moderator")

    async def says(self, words: str, *, elsewhere: bool = False) -> str:
        return await asyncio.to_thread(self._after, "telegram", lambda: self.page.say(words))

    async def presses(self) -> str:
        press = self.page.all(_ANSWERS.format("discord", "[data-id]"))[-1].click
        return await asyncio.to_thread(self._after, "discord", press)

    def _after(self, pane: str, act: Callable[[], object]) -> str:
        """What the next answer there says."""
        answers = _ANSWERS.format(pane, ".text")
        before = len(self.page.all(answers))
        act()
        self.page.until(lambda: len(self.page.all(answers)) > before)
        return self.page.held(answers)[-1]

    async def until(self, true: Callable[[Texts], bool]) -> None:
        await asyncio.to_thread(self.page.until, lambda: true(self._posts()))

    def _posts(self) -> Texts:
        return self.page.held("#telegram-log .post .text")


async def test_a_moderator_gets_through_the_day_in_the_playground(chromium: Chrome, tmp_path: Path) -> None:
    chromium.set_window_size(1280, 900)
    content = Folder(tmp_path, "en", "es")
    async with running(tmp_path) as bot:
        page = await asyncio.to_thread(Page, chromium, f"http://127.0.0.1:{bot.port}/")
        await walk(InPlayground(page, content))
        assert page.complaints() == []
        assert await bot.stop() == 0
