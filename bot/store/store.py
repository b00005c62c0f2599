"""The one store, in its parts. Its law: it is opened migrated, and closed with its counts written."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import final

from sqlalchemy import URL

from bot.core.errors import StoreError
from bot.core.model import Place
from bot.store.communities import CommunityRows
from bot.store.content_versions import ContentVersionRows
from bot.store.counts import CountRows
from bot.store.engine import PATIENCE, Database
from bot.store.health_check import Look
from bot.store.migrate import migrate
from bot.store.offers import OfferRows
from bot.store.pins import PinRows
from bot.store.private_files import secure
from bot.store.settings import SettingsRows
from bot.store.sqlite_lock import sole

_log = logging.getLogger(__name__)

_ELSEWHERE = "Let the bot's user write there, or name another folder with DATA_DIR"
_LAST = 2.0  # seconds that writing down the last counts may take


@final
class Store:
    """All that is remembered, over one database. The parts are the ports of the same names; as a whole it is
    `bot.core.ports.Residence`.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.settings = SettingsRows(database)
        self.pins = PinRows(database)
        self.counts = CountRows(database)
        self.offers = OfferRows(database)
        self.editions = ContentVersionRows(database)
        self._residence = CommunityRows(database)
        self._look = Look(database)

    async def moved(self, place: Place, new: str) -> None:
        """The community goes on under the id `new`, with what was counted a moment ago; see the port."""
        await self.counts.flush()
        await self._residence.moved(place, new)

    async def left(self, place: Place, day: date) -> None:
        """The bot was removed on that day."""
        await self.counts.flush()
        await self._residence.left(place, day)

    async def returned(self, *places: Place) -> None:
        """The bot was added to each of these again (or had never left it)."""
        await self._residence.returned(*places)

    async def wipe(self, place: Place) -> None:
        """Delete all that is stored of the community, now, and what was counted and not yet written."""
        await self.counts.forget(place)
        await self._residence.wipe(place)

    async def wipe_left(self, before: date) -> Sequence[Place]:
        """Delete all of the communities that the bot left before that day; returns them."""
        return await self._residence.wipe_left(before)

    async def ping(self) -> None:
        """Whether it can be read and written now. Raises StoreError if not, or if it does not answer in 2 s."""
        await self._look()

    async def close(self) -> None:
        """Write down what was counted, and let go of the database, even if that fails: then it is lost, and told."""
        self.database.hurry()
        try:
            async with asyncio.timeout(_LAST):
                await self.counts.flush()
        except (StoreError, TimeoutError) as error:
            _log.error("what was counted since the last minute is lost: %s", str(error) or "it took too long")
        finally:
            await self._look.close()
            await self.database.close()


@asynccontextmanager
async def open_store(
    url: URL,
    patience: timedelta = PATIENCE,
    heard: Callable[[StoreError], None] = lambda _: None,
    *,
    running_since: datetime | None = None,
) -> AsyncIterator[Store]:
    """The store at that address (see `address`), its tables brought up to date, until the block ends.

    `patience` is for another process's write to the same SQLite file; `heard` is told of everything that fails.
    `running_since` is now, for the bot that runs, which must be the only one on an SQLite file; a command that is soon
    over gives None and works beside it.

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
        store = Store(Database(url, patience, heard))
        try:
            yield store
        finally:
            await store.close()


def require_writable(file: Path) -> None:
    """Refuse a database file that cannot be written, or made in its folder or in the first parent that exists.

    Raises:
        StoreError: it names what cannot be written.
    """
    file = file.absolute()
    folder = next(one for one in file.parents if os.path.exists(one))
    for path, needed in ((folder, os.W_OK | os.X_OK), (file, os.W_OK)):
        if os.path.exists(path) and not os.access(path, needed):
            raise StoreError(f"{path} cannot be written", _ELSEWHERE)
