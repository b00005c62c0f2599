"""Converts a community's settings to database rows and back."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, select, update

from bot.core.community import Community
from bot.core.model import MessageRef, Place, Risk
from bot.store.database import insert
from bot.store.tables import channel_settings, communities

# Built once, because building a query takes longer than running it on SQLite.
_OF_ONE = and_(communities.c.platform == bindparam("platform"), communities.c.id == bindparam("id"))
_LOCK = select(communities.c.id).where(_OF_ONE).with_for_update()
_SAME_COMMUNITY = and_(
    channel_settings.c.platform == communities.c.platform, channel_settings.c.community == communities.c.id
)
_SETTINGS = (  # one row for each channel with its own settings, or a single row if there are none
    select(communities, channel_settings.c.channel_id, channel_settings.c.locale.label("language"))
    .outerjoin(channel_settings, _SAME_COMMUNITY)
    .where(_OF_ONE)
)


def fetch(connection: Connection, platform: str, id_: str, *, lock: bool = False) -> Community | None:
    """Read a community; None if it is not stored. With `lock`, no other process can change it until the transaction
    ends.
    """
    key = {"platform": platform, "id": id_}
    if lock and connection.execute(_LOCK, key).one_or_none() is None:  # a separate query first: one that locked and
        return None  # read at once could return rows of `channel_settings` from before it had the lock
    rows = connection.execute(_SETTINGS, key).all()
    return _community(rows) if rows else None


def store(connection: Connection, old: Community, new: Community) -> None:
    """Replace the stored settings `old` with `new`. Raises ValueError if they belong to different communities."""
    platform, id_ = new.platform, new.id
    if (platform, id_) != (old.platform, old.id):
        raise ValueError("a change of settings must not change the community")
    its_row = (communities.c.platform == platform, communities.c.id == id_)
    connection.execute(update(communities).where(*its_row).values(_columns(new)))
    if new.languages == old.languages:
        return
    its_channels = (channel_settings.c.platform == platform, channel_settings.c.community == id_)
    connection.execute(delete(channel_settings).where(*its_channels))
    key = {"platform": platform, "community": id_}
    if rows := [key | {"channel_id": channel, "locale": locale} for channel, locale in new.languages.items()]:
        connection.execute(insert(connection, channel_settings), rows)


def _columns(community: Community) -> dict[str, Any]:
    """The community's row without its key and `left_on`."""
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


def _community(rows: Sequence[Row[Any]]) -> Community:
    """Build a community from its rows, which differ only in the channel's settings."""
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
        languages={each.channel_id: each.language for each in rows if each.channel_id is not None},
        log=place(row.log_channel, row.log_thread),
    )
