"""Add the setting that greets each newcomer with a message only they can see."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("communities", sa.Column("welcome_quiet", sa.Boolean, nullable=False, server_default=sa.false()))
