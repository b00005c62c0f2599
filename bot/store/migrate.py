"""Migrates a database to this version's tables, in one transaction and in one process at a time."""

from pathlib import Path
from typing import Final

from sqlalchemy import URL, Column, Connection, MetaData, PrimaryKeyConstraint, String, Table, inspect, text

from bot.core.errors import StoreError
from bot.store.database import Database
from bot.store.tables import metadata

NEWEST: Final = "0007"  # revision of the last migration in migrations/versions
_SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 0x6B75_7361_6D61  # key of a PostgreSQL advisory lock
_VERSION = Table(  # as Alembic creates it
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)


async def migrate(url: URL) -> None:
    """Apply the missing migrations. An empty database gets the newest tables directly. Alembic is imported only when
    there are migrations to apply, because it is slow to import.

    Raises:
        StoreError: the database cannot be used, or was migrated by a newer version of the bot.
    """
    database = Database(url, foreign_keys=False)
    try:
        if not await database.read(_is_newest):
            await database.write(_upgrade)
    finally:
        await database.close()


def _is_newest(connection: Connection) -> bool:
    if not inspect(connection).has_table("alembic_version"):
        return False
    return bool(connection.scalar(text("SELECT version_num FROM alembic_version")) == NEWEST)


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":  # on SQLite the transaction itself keeps other processes out
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    if inspect(connection).get_table_names():
        _apply_migrations(connection)
    else:
        metadata.create_all(connection)
        _VERSION.create(connection)
        connection.execute(_VERSION.insert().values(version_num=NEWEST))


def _apply_migrations(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        remedy = "Use that version again, or name a new database with DATABASE_URL or DATA_DIR"
        raise StoreError("The database was written by a newer version of the bot", remedy) from error
