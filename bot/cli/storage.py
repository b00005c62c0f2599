"""The database's address, for the commands that use it."""

from pathlib import Path
from typing import TYPE_CHECKING

from bot.config import Settings
from bot.core.errors import StoreError
from bot.store.url import address

if TYPE_CHECKING:
    from sqlalchemy import URL


def address_of(given: Settings, *, must_exist: bool) -> "URL":
    """The database's address.

    Raises:
        StoreError: it cannot be used; or it is a file that does not exist, where it must.
    """
    url = address(given.database_url.get_secret_value() if given.database_url else None, given.data_dir)
    if must_exist and url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        raise StoreError(
            f"There is no database at {url.database}", "Name its folder with DATA_DIR, or run the bot first"
        )
    return url
