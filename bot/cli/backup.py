"""`backup`: write all that is stored into a file, while the bot runs on."""

import argparse
import asyncio
from pathlib import Path

from bot.config import settings
from bot.core.errors import StoreError
from bot.store.backup import backup
from bot.store.store import open_store
from bot.store.url import address


def main(options: argparse.Namespace) -> int:
    """0 when the file is complete."""
    url = address(*settings().storage)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        remedy = "Name its folder with DATA_DIR, or run the bot first"
        raise StoreError(f"There is no database at {url.database}", remedy)

    async def write() -> int:
        async with open_store(url) as store:
            return await backup(store, options.file)

    print(f"Rows written to {options.file}: {asyncio.run(write())}")
    return 0
