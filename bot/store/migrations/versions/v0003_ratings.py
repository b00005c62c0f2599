"""Add ratings of answers, in a separate table so that processes of the older version can still write counts."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_HOME = (["platform", "community"], ["communities.platform", "communities.id"])


def upgrade() -> None:
    op.create_table(
        "ratings",
        sa.Column("platform", sa.String(16), nullable=False),
        sa.Column("community", sa.String(32), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("command", sa.String(64), nullable=False),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.Column("rating", sa.String(16), nullable=False),
        sa.Column("times", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("platform", "community", "day", "command", "locale", "rating", name="pk_ratings"),
        sa.ForeignKeyConstraint(*_HOME, name="fk_ratings_communities", ondelete="CASCADE"),
    )
    op.create_index("ix_ratings_day", "ratings", ["day"])
