"""Brings a database to this version's tables. Its law: all steps or none, and one process at a time."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import URL, Connection, text

from bot.core.errors import StoreError
from bot.store.database import engine
from bot.store.trouble import told

_SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 0x6B75_7361_6D61  # a number of our own among PostgreSQL's advisory locks


async def migrate(url: URL, revision: str = "head") -> None:
    """Take the steps that are missing, in one transaction; the event loop runs on meanwhile.

    Raises:
        StoreError: the database cannot be used, or a newer version of the bot has written it.
    """
    strict = engine(url, foreign_keys=False).execution_options(sqlite_begin="BEGIN IMMEDIATE")
    try:
        with told():
            async with strict.begin() as connection:
                await connection.run_sync(_upgrade, revision)
    except CommandError as error:
        remedy = "Use that version again, or start with a new database and restore a backup"
        raise StoreError("The database was written by a newer version of the bot", remedy) from error
    finally:
        await strict.dispose()


def _upgrade(connection: Connection, revision: str) -> None:
    """On SQLite the transaction is the lock; on PostgreSQL it holds one until its end."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
