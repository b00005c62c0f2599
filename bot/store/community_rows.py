"""A community's settings to and from their rows."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, select, update

from bot.core.community import Community
from bot.core.model import MessageRef, Place, Risk
from bot.store.database import insert
from bot.store.tables import channel_settings, communities

# Built once, because building a query takes longer than SQLite takes to answer it.
_OF_ONE = and_(communities.c.platform == bindparam("platform"), communities.c.id == bindparam("id"))
_LOCK = select(communities.c.id).where(_OF_ONE).with_for_update()
_ITS_CHANNELS = and_(
    channel_settings.c.platform == communities.c.platform, channel_settings.c.community == communities.c.id
)
_ONE = (  # a row for each channel with settings of its own, or one
    select(communities, channel_settings.c.channel_id, channel_settings.c.locale.label("language"))
    .outerjoin(channel_settings, _ITS_CHANNELS)
    .where(_OF_ONE)
)


def fetch(connection: Connection, platform: str, id_: str, *, lock: bool = False) -> Community | None:
    """The community, or None if nothing of it is stored. With `lock` no other process changes it until the end of the
    transaction; the lock is taken first, or what is read with it may be older.
    """
    key = {"platform": platform, "id": id_}
    if lock and connection.execute(_LOCK, key).one_or_none() is None:
        return None
    rows = connection.execute(_ONE, key).all()
    return _value(rows) if rows else None


def store(connection: Connection, old: Community, new: Community) -> None:
    """Write the new settings over the old ones. Raises ValueError if they are another community's."""
    platform, id_ = new.platform, new.id
    if (platform, id_) != (old.platform, old.id):
        raise ValueError("a change of settings cannot change whose they are")
    mine = (communities.c.platform == platform, communities.c.id == id_)
    connection.execute(update(communities).where(*mine).values(_columns(new)))
    if new.languages == old.languages:
        return
    its = (channel_settings.c.platform == platform, channel_settings.c.community == id_)
    connection.execute(delete(channel_settings).where(*its))
    key = {"platform": platform, "community": id_}
    if rows := [key | {"channel_id": one, "locale": locale} for one, locale in new.languages.items()]:
        connection.execute(insert(connection, channel_settings), rows)


def _columns(community: Community) -> dict[str, Any]:
    """All columns but the key and `left_on`."""
    welcome, greeting, log = community.welcome, community.last_greeting, community.log
    return {
        "locale": community.locale,
        "risk_floor": int(community.risk_floor),
        "cooldown": community.cooldown,
        "channels": sorted(community.channels),
        "forums": sorted(community.forums),
        "welcome_channel": welcome and welcome.channel,
        "welcome_thread": welcome and welcome.thread,
        "welcome_line": community.welcome_line,
        "welcome_quiet": community.welcome_quiet,
        "remove_greetings": community.remove_greetings,
        "greeting_channel": greeting and greeting.place.channel,
        "greeting_thread": greeting and greeting.place.thread,
        "greeting_message": greeting and greeting.message,
        "greeting_media": bool(greeting and greeting.media),
        "greeted_until": community.greeted_until,
        "log_channel": log and log.channel,
        "log_thread": log and log.thread,
    }


def _value(rows: Sequence[Row[Any]]) -> Community:
    """The community of these rows, which differ only in the channel's settings."""
    row = rows[0]
    message, greeting = row.greeting_message, Place(row.platform, row.id, row.greeting_channel, row.greeting_thread)

    def place(channel: str | None, thread: str | None) -> Place | None:
        return None if channel is None else Place(row.platform, row.id, channel, thread)

    return Community(
        row.platform,
        row.id,
        locale=row.locale,
        risk_floor=Risk(row.risk_floor),
        cooldown=row.cooldown,
        channels=frozenset(row.channels),
        forums=frozenset(row.forums),
        welcome=place(row.welcome_channel, row.welcome_thread),
        welcome_line=row.welcome_line,
        welcome_quiet=row.welcome_quiet,
        remove_greetings=row.remove_greetings,
        last_greeting=None if message is None else MessageRef(greeting, message, row.greeting_media),
        greeted_until=row.greeted_until,
        languages={one.channel_id: one.language for one in rows if one.channel_id is not None},
        log=place(row.log_channel, row.log_thread),
    )
