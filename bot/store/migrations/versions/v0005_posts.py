"""Add posts: messages that are kept up to date without being pinned."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("pins", sa.Column("pinned", sa.Boolean, nullable=False, server_default=sa.true()))
