"""The walk of somebody who tries the bot before a community sees it: the whole bot as a process, in a real browser."""

import asyncio
import re
from pathlib import Path

from selenium.webdriver import Chrome
from selenium.webdriver.support.select import Select

from bot.core.model import Risk
from tests.browser.page import Page
from tests.builders import Folder, shipped
from tests.whole.process import running

PANES = ("discord", "telegram")


async def test_ask_pin_edit_raid_and_switch_language(chromium: Chrome, tmp_path: Path) -> None:
    chromium.set_window_size(1280, 900)
    content = Folder(tmp_path)
    async with running(tmp_path) as bot:
        walk = Walk(Page(chromium, f"http://127.0.0.1:{bot.port}/"), content.path)
        await asyncio.to_thread(walk.all)
        assert await bot.stop() == 0


class Walk:
    """One step after another on the same page. `content` is the folder that the bot serves from."""

    def __init__(self, page: Page, content: Path) -> None:
        self.page, self.content = page, content
        self.catalog = shipped()

    def all(self) -> None:
        self.ask()
        self.pin()
        self.edit()
        self.break_and_mend()
        self.raise_the_floor()
        self.raid()
        self.switch_language()
        assert self.page.complaints() == []

    def ask(self) -> None:
        self.page.ask("what is the difference between kusama and polkadot?")
        assert "Kusama vs Polkadot" in self.page.texts("telegram")[-1]
        assert self.page.one("#judged .why").get_attribute("data-outcome") == "explainer"

    def pin(self) -> None:
        Select(self.page.one("#role")).select_by_value("moderator")
        self.page.ask("/pin whatiskusama")
        self.page.until(lambda: "What is Kusama?" in self.page.one("#telegram-pins").text)
        assert "What is Kusama?" in self.pinned("telegram")

    def edit(self) -> None:
        file = self.content / "en/answers/whatiskusama.yaml"
        words = file.read_text(encoding="utf-8")
        file.write_text(re.sub(r"(?m)^title: .*$", 'title: "What is Kusama, then?"', words, count=1), encoding="utf-8")
        for pane in PANES:
            self.page.until(lambda pane=pane: "What is Kusama, then?" in self.pinned(pane))  # type: ignore[misc]  # bound now

    def break_and_mend(self) -> None:
        file = self.content / "en/answers/staking.yaml"
        words = file.read_text(encoding="utf-8")
        file.write_text(words + "loud: yes\n", encoding="utf-8")
        self.page.until(lambda: self.page.one("#problems").is_displayed())
        line = len(words.splitlines()) + 1
        assert f"en/answers/staking.yaml:{line}" in self.page.one("#problems-list").text
        file.write_text(words, encoding="utf-8")
        self.page.until(lambda: not self.page.one("#problems").is_displayed())

    def raise_the_floor(self) -> None:
        loudest = self.catalog.default.warnings[Risk.HIGH]
        assert loudest not in self.pinned("telegram")
        self.page.ask("/settings risk high")
        self.page.until(lambda: loudest in self.pinned("telegram"))
        self.page.until(lambda: loudest in self.pinned("discord"))

    def raid(self) -> None:
        self.page.ask("/welcome on")
        Select(self.page.one("#speed")).select_by_value("60")
        before = len(self.page.all("#telegram-log .post"))
        self.page.click("#joins [data-count='500']")
        self.page.until(lambda: len(self.page.all("#telegram-log .post")) > before)
        for pane in PANES:
            greeting = self.page.all(f"#{pane}-log .post .text")[-1].text
            assert "500" in greeting
            assert "airdrop" not in greeting
            assert self.catalog.default.warnings[Risk.HIGH].split(".")[0] in greeting
            assert not self.page.all(f"#{pane}-log .post img")

    def switch_language(self) -> None:
        """Every language that there is, and back."""
        for locale in [*(one for one in self.catalog.languages if one != "en"), "en"]:
            self.page.ask(f"/settings language {locale}")
            warning = self.catalog.languages[locale].warnings[Risk.HIGH]
            self.page.until(lambda warning=warning: warning in self.pinned("telegram"))  # type: ignore[misc]  # bound now

    def pinned(self, pane: str) -> str:
        return str(self.page.one(f"#{pane}-log .pinned .text").get_property("textContent"))
