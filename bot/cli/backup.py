"""`backup`: write all that is stored into a file, while the bot runs on."""

import argparse
import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from bot.config import settings
from bot.core.errors import StoreError
from bot.store.backup import backup
from bot.store.store import open_store
from bot.store.url import address

if TYPE_CHECKING:
    from sqlalchemy import URL


def main(options: argparse.Namespace) -> int:
    """0 when the file is complete.

    Raises:
        ConfigError, StoreError: it cannot be written, and there is no file.
    """
    url = address(*settings().storage)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        remedy = "Name its folder with DATA_DIR, or run the bot first"
        raise StoreError(f"There is no database at {url.database}", remedy)
    rows = asyncio.run(_backup(url, options.file))
    print(f"Rows written to {options.file}: {rows}")
    return 0


async def _backup(url: "URL", file: Path) -> int:
    async with open_store(url) as store:
        return await backup(store, file)
