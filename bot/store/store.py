"""Opens the database and the repositories over it."""

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
from bot.store.files import exclusive_use, require_writable, secure
from bot.store.health_check import HealthCheck
from bot.store.migrate import migrate
from bot.store.offers import OfferRows
from bot.store.pins import PinRows

_log = logging.getLogger(__name__)

_LAST_FLUSH = 2.0  # seconds that writing the last counts may take


@final
class Store:
    """The repositories over one database. `ping` checks the database, see `HealthCheck`."""

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
        """Whether other bot processes may use the same database."""
        return self.database.is_postgresql

    async def close(self) -> None:
        """Write the counts still in memory, then close the connections. Logs an error if the counts cannot be written
        within 2 s; they are lost then.
        """
        self.database.hurry()
        try:
            async with asyncio.timeout(_LAST_FLUSH):
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
    """Open the store at `url` (see `address`) and migrate its database; close it when the block ends.

    `patience` is how long to wait for another process's write to the same SQLite file. `on_error` is called with every
    database error. The running bot passes the current time as `running_since`, which locks an SQLite file against a
    second bot; a short command passes None and may run at the same time.

    Raises:
        StoreError: the database or its folder cannot be used, or another bot is running on it.
    """
    with ExitStack() as stack:
        if url.get_backend_name() == "sqlite" and url.database:
            file = Path(url.database)
            require_writable(file)
            for sentence in await asyncio.to_thread(lambda: [*secure(file)]):
                _log.warning("%s", sentence)
            if running_since:
                stack.enter_context(exclusive_use(file, running_since))
        await migrate(url)
        store = Store(Database(url, patience, on_error))
        try:
            yield store
        finally:
            await store.close()
