"""A platform is offered the commands anew when the content changed."""

import pytest

from bot.core.errors import StoreError
from bot.core.sealed_catalog import SealedCatalog
from bot.runtime.platforms import offering
from tests.adapters.telegram.stage import Answering, Remembered, running
from tests.builders import shipped
from tests.fakes.telegram import TelegramServer


async def test_a_store_that_cannot_tell_what_was_offered_is_told_in_a_line(caplog: pytest.LogCaptureFixture) -> None:
    offers = Remembered()
    async with TelegramServer() as server, running(server, Answering(), offers) as adapter:
        await offers.saved.wait()
        offers.error = StoreError("The database file is damaged", "restore a backup")
        with caplog.at_level("WARNING"):
            await offering(adapter)(SealedCatalog(shipped()))
    assert "telegram: the commands could not be offered (The database file is damaged)" in caplog.text
