"""A real browser before the real playground. Where there is none the tests are skipped with words, or fail if
REQUIRE_BROWSER=1 says that there has to be one."""

import asyncio
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from aiohttp import web
from selenium import webdriver
from selenium.common.exceptions import WebDriverException

from bot.core.errors import Problem
from tests.adapters.playground.stage import Stage, stage

PROBLEM = Problem("en/answers/whatisksm.yaml", 12, "“<b>risk</b>” is not known", "Write general.")
_BROWSERS = ("chromium", "google-chrome", "chrome")
_OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,900",
)


class Served:
    """The playground on a loopback port, in an event loop of its own thread, since the browser's driver blocks."""

    def __init__(self) -> None:
        self.stage: Stage = stage()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._runner = web.AppRunner(self.stage.app(), shutdown_timeout=1)
        self.url = f"http://127.0.0.1:{self.within(self._open)}/"

    async def _open(self) -> int:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return int(self._runner.addresses[0][1])

    async def _close(self) -> None:
        self.stage.playground.close()
        await self._runner.cleanup()

    def within(self, work: Callable[[], object]) -> object:
        """Do it in the server's loop, and wait for it."""

        async def run() -> object:
            done = work()
            return await done if asyncio.iscoroutine(done) else done

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(20)

    def also_at(self, address: str) -> str:
        """Listen there too; returns the page's address."""
        port = int(self._runner.addresses[0][1])
        self.within(lambda: web.TCPSite(self._runner, address, port).start())
        return f"http://{address}:{port}/"

    def break_content(self) -> None:
        """As if a file had been saved with a mistake."""
        self.stage.shelf.problems = (PROBLEM,)
        self.within(self.stage.playground.changed)

    def mend_content(self) -> None:
        """As if it had been saved without."""
        self.stage.shelf.problems = ()
        self.within(self.stage.playground.changed)

    def stop(self) -> None:
        self.within(self._close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()


@pytest.fixture
def served() -> Iterator[Served]:
    server = Served()
    yield server
    server.stop()


def _missing(why: str) -> None:
    if os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail(f"REQUIRE_BROWSER=1, but {why}")
    pytest.skip(f"not seen in a browser: {why}")


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """One browser for all tests, with an empty profile."""
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    driver = shutil.which("chromedriver")
    if browser is None or driver is None:
        _missing("Chromium and ChromeDriver are not installed (Debian: apt-get install chromium chromium-driver)")
    options = webdriver.ChromeOptions()
    options.binary_location = browser or ""
    for option in (*_OPTIONS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    try:
        started = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    except WebDriverException as error:
        _missing(f"the browser does not start: {error.msg}")
        raise
    yield started
    started.quit()


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where pictures of the main views go: a folder that somebody named, or one that is thrown away."""
    named = os.environ.get("SCREENSHOTS")
    folder = Path(named) if named else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    return folder
