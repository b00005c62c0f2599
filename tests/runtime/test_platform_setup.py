"""The platforms are offered the commands anew when the content changed."""

from typing import Any
from unittest.mock import Mock

import pytest

from bot.config import settings_from
from bot.core.errors import StoreError
from bot.core.sealed_catalog import SealedCatalog
from bot.runtime.platform_setup import PlatformSetup
from tests.builders import shipped


class Offered:
    """A platform that keeps what it is offered, or fails."""

    def __init__(self, *, ready: bool = True, error: Exception | None = None) -> None:
        self.ready, self._error = ready, error
        self.commands: Any = None

    async def offer(self, commands: Any) -> None:
        if self._error:
            raise self._error
        self.commands = commands


async def test_a_platform_whose_store_fails_is_a_line_in_the_log_and_the_next_is_offered_the_commands(
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken = Offered(error=StoreError("The database file is damaged", "restore a backup"))
    away, good = Offered(ready=False), Offered()
    platforms = {"discord": away, "telegram": broken, "playground": good}
    adapters = PlatformSetup(Mock(settings=settings_from({}), platforms=platforms), Mock(), Mock())
    edition = SealedCatalog(shipped())
    await adapters.offer(edition)
    assert "telegram: the commands could not be offered (The database file is damaged)" in caplog.text
    assert away.commands is None
    assert good.commands == edition.catalog.commands
