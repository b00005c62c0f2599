"""The platforms are offered the commands anew when the content changed."""

from unittest.mock import Mock

import pytest

from bot.config import made
from bot.core.errors import StoreError
from bot.core.sealed_catalog import SealedCatalog
from bot.runtime.adapters import Adapters
from bot.runtime.clock import MACHINE
from bot.runtime.telemetry import Metrics
from bot.store.leases import SoleLeases
from tests.adapters.telegram.stage import Answering, Remembered, running
from tests.builders import shipped
from tests.fakes.telegram import TelegramServer


async def test_a_store_that_cannot_tell_what_was_offered_is_a_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    offers, unused = Remembered(), Mock()
    async with TelegramServer() as server, running(server, Answering(), offers) as adapter:
        await offers.saved.wait()
        offers.error = StoreError("The database file is damaged", "restore a backup")
        adapters = Adapters(
            made({}),
            Metrics(),
            SoleLeases(),
            offers,
            *(unused, unused, unused, unused, unused),
            clock=MACHINE,
            silence=0.0,
            platforms={"telegram": adapter},
        )
        with caplog.at_level("WARNING"):
            await adapters.offer(SealedCatalog(shipped()))
    assert "telegram: the commands could not be offered (The database file is damaged)" in caplog.text
