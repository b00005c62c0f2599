"""Whose words win while two versions of the content run side by side. Its law: pins never go to and fro."""

from collections.abc import Callable
from datetime import datetime
from typing import final

from bot.core.ports import ContentVersions
from bot.core.sealed_catalog import SealedCatalog
from bot.features.pins.wanted import fingerprint


@final
class Precedence:
    """Asks the store, which every process tells what it uses. `now` gives the time with its zone."""

    def __init__(self, editions: ContentVersions, now: Callable[[], datetime]) -> None:
        self._editions, self._now = editions, now

    async def newest(self, edition: SealedCatalog) -> bool:
        """Whether no process uses an edition that came after this one."""
        return await self._editions.leads(fingerprint(edition), self._now())
