"""Add the forums in which the bot answers the titles of new posts."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("communities", sa.Column("forums", sa.JSON, nullable=False, server_default="[]"))
