"""What communities chose, in rows. Its law: reading never makes a row, and a change that changes nothing neither."""

from collections.abc import Callable
from typing import final

from sqlalchemy import select, update

from bot.core.community import Community
from bot.core.model import Place
from bot.store import mappers
from bot.store.awaited import AsyncConnection
from bot.store.engine import Database
from bot.store.tables import communities


@final
class SettingsRows:
    """`bot.core.ports.Settings` over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, place: Place) -> Community | None:
        """What the community of that place chose, or None if nothing of it is stored."""
        async with self._database.reading() as connection:
            return await fetch(connection, *mappers.key(place))

    async def change(self, place: Place, edit: Callable[[Community], Community]) -> Community:
        """Read, `edit` and write back, with nobody in between; returns what now holds."""
        platform, id_ = mappers.key(place)
        async with self._database.writing() as connection:
            stored = await fetch(connection, platform, id_, lock=True)
            new = edit(stored or Community(platform, id_))
            if new == (stored or Community(platform, id_)):
                return new
            if stored is None:  # another process may have made the row since
                await settle(self._database, connection, platform, id_)
                new = edit(await fetch(connection, platform, id_, lock=True) or Community(platform, id_))
            await store(connection, platform, id_, new)
            return new


async def fetch(connection: AsyncConnection, platform: str, id_: str, *, lock: bool = False) -> Community | None:
    """The community's row; with `lock` nobody else changes it until the end of the transaction."""
    query = select(communities).where(communities.c.platform == platform, communities.c.id == id_)
    row = (await connection.execute(query.with_for_update() if lock else query)).one_or_none()
    return None if row is None else mappers.community(row)


async def settle(database: Database, connection: AsyncConnection, platform: str, *ids: str) -> None:
    """Give each community a row of defaults where it has none: pins and counts refer to it."""
    new = [{"platform": platform, "id": id_} for id_ in sorted(ids)]
    await connection.execute(database.insert(communities).on_conflict_do_nothing(), new)


async def store(connection: AsyncConnection, platform: str, id_: str, new: Community) -> None:
    """Write into the community's row. Raises ValueError if `new` is another community's."""
    if (new.platform, new.id) != (platform, id_):
        raise ValueError("a change of settings cannot change whose they are")
    mine = (communities.c.platform == platform, communities.c.id == id_)
    await connection.execute(update(communities).where(*mine).values(mappers.community_row(new)))
