"""`backup`: writes all stored data to a file. The bot may be running."""

import argparse
import asyncio
from pathlib import Path

from bot.config import load_settings
from bot.core.errors import StoreError
from bot.store.backup import backup
from bot.store.store import open_store
from bot.store.url import address


def main(options: argparse.Namespace) -> int:
    """Write the file. Returns 0.

    Raises:
        StoreError: there is no database, it cannot be read, or the file cannot be written.
    """
    url = address(*load_settings().storage)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        remedy = "Set DATA_DIR to its folder, or run the bot first"
        raise StoreError(f"There is no database at {url.database}", remedy)

    async def write() -> int:
        async with open_store(url) as store:
            return await backup(store, options.file)

    print(f"Rows written to {options.file}: {asyncio.run(write())}")
    return 0
