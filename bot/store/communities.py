"""Communities that move, leave and are wiped, in rows. Its law: everything of a community, or nothing."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any, final

from sqlalchemy import ColumnElement, Delete, case, delete, exists, literal, select, update

from bot.core.community import Community
from bot.core.model import MessageRef, Place
from bot.store import mappers
from bot.store.awaited import AsyncConnection
from bot.store.engine import Database
from bot.store.settings import fetch, settle, store
from bot.store.tables import communities, counts, offers, pins


@final
class CommunityRows:
    """`bot.core.ports.Residence` over a database; counts that are still in memory are the Store's to care for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def moved(self, place: Place, new: str) -> None:
        """Everything of the community goes on under the id `new`; see the port."""
        platform, old = mappers.key(place)
        if old == new:
            return
        async with self._database.writing() as connection:
            left = await fetch(connection, platform, old, lock=True)
            if left is not None:
                await settle(self._database, connection, platform, new)
                found = await fetch(connection, platform, new, lock=True) or Community(platform, new)
                await store(connection, platform, new, merged(left, found))
                await self._rename(connection, platform, old, new)
            await _rename_offers(connection, platform, old, new)
            await connection.execute(_without(platform, old))  # with the pins and counts that `new` has its own of

    async def _rename(self, connection: AsyncConnection, platform: str, old: str, new: str) -> None:
        channel = case((pins.c.channel == old, new), else_=pins.c.channel)
        other = pins.alias()
        taken = exists().where(
            other.c.platform == platform,
            other.c.community == new,
            other.c.channel == channel,
            other.c.thread == pins.c.thread,
            other.c.command == pins.c.command,
        )
        mine = (pins.c.platform == platform, pins.c.community == old)
        await connection.execute(update(pins).where(*mine, ~taken).values(community=new, channel=channel))
        insert = self._database.insert(counts).from_select(
            ["platform", "community", "day", "command", "outcome", "times"],
            select(
                counts.c.platform,
                literal(new).label("community"),
                counts.c.day,
                counts.c.command,
                counts.c.outcome,
                counts.c.times,
            ).where(counts.c.platform == platform, counts.c.community == old),
        )
        total = {"times": counts.c.times + insert.excluded.times}
        await connection.execute(insert.on_conflict_do_update(index_elements=list(counts.primary_key), set_=total))

    async def left(self, place: Place, day: date) -> None:
        """The bot was removed on that day. Of what nothing is stored, that is not stored either."""
        platform, community = mappers.key(place)
        offered = exists().where(offers.c.platform == platform, offers.c.scope == community)
        async with self._database.writing() as connection:
            if await connection.scalar(select(offered)):  # the row tells when its offers may go too
                await settle(self._database, connection, platform, community)
            await _note(connection, platform, community, day)

    async def returned(self, *places: Place) -> None:
        """The bot was added to each of these again (or had never left it, which is told often and costs no writing).

        Few communities are left at any time, so they are looked through for any number of places.
        """
        told = {mappers.key(place) for place in places}
        gone = select(communities.c.platform, communities.c.id).where(communities.c.left_on.is_not(None))
        async with self._database.reading() as connection:
            back = [(platform, id_) for platform, id_ in await connection.execute(gone) if (platform, id_) in told]
        if back:
            async with self._database.writing() as connection:
                for key in sorted(back):
                    await _note(connection, *key, None)

    async def wipe(self, place: Place) -> None:
        """Delete all that is stored of the community, now."""
        platform, community = mappers.key(place)
        async with self._database.writing() as connection:
            await _wipe(connection, platform, community)

    async def wipe_left(self, before: date) -> Sequence[Place]:
        """Delete all of the communities that the bot left before that day; returns them."""
        gone = select(communities.c.platform, communities.c.id).where(communities.c.left_on < before)
        async with self._database.writing() as connection:
            found = [(platform, id_) for platform, id_ in await connection.execute(gone.with_for_update())]
            for platform, community in found:
                await _wipe(connection, platform, community)
        return tuple(Place(platform, community) for platform, community in found)


def merged(old: Community, new: Community) -> Community:
    """The settings under the new id: each as it was chosen there, and else as it was under the old one."""
    defaults = Community(new.platform, new.id)
    kept: dict[str, Any] = {
        name: getattr(new, name) if getattr(new, name) != getattr(defaults, name) else _renamed(old, new, name)
        for name in (each.name for each in fields(Community))
        if name not in ("platform", "id")
    }
    return replace(new, **kept)


def _renamed(old: Community, new: Community, name: str) -> object:
    """A setting of the old community, with the old id exchanged wherever it names the group or its one channel."""

    def channel(id_: str | None) -> str | None:
        return new.id if id_ == old.id else id_

    match getattr(old, name):
        case Place() as place:
            return replace(place, community=new.id, channel=channel(place.channel))
        case MessageRef() as ref:
            return replace(ref, place=replace(ref.place, community=new.id, channel=channel(ref.place.channel)))
        case frozenset() as channels:
            return frozenset(map(channel, channels))
        case value:
            return value


def _mine(platform: str, community: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return communities.c.platform == platform, communities.c.id == community


def _without(platform: str, community: str) -> Delete:
    """Its pins and counts go with it."""
    return delete(communities).where(*_mine(platform, community))


async def _note(connection: AsyncConnection, platform: str, community: str, day: date | None) -> None:
    await connection.execute(update(communities).where(*_mine(platform, community)).values(left_on=day))


async def _wipe(connection: AsyncConnection, platform: str, community: str) -> None:
    await connection.execute(_without(platform, community))
    await connection.execute(delete(offers).where(offers.c.platform == platform, offers.c.scope == community))


async def _rename_offers(connection: AsyncConnection, platform: str, old: str, new: str) -> None:
    other = offers.alias()
    taken = exists().where(other.c.platform == platform, other.c.scope == new)
    mine = (offers.c.platform == platform, offers.c.scope == old)
    await connection.execute(update(offers).where(*mine, ~taken).values(scope=new))
    await connection.execute(delete(offers).where(*mine))
