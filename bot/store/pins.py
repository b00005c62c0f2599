"""Pins, in rows. Its law: one row for an explainer in a channel or topic, and a page never holds the database."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, final

from sqlalchemy import Select, and_, delete, func, select, update

from bot.core.community import Pin, PinKind, PinState
from bot.core.model import Place, Risk
from bot.store import mappers
from bot.store.engine import Database
from bot.store.settings import settle
from bot.store.tables import communities, pins

_PAGE = 200
_HOME = and_(communities.c.platform == pins.c.platform, communities.c.id == pins.c.community)
_LOCALE = func.coalesce(pins.c.locale, communities.c.locale)
_KIND = (pins.c.platform, pins.c.command, _LOCALE, communities.c.risk_floor, pins.c.digest, pins.c.state)


@final
class PinRows:
    """`bot.core.ports.PinRecords` over a database."""

    def __init__(self, database: Database, page: int = _PAGE) -> None:
        self._database = database
        self._page = page

    async def find(self, place: Place, command: str) -> Pin | None:
        """The pin of that explainer in that very channel or topic."""
        async with self._database.reading() as connection:
            row = (await connection.execute(select(pins).where(mappers.is_at(place, command)))).one_or_none()
            return None if row is None else mappers.pin(row)

    async def of(self, place: Place) -> Sequence[Pin]:
        """All pins of the community of that place, channel by channel."""
        platform, community = mappers.key(place)
        mine = select(pins).where(pins.c.platform == platform, pins.c.community == community)
        async with self._database.reading() as connection:
            found = await connection.execute(mine.order_by(pins.c.channel, pins.c.thread, pins.c.command))
            return tuple(mappers.pin(row) for row in found)

    async def record(self, pin: Pin) -> None:
        """Remember it, in the place of what that channel or topic had of the same explainer."""
        row = mappers.pin_row(pin)
        where = mappers.spot(pin.ref.place, pin.command)
        insert = self._database.insert(pins).values(row)
        rest = {name: value for name, value in row.items() if name not in where}
        async with self._database.writing() as connection:
            await settle(self._database, connection, row["platform"], row["community"])
            await connection.execute(insert.on_conflict_do_update(index_elements=list(where), set_=rest))

    async def update(self, pin: Pin) -> bool:
        """Note its new digest and state; False if it was forgotten or replaced by another message meanwhile."""
        same = and_(mappers.is_at(pin.ref.place, pin.command), pins.c.message == pin.ref.message)
        async with self._database.writing() as connection:
            done = await connection.execute(update(pins).where(same).values(mappers.pin_row(pin)))
            return done.rowcount > 0

    async def forget(self, place: Place, command: str) -> Pin | None:
        """Forget the pin of that explainer in that very channel or topic; returns it."""
        gone = delete(pins).where(mappers.is_at(place, command)).returning(pins)
        async with self._database.writing() as connection:
            row = (await connection.execute(gone)).one_or_none()
            return None if row is None else mappers.pin(row)

    async def kinds(self, platform: str) -> Sequence[PinKind]:
        """What pins there are, one for all that are alike; none of communities that the bot left."""
        here = and_(pins.c.platform == platform, communities.c.left_on.is_(None))
        query = select(*_KIND).join(communities, _HOME).where(here).distinct()
        async with self._database.reading() as connection:
            found = (await connection.execute(query)).all()
        return sorted(
            (
                PinKind(where, command, locale, Risk(floor), digest, PinState(state))
                for where, command, locale, floor, digest, state in found
                if state in PinState.__members__.values()  # else another version's word: that version cares for it
            ),
            key=lambda kind: (kind.command, kind.locale or "", kind.floor, kind.digest, kind.state),
        )

    async def alike(self, kind: PinKind) -> AsyncIterator[Sequence[Pin]]:
        """The pins of that kind, in pages, oldest first. Between two pages nothing is held."""
        last = 0
        while True:
            async with self._database.reading() as connection:
                page = (await connection.execute(_after(kind, last).limit(self._page))).all()
            if page:
                last = page[-1].number
                yield tuple(mappers.pin(row) for row in page)
            if len(page) < self._page:
                return


def _after(kind: PinKind, number: int) -> Select[*tuple[Any, ...]]:
    wanted = (kind.platform, kind.command, kind.locale, int(kind.floor), kind.digest, kind.state.value)
    alike = (column == value for column, value in zip(_KIND, wanted, strict=True))  # None becomes IS NULL
    query = select(pins).join(communities, _HOME).where(*alike, communities.c.left_on.is_(None), pins.c.number > number)
    return query.order_by(pins.c.number)
