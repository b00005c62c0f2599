"""Alembic runs this file for every upgrade, on the connection and in the transaction of `bot.store.migrate`.

To add a migration, copy the newest file in versions/ under the next number (such as v0008_…), set `revision` and
`down_revision`, make the same change in tables.py, and set NEWEST in migrate.py. tests/store/test_migrate.py compares
the migrations with the tables on both databases.
"""

from alembic import context

from bot.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # also works on SQLite, since the driver is in autocommit mode
)
context.run_migrations()
