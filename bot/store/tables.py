"""The database tables. No column may hold a member's id, name or text. Rows that refer to a community are deleted with
it.
"""

from datetime import UTC, datetime, timedelta
from typing import final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    Date,
    Dialect,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
    false,
    true,
)

from bot.core.model import Place
from bot.store.database import insert

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@final
class Moment(TypeDecorator[datetime]):
    """A time with a time zone, stored as microseconds since 1970 because SQLite has no time zones. Read back in UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: Dialect) -> int | None:
        """Raises TypeError for a time without a time zone."""
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, _: Dialect) -> datetime | None:
        """See the class."""
        return None if value is None else _EPOCH + value * _MICROSECOND


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Ids are those of the platforms, as text. A pin outside of topics and threads has the thread "" rather than NULL,
# because a unique constraint does not compare NULLs.

communities = Table(
    "communities",
    metadata,
    Column("platform", String(16), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("locale", String(16)),
    Column("risk_floor", Integer, nullable=False, server_default="1"),
    Column("cooldown", Integer, nullable=False, server_default="3"),
    Column("channels", JSON, nullable=False, server_default="[]"),
    Column("forums", JSON, nullable=False, server_default="[]"),
    Column("welcome_channel", String(32)),
    Column("welcome_thread", String(32)),
    Column("welcome_line", String(1000)),
    Column("welcome_quiet", Boolean, nullable=False, server_default=false()),
    Column("remove_greetings", Boolean, nullable=False, server_default=true()),
    Column("greeting_channel", String(32)),
    Column("greeting_thread", String(32)),
    Column("greeting_message", String(32)),
    Column("greeting_media", Boolean, nullable=False, server_default=false()),
    Column("greeted_until", Moment),
    Column("log_channel", String(32)),
    Column("log_thread", String(32)),
    Column("left_on", Date),
    CheckConstraint("risk_floor BETWEEN 1 AND 3", name="risk_floor"),
    CheckConstraint("cooldown >= 0", name="cooldown"),
)

channel_settings = Table(
    "channel_settings",
    metadata,
    Column("platform", String(16), primary_key=True),
    Column("community", String(32), primary_key=True),
    Column("channel_id", String(32), primary_key=True),  # of a channel, thread or topic
    Column("locale", String(16), nullable=False),
    ForeignKeyConstraint(["platform", "community"], ["communities.platform", "communities.id"], ondelete="CASCADE"),
)

pins = Table(
    "pins",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("platform", String(16), nullable=False),
    Column("community", String(32), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("thread", String(32), nullable=False),
    Column("message", String(32), nullable=False),
    Column("media", Boolean, nullable=False),
    Column("command", String(64), nullable=False),
    Column("locale", String(16)),
    Column("digest", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("missing", Integer, nullable=False),
    Column("pinned", Boolean, nullable=False, server_default=true()),
    ForeignKeyConstraint(["platform", "community"], ["communities.platform", "communities.id"], ondelete="CASCADE"),
    UniqueConstraint("platform", "community", "channel", "thread", "command"),
    Index(None, "platform", "command", "digest"),
)

counts = Table(
    "counts",
    metadata,
    Column("platform", String(16), primary_key=True),
    Column("community", String(32), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("command", String(64), primary_key=True),
    Column("outcome", String(16), primary_key=True),
    Column("times", BigInteger, nullable=False),
    ForeignKeyConstraint(["platform", "community"], ["communities.platform", "communities.id"], ondelete="CASCADE"),
    Index(None, "day"),
)

ratings = Table(
    "ratings",
    metadata,
    Column("platform", String(16), primary_key=True),
    Column("community", String(32), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("command", String(64), primary_key=True),
    Column("locale", String(16), primary_key=True),
    Column("rating", String(16), primary_key=True),
    Column("times", BigInteger, nullable=False),
    ForeignKeyConstraint(["platform", "community"], ["communities.platform", "communities.id"], ondelete="CASCADE"),
    Index(None, "day"),
)

offers = Table(
    "offers",
    metadata,
    Column("platform", String(16), primary_key=True),
    Column("scope", String(64), primary_key=True),
    Column("hash", String(64), nullable=False),
)

editions = Table(
    "editions",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("used_at", Moment, nullable=False),
)


def key_of(place: Place) -> tuple[str, str]:
    """Platform and community id of a place. Raises ValueError for a direct chat, because its id is a member's."""
    if place.community is None:
        raise ValueError("nothing is stored about a direct chat")
    return place.platform, place.community


def ensure_communities(connection: Connection, *keys: tuple[str, str]) -> None:
    """Insert a default row for each community that has none, because pins and counts refer to that row."""
    new = [{"platform": platform, "id": id_} for platform, id_ in sorted(keys)]
    connection.execute(insert(connection, communities).on_conflict_do_nothing(), new)
