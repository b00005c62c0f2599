"""`backup`: write all that is stored into a file, while the bot runs on."""

import argparse
import asyncio
from pathlib import Path

from bot.cli.storage import address_of
from bot.config import settings
from bot.store.backup import backup
from bot.store.store import open_store


def main(options: argparse.Namespace) -> int:
    """0 when the file is complete.

    Raises:
        ConfigError, StoreError: it cannot be written, and there is no file.
    """
    rows = asyncio.run(_backup(options.file))
    print(f"Rows written to {options.file}: {rows}")
    return 0


async def _backup(file: Path) -> int:
    async with open_store(address_of(settings(), must_exist=True)) as store:
        return await backup(store, file)
