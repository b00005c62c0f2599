"""The commands that the bot last registered on each platform, as one hash for each scope."""

from typing import final

from sqlalchemy import select

from bot.store.database import Database, insert
from bot.store.tables import offers


@final
class OfferRows:
    """Implements `bot.core.ports.Offers`, where the methods are documented."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def offered(self, platform: str, scope: str) -> str | None:
        query = select(offers.c.hash).where(offers.c.platform == platform, offers.c.scope == scope)
        return await self._database.read(lambda connection: connection.scalar(query))

    async def offer(self, platform: str, scope: str, hash_: str) -> None:
        row = {"platform": platform, "scope": scope, "hash": hash_}
        key = ["platform", "scope"]
        await self._database.write(
            lambda connection: connection.execute(
                insert(connection, offers).values(row).on_conflict_do_update(index_elements=key, set_=row)
            )
        )
