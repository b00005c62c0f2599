"""Everything the bot remembers, over one database."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import final

from sqlalchemy import URL

from bot.core.errors import StoreError
from bot.store.communities import CommunityRows
from bot.store.content_versions import ContentVersionRows
from bot.store.counts import CountRows
from bot.store.database import PATIENCE, Database
from bot.store.files import require_writable, secure, sole
from bot.store.health_check import HealthCheck
from bot.store.migrate import migrate
from bot.store.offers import OfferRows
from bot.store.pins import PinRows

_log = logging.getLogger(__name__)

_LAST = 2.0  # seconds that writing the last counts may take


@final
class Store:
    """The repositories over one database. `ping` raises StoreError if it cannot be read and written, within 2 s."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.counts = CountRows(database)
        self.communities = CommunityRows(database, self.counts)
        self.pins = PinRows(database)
        self.offers = OfferRows(database)
        self.editions = ContentVersionRows(database)
        self.ping = HealthCheck(database)

    @property
    def shared(self) -> bool:
        """Whether other processes may change what is stored at any time."""
        return self.database.is_postgresql

    async def close(self) -> None:
        """Write what was counted, and close the connections. Counts that cannot be written are lost, and logged."""
        self.database.hurry()
        try:
            async with asyncio.timeout(_LAST):
                await self.counts.flush()
        except (StoreError, TimeoutError) as error:
            _log.error("counts from the last minute are lost: %s", str(error) or "it took too long")
        finally:
            await self.ping.close()
            await self.database.close()


@asynccontextmanager
async def open_store(
    url: URL,
    patience: timedelta = PATIENCE,
    on_error: Callable[[StoreError], None] = lambda _: None,
    *,
    running_since: datetime | None = None,
) -> AsyncIterator[Store]:
    """The store at that address (see `address`), migrated, until the block ends.

    `patience` is how long to wait for another process's write to the same SQLite file; `on_error` gets every database
    error. The running bot gives the time as `running_since` and then is the only one on an SQLite file; a short
    command gives None and works beside it.

    Raises:
        StoreError: the database or its folder cannot be used, or another bot runs on it.
    """
    with ExitStack() as stack:
        if url.get_backend_name() == "sqlite" and url.database:
            file = Path(url.database)
            require_writable(file)
            for sentence in await asyncio.to_thread(lambda: [*secure(file)]):
                _log.warning("%s", sentence)
            if running_since:
                stack.enter_context(sole(file, running_since))
        await migrate(url)
        store = Store(Database(url, patience, on_error))
        try:
            yield store
        finally:
            await store.close()
