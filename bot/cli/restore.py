"""`restore`: put back what `backup` wrote, into either kind of database; all of it or nothing."""

import argparse
import asyncio
from pathlib import Path

from bot.cli.storage import address_of
from bot.config import settings
from bot.core.errors import StoreError
from bot.runtime.content import matcher_of, read_content
from bot.store.backup import restore
from bot.store.backup_rules import RowRules
from bot.store.store import open_store


def main(options: argparse.Namespace) -> int:
    """0 when everything is back.

    Raises:
        ConfigError, ContentError, StoreError: it cannot be, and nothing was changed.
    """
    rows = asyncio.run(_restore(options.file, replace=options.replace))
    print(f"{options.file}: {rows} rows are back. A bot that runs sees them within a minute.")
    return 0


def _look(file: Path) -> None:
    try:
        file.open("rb").close()
    except OSError as error:
        raise StoreError(f"{file}: {error.strerror}", "Name a file that `python -m bot backup` wrote") from error


async def _restore(file: Path, *, replace: bool) -> int:
    await asyncio.to_thread(_look, file)  # before a database is made for nothing
    given = settings()
    catalog = read_content(given.responses_dir)
    matcher = matcher_of(lambda: catalog)
    async with open_store(address_of(given, must_exist=False)) as store:
        return await restore(store, file, RowRules(catalog.languages, matcher.fault_in_line), replace=replace)
