"""Add the language of single channels, and the channel where changes of the settings are logged."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_HOME = (["platform", "community"], ["communities.platform", "communities.id"])


def upgrade() -> None:
    op.create_table(
        "channel_settings",
        sa.Column("platform", sa.String(16), nullable=False),
        sa.Column("community", sa.String(32), nullable=False),
        sa.Column("channel_id", sa.String(32), nullable=False),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("platform", "community", "channel_id", name="pk_channel_settings"),
        sa.ForeignKeyConstraint(*_HOME, name="fk_channel_settings_communities", ondelete="CASCADE"),
    )
    op.add_column("communities", sa.Column("log_channel", sa.String(32)))
    op.add_column("communities", sa.Column("log_thread", sa.String(32)))
