"""Brings a database to this version's tables. Its law: all steps or none, and one process at a time.

Alembic takes longer to import than all else of the store, and only where steps are missing is it needed.
"""

from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import DBAPIError

from bot.core.errors import StoreError
from bot.store.awaited import AsyncEngine
from bot.store.engine import engine
from bot.store.errors import told

NEWEST: Final = "0002"  # the last step in migrations/versions
_SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 0x6B75_7361_6D61  # a number of our own among PostgreSQL's advisory locks


async def migrate(url: URL, revision: str = "head") -> None:
    """Take the steps that are missing, in one transaction; the event loop runs on meanwhile.

    Raises:
        StoreError: the database cannot be used, or a newer version of the bot has written it.
    """
    strict = engine(url, foreign_keys=False).execution_options(sqlite_begin="BEGIN IMMEDIATE")
    try:
        if revision == "head" and await _is_newest(strict):
            return
        with told():
            async with strict.begin() as connection:
                await connection.run_sync(_upgrade, revision)
    finally:
        await strict.dispose()


async def _is_newest(reading: AsyncEngine) -> bool:
    """Whether no step is missing. Where that cannot be read, the steps are tried, which tells why."""
    try:
        async with reading.execution_options(sqlite_begin="BEGIN").connect() as connection:
            return bool(await connection.scalar(text("SELECT version_num FROM alembic_version")) == NEWEST)
    except (DBAPIError, OSError):
        return False


def _upgrade(connection: Connection, revision: str) -> None:
    """On SQLite the transaction is the lock; on PostgreSQL it holds one until its end."""
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, revision)
    except CommandError as error:
        remedy = "Use that version again, or name a new database with DATABASE_URL or DATA_DIR"
        raise StoreError("The database was written by a newer version of the bot", remedy) from error
