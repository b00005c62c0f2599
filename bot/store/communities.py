"""Communities in the database: reads and changes their settings, and updates or deletes all their rows when their id
changes or the bot leaves.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from functools import partial
from typing import Any, final

from sqlalchemy import ColumnElement, Connection, Table, case, delete, exists, literal, select, update

from bot.core.community import Community
from bot.core.model import MessageRef, Place
from bot.store.community_mapping import fetch, store
from bot.store.counts import TABLES, CountRows, capped_sum
from bot.store.database import Database, insert
from bot.store.tables import communities, ensure_communities, key_of, offers, pins


@final
class CommunityRows:
    """Implements `bot.core.ports.CommunityRecords`, where the methods are documented. `counts` holds the counts in
    memory, which are moved and deleted too.
    """

    def __init__(self, database: Database, counts: CountRows) -> None:
        self._database, self._counts = database, counts

    async def read(self, place: Place) -> Community | None:
        key = key_of(place)
        return await self._database.read(lambda connection: fetch(connection, *key))

    async def change(self, place: Place, edit: Callable[[Community], Community]) -> tuple[Community, Community]:
        """`edit` may run in another thread, and may run twice."""
        return await self._database.write(partial(_change, key_of(place), edit))

    async def changed_elsewhere(self) -> bool:
        return await self._database.changed_elsewhere()

    async def moved(self, place: Place, new: str) -> None:
        platform, old = key_of(place)
        if old != new:
            await self._counts.flush()
            await self._database.write(partial(_move, platform, old, new))

    async def left(self, place: Place, day: date) -> None:
        """Does nothing for a community of which nothing is stored."""
        platform, community = key_of(place)
        has_offers = exists().where(offers.c.platform == platform, offers.c.scope == community)

        def set_left(connection: Connection) -> None:
            if connection.scalar(select(has_offers)):  # without a row, `wipe_left` would not find and delete them
                ensure_communities(connection, (platform, community))
            connection.execute(update(communities).where(*_is(platform, community)).values(left_on=day))

        await self._counts.flush()
        await self._database.write(set_left)

    async def returned(self, *places: Place) -> None:
        """Writes only if one of them was recorded as left."""
        keys = {key_of(place) for place in places}
        query = select(communities.c.platform, communities.c.id).where(communities.c.left_on.is_not(None))
        left = await self._database.read(lambda connection: connection.execute(query).all())
        returned = sorted(keys.intersection((row.platform, row.id) for row in left))

        def clear_left(connection: Connection) -> None:
            for key in returned:
                connection.execute(update(communities).where(*_is(*key)).values(left_on=None))

        if returned:
            await self._database.write(clear_left)

    async def wipe(self, place: Place) -> None:
        key = key_of(place)
        await self._counts.forget(place)
        await self._database.write(lambda connection: _wipe(connection, *key))

    async def wipe_left(self, before: date) -> Sequence[Place]:
        query = select(communities.c.platform, communities.c.id).where(communities.c.left_on < before)

        def wipe(connection: Connection) -> Sequence[Place]:
            rows = connection.execute(query.order_by(communities.c.id).with_for_update()).all()
            for row in rows:
                _wipe(connection, row.platform, row.id)
            return tuple(Place(row.platform, row.id) for row in rows)

        return await self._database.write(wipe)


def merged(old: Community, new: Community) -> Community:
    """Settings after a community's id changed: those of `new` that differ from the defaults, the rest from `old`."""
    defaults = Community(new.platform, new.id)
    names = [each.name for each in fields(Community) if each.name not in ("platform", "id")]
    unchanged = [name for name in names if getattr(new, name) == getattr(defaults, name)]
    moved: dict[str, Any] = {name: _renamed(getattr(old, name), str(old.id), str(new.id)) for name in unchanged}
    return replace(new, **moved)


def _renamed(value: Any, old: str, new: str) -> Any:
    """A setting with the group's id replaced. On Telegram that is also the id of its only channel."""
    match value:
        case Place():
            return replace(value, community=new, channel=new if value.channel == old else value.channel)
        case Mapping():
            return {new if channel == old else channel: locale for channel, locale in value.items()}
        case MessageRef():
            return replace(value, place=_renamed(value.place, old, new))
        case frozenset():
            return frozenset(new if channel == old else channel for channel in value)
        case _:
            return value


def _is(platform: str, community: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return communities.c.platform == platform, communities.c.id == community


def _change(
    key: tuple[str, str], edit: Callable[[Community], Community], connection: Connection
) -> tuple[Community, Community]:
    stored = fetch(connection, *key, lock=True)
    before = stored or Community(*key)
    if (after := edit(before)) == before:
        return before, after
    if stored is None:  # another process may have inserted the row in the meantime
        ensure_communities(connection, key)
        before = fetch(connection, *key, lock=True) or before
        after = edit(before)
    store(connection, before, after)
    return before, after


def _move(platform: str, old: str, new: str, connection: Connection) -> None:
    before = fetch(connection, platform, old, lock=True)
    if before is not None:
        ensure_communities(connection, (platform, new))
        current = fetch(connection, platform, new, lock=True) or Community(platform, new)
        store(connection, current, merged(before, current))
        _move_pins(connection, platform, old, new)
        for table in TABLES:
            _add_counts(connection, table, platform, old, new)
    other = offers.alias()
    taken = exists().where(other.c.platform == platform, other.c.scope == new)
    its_offers = (offers.c.platform == platform, offers.c.scope == old)
    connection.execute(update(offers).where(*its_offers, ~taken).values(scope=new))
    _wipe(connection, platform, old)  # also deletes pins and offers that `new` already had


def _move_pins(connection: Connection, platform: str, old: str, new: str) -> None:
    channel = case((pins.c.channel == old, new), else_=pins.c.channel)
    other = pins.alias()
    taken = exists().where(
        other.c.platform == platform,
        other.c.community == new,
        other.c.channel == channel,
        other.c.thread == pins.c.thread,
        other.c.command == pins.c.command,
    )
    its_pins = (pins.c.platform == platform, pins.c.community == old)
    connection.execute(update(pins).where(*its_pins, ~taken).values(community=new, channel=channel))


def _add_counts(connection: Connection, table: Table, platform: str, old: str, new: str) -> None:
    its_counts = (table.c.platform == platform, table.c.community == old)
    moved = [literal(new) if column is table.c.community else column for column in table.columns]
    copied = insert(connection, table).from_select(table.columns.keys(), select(*moved).where(*its_counts))
    total = {"times": capped_sum(table, copied.excluded.times)}
    connection.execute(copied.on_conflict_do_update(index_elements=list(table.primary_key), set_=total))


def _wipe(connection: Connection, platform: str, community: str) -> None:
    """Delete the community's row and its offers. The database deletes its pins, counts and channel settings with it."""
    connection.execute(delete(communities).where(*_is(platform, community)))
    connection.execute(delete(offers).where(offers.c.platform == platform, offers.c.scope == community))
