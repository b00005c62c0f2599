"""Which content version is the newest that a process uses, so that two versions do not edit the same pins in turn."""

from datetime import datetime, timedelta
from typing import Final, final

from sqlalchemy import Connection, and_, delete, exists, func, or_, select

from bot.store.database import Database, insert
from bot.store.tables import editions

IN_USE: Final = timedelta(minutes=5)  # a version counts as used for so long after it was last reported
_FORGOTTEN: Final = timedelta(days=30)


@final
class ContentVersionRows:
    """Which content versions the processes use. The one first reported later is the newer one, for as long as a process
    uses it: some minutes after a rollback the older one is the newest again.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def leads(self, name: str, now: datetime) -> bool:
        """Report the version of that name (at most 64 characters) as used; whether it is the newest in use. On SQLite,
        which has one process, it always is.
        """
        following = select(func.coalesce(func.max(editions.c.number), 0) + 1).scalar_subquery()

        def report(connection: Connection) -> bool:
            connection.execute(delete(editions).where(editions.c.used_at < now - _FORGOTTEN))
            new = insert(connection, editions).values(name=name, number=following, used_at=now)
            noted = new.on_conflict_do_update(index_elements=["name"], set_={"used_at": now})
            mine = connection.scalar(noted.returning(editions.c.number))
            later = or_(editions.c.number > mine, and_(editions.c.number == mine, editions.c.name > name))
            newer = exists().where(later, editions.c.used_at > now - IN_USE)
            return not (self._database.is_postgresql and connection.scalar(select(newer)))

        return await self._database.write(report)
