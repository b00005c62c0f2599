"""Alembic runs this for every upgrade, over the connection and inside the transaction of `bot.store.migrate`.

A new step is a file in versions/: copy the newest, name it v0002_…, set `revision` and `down_revision`, and change
tables.py alike; tests/store/test_migrate.py compares the two on both databases.
"""

from alembic import context

from bot.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # SQLite can do that too, once the driver keeps out of it
)
context.run_migrations()
