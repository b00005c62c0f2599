"""Records which content versions are in use, so that only processes with the newest one edit pins."""

from datetime import datetime, timedelta
from typing import Final, final

from sqlalchemy import Connection, and_, delete, exists, func, or_, select

from bot.store.database import Database, insert
from bot.store.tables import editions

IN_USE: Final = timedelta(minutes=5)  # a version counts as in use for this long after its last report
_FORGOTTEN: Final = timedelta(days=30)


@final
class ContentVersionRows:
    """The content versions that processes use. Of two versions, the one that was first reported later is the newer.

    A version that no process reports any more is ignored after IN_USE, so after a rollback the older version takes
    over within minutes.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def leads(self, name: str, now: datetime) -> bool:
        """Report that this process uses the version `name` (at most 64 characters); returns whether it is the newest in
        use. Always True on SQLite, which serves one process.
        """
        following = select(func.coalesce(func.max(editions.c.number), 0) + 1).scalar_subquery()

        def report(connection: Connection) -> bool:
            connection.execute(delete(editions).where(editions.c.used_at < now - _FORGOTTEN))
            new = insert(connection, editions).values(name=name, number=following, used_at=now)
            saved = new.on_conflict_do_update(index_elements=["name"], set_={"used_at": now})
            number = connection.scalar(saved.returning(editions.c.number))
            later = or_(editions.c.number > number, and_(editions.c.number == number, editions.c.name > name))
            newer = exists().where(later, editions.c.used_at > now - IN_USE)
            return not (self._database.is_postgresql and connection.scalar(select(newer)))

        return await self._database.write(report)
