"""The tables. Their law: no column is for a member's id, name or words; all of a community goes with its row."""

from datetime import UTC, datetime, timedelta
from typing import final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
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

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@final
class Moment(TypeDecorator[datetime]):
    """A time with its zone, kept as microseconds since 1970: SQLite knows no zones."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's
        """A time without a zone is refused with TypeError."""
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's
        """Always in UTC."""
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

# Ids are the platforms' own, as text. A topic or thread that is none is the empty text, so that it can be unique.

communities = Table(
    "communities",
    metadata,
    Column("platform", String(16), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("locale", String(16)),
    Column("risk_floor", Integer, nullable=False, server_default="1"),
    Column("cooldown", Integer, nullable=False, server_default="3"),
    Column("channels", JSON, nullable=False, server_default="[]"),
    Column("welcome_channel", String(32)),
    Column("welcome_thread", String(32)),
    Column("welcome_line", String(1000)),
    Column("remove_greetings", Boolean, nullable=False, server_default=true()),
    Column("greeting_channel", String(32)),
    Column("greeting_thread", String(32)),
    Column("greeting_message", String(32)),
    Column("greeting_media", Boolean, nullable=False, server_default=false()),
    Column("greeted_until", Moment),
    Column("left_on", Date),
    CheckConstraint("risk_floor BETWEEN 1 AND 3", name="risk_floor"),
    CheckConstraint("cooldown >= 0", name="cooldown"),
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
