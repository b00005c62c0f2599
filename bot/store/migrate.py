"""Brings a database to this version's tables, in one transaction and by one process at a time."""

from pathlib import Path
from typing import Final

from sqlalchemy import URL, Column, Connection, MetaData, PrimaryKeyConstraint, String, Table, inspect, text

from bot.core.errors import StoreError
from bot.store.database import Database
from bot.store.tables import metadata

NEWEST: Final = "0007"  # the last step in migrations/versions
_SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 0x6B75_7361_6D61  # the number of a PostgreSQL advisory lock
_VERSION = Table(  # as Alembic makes it
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)


async def migrate(url: URL) -> None:
    """Take the steps that are missing; an empty database gets the newest tables at once. Alembic is imported only for
    steps: that takes longer than all else of the store.

    Raises:
        StoreError: the database cannot be used, or a newer version of the bot has written it.
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
    if connection.dialect.name == "postgresql":  # on SQLite the transaction is the lock
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    if inspect(connection).get_table_names():
        _take_steps(connection)
    else:
        metadata.create_all(connection)
        _VERSION.create(connection)
        connection.execute(_VERSION.insert().values(version_num=NEWEST))


def _take_steps(connection: Connection) -> None:
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
