"""`restore`: put back what `backup` wrote, into either kind of database; all of it or nothing."""

import argparse
import asyncio
from pathlib import Path

from bot.config import settings
from bot.core.errors import StoreError
from bot.runtime.content import matcher_of, read_content
from bot.store.backup import Restored, restore
from bot.store.store import open_store
from bot.store.url import address


def main(options: argparse.Namespace) -> int:
    """0 when everything is back."""
    if not options.file.is_file():  # before a database is made for nothing
        raise StoreError(f"there is no file {options.file}", "Name a file that `python -m bot backup` wrote")
    done = asyncio.run(_restore(options.file, replace=options.replace))
    print(f"Rows restored from {options.file}: {done.rows}. A running bot sees them within a minute.")
    if done.without_message:
        lines = ", ".join(map(str, done.without_message))
        print(f"Lines with a welcome message that is refused now; their communities have the usual one: {lines}")
    return 0


async def _restore(file: Path, *, replace: bool) -> Restored:
    given = settings()
    catalog = read_content(*given.folders)
    matcher = matcher_of(lambda: catalog, given.folders[0])
    async with open_store(address(*given.storage)) as store:
        return await restore(store, file, catalog.languages, matcher.fault_in_line, replace=replace)
