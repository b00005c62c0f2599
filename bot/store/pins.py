"""Pins in the database: one row for each explainer in a channel or topic."""

from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Any, final

from sqlalchemy import ColumnElement, Connection, FromClause, Row, Select, and_, delete, func, or_, select, update

from bot.core.community import UNKNOWN, Pin, PinKind, PinState
from bot.core.model import MessageRef, Place, Right, Risk
from bot.store.database import Database, insert
from bot.store.tables import channel_settings, communities, ensure_communities, key_of, pins

_PAGE = 200
_COMMUNITY = and_(communities.c.platform == pins.c.platform, communities.c.id == pins.c.community)
_THREAD, _CHANNEL = channel_settings.alias("thread_settings"), channel_settings.alias("its_channel_settings")
_IS_PARENT = or_(pins.c.thread == "", pins.c.channel != pins.c.community)  # see `Community.language_of`
_LOCALE = func.coalesce(pins.c.locale, _THREAD.c.locale, _CHANNEL.c.locale, communities.c.locale)
_KIND = (pins.c.platform, pins.c.command, _LOCALE, communities.c.risk_floor, pins.c.digest, pins.c.state, pins.c.pinned)


def _settings(of: FromClause, id_: ColumnElement[str]) -> ColumnElement[bool]:
    """Join condition: the settings in `of` for the channel or thread `id_` of the pin's community."""
    same_community = and_(of.c.platform == pins.c.platform, of.c.community == pins.c.community)
    return and_(same_community, of.c.channel_id == id_)


_FROM = (
    pins.join(communities, _COMMUNITY)
    .outerjoin(_THREAD, _settings(_THREAD, pins.c.thread))
    .outerjoin(_CHANNEL, and_(_IS_PARENT, _settings(_CHANNEL, pins.c.channel)))
)


@final
class PinRows:
    """Implements `bot.core.ports.PinRecords`, where the methods are documented."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, place: Place) -> Sequence[Pin]:
        platform, community = key_of(place)
        query = select(pins).where(pins.c.platform == platform, pins.c.community == community)
        ordered = query.order_by(pins.c.channel, pins.c.thread, pins.c.command)
        return tuple(map(_pin, await self._database.read(lambda connection: connection.execute(ordered).all())))

    async def record(self, pin: Pin) -> None:
        row, unique = columns(pin), _unique(pin.ref.place, pin.command)

        def save(connection: Connection) -> None:
            ensure_communities(connection, key_of(pin.ref.place))
            new = insert(connection, pins).values(row)
            connection.execute(new.on_conflict_do_update(index_elements=list(unique), set_=row))

        await self._database.write(save)

    async def update(self, pin: Pin) -> bool:
        same_message = and_(_is(pin.ref.place, pin.command), pins.c.message == pin.ref.message)
        change = update(pins).where(same_message).values(columns(pin))
        return await self._database.write(lambda connection: connection.execute(change).rowcount > 0)

    async def forget(self, place: Place, command: str) -> Pin | None:
        deletion = delete(pins).where(_is(place, command)).returning(pins)
        row = await self._database.write(lambda connection: connection.execute(deletion).one_or_none())
        return None if row is None else _pin(row)

    async def kinds(self, platform: str) -> Sequence[PinKind]:
        """Of kinds that differ only in the digest, UNKNOWN comes first: editing the others makes them UNKNOWN too."""
        current = and_(pins.c.platform == platform, communities.c.left_on.is_(None))
        query = select(*_KIND).select_from(_FROM).where(current).distinct().order_by(*_KIND)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        kinds = (
            PinKind(name, command, locale, Risk(floor), digest, PinState(state), pinned)
            for name, command, locale, floor, digest, state, pinned in rows
            if state in PinState.__members__.values()  # skips a state that only another version of the bot knows
        )
        return sorted(kinds, key=lambda kind: (kind.command, kind.locale or "", kind.floor, kind.digest != UNKNOWN))

    async def alike(self, kind: PinKind) -> AsyncIterator[Pin]:
        next_page = _after(kind, 0)
        while page := await self._database.read(partial(_all, next_page)):
            for row in page:
                yield _pin(row)
            next_page = _after(kind, page[-1].number)


def _all(query: Select[*tuple[Any, ...]], connection: Connection) -> Sequence[Row[Any]]:
    return connection.execute(query).all()


def _after(kind: PinKind, number: int) -> Select[*tuple[Any, ...]]:
    """A query for the next page of pins of that kind, after the pin with that number."""
    values = (kind.platform, kind.command, kind.locale, int(kind.floor), kind.digest, kind.state.value, kind.pinned)
    alike = (column == value for column, value in zip(_KIND, values, strict=True))  # None becomes IS NULL
    query = select(pins).select_from(_FROM).where(*alike, communities.c.left_on.is_(None))
    return query.where(pins.c.number > number).order_by(pins.c.number).limit(_PAGE)


def _unique(place: Place, command: str) -> dict[str, str]:
    """The columns that are unique together, with their values. Raises ValueError for a place without a channel."""
    platform, community = key_of(place)
    if place.channel is None:
        raise ValueError("a pin needs a channel")
    key = {"platform": platform, "community": community, "channel": place.channel}
    return key | {"thread": place.thread or "", "command": command}


def _is(place: Place, command: str) -> ColumnElement[bool]:
    return and_(*(pins.c[name] == value for name, value in _unique(place, command).items()))


def columns(pin: Pin) -> dict[str, Any]:
    """The pin's row without its number."""
    return {
        **_unique(pin.ref.place, pin.command),
        "message": pin.ref.message,
        "media": pin.ref.media,
        "locale": pin.locale,
        "digest": pin.digest,
        "state": pin.state.value,
        "missing": pin.missing.value,
        "pinned": pin.pinned,
    }


def _pin(row: Row[Any]) -> Pin:
    place = Place(row.platform, row.community, row.channel, row.thread or None)
    ref = MessageRef(place, row.message, row.media)
    known = row.state in PinState.__members__.values()
    state = PinState(row.state) if known else PinState.STALE  # another version's state: check the message again
    return Pin(ref, row.command, row.locale, row.digest, state, Right(row.missing & (~Right.NONE).value), row.pinned)
