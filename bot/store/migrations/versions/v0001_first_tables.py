"""Create the first tables: communities, their pins and counts, and offers (the commands registered on platforms)."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_HOME = (["platform", "community"], ["communities.platform", "communities.id"])


def upgrade() -> None:
    _communities()
    _pins()
    _counts()
    _offers()


def _communities() -> None:
    op.create_table(
        "communities",
        sa.Column("platform", sa.String(16), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("locale", sa.String(16)),
        sa.Column("risk_floor", sa.Integer, nullable=False, server_default="1"),
        sa.Column("cooldown", sa.Integer, nullable=False, server_default="3"),
        sa.Column("channels", sa.JSON, nullable=False, server_default="[]"),
        sa.Column("welcome_channel", sa.String(32)),
        sa.Column("welcome_thread", sa.String(32)),
        sa.Column("welcome_line", sa.String(1000)),
        sa.Column("remove_greetings", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.Column("greeting_channel", sa.String(32)),
        sa.Column("greeting_thread", sa.String(32)),
        sa.Column("greeting_message", sa.String(32)),
        sa.Column("greeting_media", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("greeted_until", sa.BigInteger),
        sa.Column("left_on", sa.Date),
        sa.PrimaryKeyConstraint("platform", "id", name="pk_communities"),
        sa.CheckConstraint("risk_floor BETWEEN 1 AND 3", name=op.f("ck_communities_risk_floor")),
        sa.CheckConstraint("cooldown >= 0", name=op.f("ck_communities_cooldown")),
    )


def _pins() -> None:
    op.create_table(
        "pins",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("platform", sa.String(16), nullable=False),
        sa.Column("community", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("thread", sa.String(32), nullable=False),
        sa.Column("message", sa.String(32), nullable=False),
        sa.Column("media", sa.Boolean, nullable=False),
        sa.Column("command", sa.String(64), nullable=False),
        sa.Column("locale", sa.String(16)),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("missing", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_pins"),
        sa.ForeignKeyConstraint(*_HOME, name="fk_pins_communities", ondelete="CASCADE"),
        sa.UniqueConstraint(
            "platform",
            "community",
            "channel",
            "thread",
            "command",
            name="uq_pins_platform_community_channel_thread_command",
        ),
    )
    op.create_index("ix_pins_platform_command_digest", "pins", ["platform", "command", "digest"])


def _counts() -> None:
    op.create_table(
        "counts",
        sa.Column("platform", sa.String(16), nullable=False),
        sa.Column("community", sa.String(32), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("command", sa.String(64), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("times", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("platform", "community", "day", "command", "outcome", name="pk_counts"),
        sa.ForeignKeyConstraint(*_HOME, name="fk_counts_communities", ondelete="CASCADE"),
    )
    op.create_index("ix_counts_day", "counts", ["day"])


def _offers() -> None:
    op.create_table(
        "offers",
        sa.Column("platform", sa.String(16), nullable=False),
        sa.Column("scope", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("platform", "scope", name="pk_offers"),
    )
