"""`restore`: reads a file that `backup` wrote into SQLite or PostgreSQL, completely or not at all."""

import argparse
import asyncio
from pathlib import Path

from bot.config import load_settings
from bot.core.errors import StoreError
from bot.runtime.content_setup import matcher_of, read_content
from bot.store.backup import Restored, restore
from bot.store.store import open_store
from bot.store.url import address


def main(options: argparse.Namespace) -> int:
    """Restore the file. Returns 0.

    Raises:
        StoreError: there is no such file, it cannot be restored, or the database cannot be used.
    """
    if not options.file.is_file():  # checked before the database is created
        raise StoreError(f"There is no file {options.file}", "Name a file that `python -m bot backup` wrote")
    done = asyncio.run(_restore(options.file, replace=options.replace))
    print(f"Rows restored from {options.file}: {done.rows}. A running bot sees them within a minute.")
    if done.without_message:
        lines = ", ".join(map(str, done.without_message))
        print(f"The welcome messages on these lines are refused now; their communities get the default one: {lines}")
    return 0


async def _restore(file: Path, *, replace: bool) -> Restored:
    settings = load_settings()
    catalog = read_content(*settings.folders)
    matcher = matcher_of(lambda: catalog, settings.folders[0])
    async with open_store(address(*settings.storage)) as store:
        return await restore(store, file, catalog.languages, matcher.why_line_refused, replace=replace)
