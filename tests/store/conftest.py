"""An empty store, once over each database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from bot.store.store import Store, open_store
from bot.store.url import address
from tests.postgres import Server, postgres

__all__ = ["postgres"]


DATABASES = ("sqlite", "postgresql")


def empty(request: pytest.FixtureRequest, folder: Path) -> URL:
    """The address of an empty database of the kind that the request's parameter names."""
    if request.param == "sqlite":
        return address(None, folder / "data")
    server: Server = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> URL:
    """The address of an empty database."""
    return empty(request, tmp_path)


@pytest.fixture
async def store(url: URL) -> AsyncIterator[Store]:
    """A store over it."""
    async with open_store(url) as opened:
        yield opened
