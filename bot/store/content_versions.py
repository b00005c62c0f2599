"""Which content is the newest in use, in rows. Its law: first seen later is newer, for as long as somebody uses it."""

from datetime import datetime, timedelta
from typing import Final, final

from sqlalchemy import and_, delete, exists, func, or_, select

from bot.store.engine import Database
from bot.store.tables import editions

IN_USE: Final = timedelta(minutes=5)  # how long after its last word an edition counts as used
_FORGOTTEN: Final = timedelta(days=30)


@final
class ContentVersionRows:
    """`bot.core.ports.ContentVersions` over a database. A version not reported for `in_use` no longer counts."""

    def __init__(self, database: Database, in_use: timedelta = IN_USE) -> None:
        self._database = database
        self._in_use = in_use

    async def leads(self, name: str, now: datetime) -> bool:
        """Note that the edition is in use; whether none is that was first seen after it. A SQLite file has one
        process, whose edition is the newest whatever was noted, and when.
        """
        following = select(func.coalesce(func.max(editions.c.number), 0) + 1).scalar_subquery()
        insert = self._database.insert(editions).values(name=name, number=following, used_at=now)
        noted = insert.on_conflict_do_update(index_elements=["name"], set_={"used_at": now})
        async with self._database.writing() as connection:
            await connection.execute(delete(editions).where(editions.c.used_at < now - _FORGOTTEN))
            mine = await connection.scalar(noted.returning(editions.c.number))
            later = or_(editions.c.number > mine, and_(editions.c.number == mine, editions.c.name > name))
            newer = exists().where(later, editions.c.used_at > now - self._in_use)
            return not (self._database.is_postgresql and await connection.scalar(select(newer)))
