"""Migrations: what they make is what tables.py says, and only one process makes it."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Inspector, create_engine, inspect, text

from bot.core.errors import StoreError
from bot.store import migrate as migrating
from bot.store.database import Database
from bot.store.files import secure
from bot.store.migrate import NEWEST, migrate
from bot.store.store import Store, open_store
from bot.store.tables import metadata
from tests.builders import ROOT


@pytest.fixture
async def stepped(url: URL, tmp_path: Path) -> AsyncIterator[Database]:
    """A database on which every step was taken, since it was not empty."""
    list(secure(tmp_path / "data" / "bot.sqlite3"))
    database = Database(url)
    versions = text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    await database.write(lambda connection: connection.execute(versions))
    await migrate(url)
    yield database
    await database.close()


def differences(connection: Connection) -> object:
    return compare_metadata(MigrationContext.configure(connection), metadata)


async def test_the_migrations_make_the_tables_that_the_code_knows(stepped: Database) -> None:
    assert await stepped.read(differences) == []


async def test_an_empty_database_gets_these_tables_at_once(store: Store) -> None:
    assert await store.database.read(differences) == []


def constraints(connection: Connection) -> object:
    """What compare_metadata does not look at."""
    found: Inspector = inspect(connection)
    return {
        table: (
            sorted(str(check["name"]) for check in found.get_check_constraints(table)),
            [(key["constrained_columns"], key["options"]) for key in found.get_foreign_keys(table)],
            found.get_pk_constraint(table)["constrained_columns"],
        )
        for table in metadata.tables
    }


async def test_checks_and_foreign_keys_are_those_of_the_code_too(stepped: Database, tmp_path: Path) -> None:
    plain = create_engine(f"sqlite:///{tmp_path / 'plain'}")
    with plain.begin() as connection:
        metadata.create_all(connection)
        wanted = constraints(connection)
    plain.dispose()
    assert await stepped.read(constraints) == wanted


async def test_processes_that_start_at_once_migrate_once(url: URL, tmp_path: Path) -> None:
    list(secure(tmp_path / "data" / "bot.sqlite3"))
    await asyncio.gather(*(migrate(url) for _ in range(4)))
    database = Database(url)
    version = text("SELECT version_num FROM alembic_version")
    assert await database.read(lambda connection: connection.execute(version).scalars().all()) == [NEWEST]
    await database.close()


async def test_a_database_of_a_newer_version_is_refused_and_left_alone(url: URL) -> None:
    newer = text("UPDATE alembic_version SET version_num = '9999'")
    async with open_store(url) as store:
        await store.database.write(lambda connection: connection.execute(newer))
    with pytest.raises(StoreError, match="newer version"):
        await migrate(url)


def test_the_newest_step_is_the_one_that_a_current_database_names() -> None:
    steps = ScriptDirectory(str(Path(migrating.__file__).parent / "migrations"))
    assert steps.get_current_head() == NEWEST


async def test_an_empty_and_a_current_database_are_opened_without_the_library_that_migrates(
    url: URL, tmp_path: Path
) -> None:
    list(secure(tmp_path / "data" / "bot.sqlite3"))
    shown = url.render_as_string(hide_password=False)
    program = (
        "import asyncio, sys; from sqlalchemy import make_url; from bot.store.migrate import migrate; "
        f"[asyncio.run(migrate(make_url({shown!r}))) for _ in 'ab']; print('alembic' in sys.modules)"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, stdout=asyncio.subprocess.PIPE
    )
    assert (await process.communicate())[0].decode().strip() == "False"


async def test_a_step_that_fails_leaves_nothing_behind(url: URL, tmp_path: Path) -> None:
    list(secure(tmp_path / "data" / "bot.sqlite3"))
    database = Database(url)
    taken = text("CREATE TABLE offers (number INTEGER)")  # something else of the name of the last table
    await database.write(lambda connection: connection.execute(taken))
    with pytest.raises(StoreError):
        await migrate(url)
    assert await database.read(lambda connection: inspect(connection).get_table_names()) == ["offers"]
    await database.close()
