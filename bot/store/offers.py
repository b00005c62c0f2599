"""What a platform was last offered, in rows. Its law: a hash, never the commands."""

from typing import final

from sqlalchemy import select

from bot.store.engine import Database
from bot.store.tables import offers


@final
class OfferRows:
    """`bot.core.ports.Offers` over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def offered(self, platform: str, scope: str) -> str | None:
        """The hash of what was last offered in that scope."""
        query = select(offers.c.hash).where(offers.c.platform == platform, offers.c.scope == scope)
        async with self._database.reading() as connection:
            found: str | None = await connection.scalar(query)
            return found

    async def offer(self, platform: str, scope: str, hash_: str) -> None:
        """Remember the hash, after the platform took the commands."""
        insert = self._database.insert(offers).values(platform=platform, scope=scope, hash=hash_)
        known = insert.on_conflict_do_update(index_elements=["platform", "scope"], set_={"hash": hash_})
        async with self._database.writing() as connection:
            await connection.execute(known)
