"""Which edition is the newest in use, on each database."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.store.content_versions import IN_USE
from bot.store.store import Store

NOW = datetime(2026, 11, 22, tzinfo=UTC)
LATER = NOW + IN_USE + timedelta(seconds=1)


@pytest.fixture
def shared(store: Store) -> Store:
    """A store that several processes share."""
    if not store.database.is_postgresql:
        pytest.skip("a SQLite file has one process")
    return store


async def test_the_edition_first_seen_later_leads(shared: Store) -> None:
    assert await shared.editions.leads("old", NOW)
    assert await shared.editions.leads("new", NOW)
    assert not await shared.editions.leads("old", NOW)
    assert await shared.editions.leads("new", NOW)


async def test_an_older_edition_leads_again_when_nobody_uses_the_newer_one(shared: Store) -> None:
    for name in ("old", "new", "old"):
        await shared.editions.leads(name, NOW)
    assert await shared.editions.leads("old", LATER)
    assert await shared.editions.leads("new", LATER), "it comes back as the newer one"
    assert not await shared.editions.leads("old", LATER)


async def test_of_editions_that_appear_at_once_exactly_one_leads(shared: Store) -> None:
    names = [f"edition {number}" for number in range(5)]
    await asyncio.gather(*(shared.editions.leads(name, NOW) for name in names))
    assert sum([await shared.editions.leads(name, NOW) for name in names]) == 1


async def test_one_process_with_a_file_of_its_own_always_leads(store: Store) -> None:
    if store.database.is_postgresql:
        pytest.skip("several processes may share it")
    for name in ("old", "new", "old"):
        assert await store.editions.leads(name, NOW)


async def test_one_process_leads_also_after_its_date_was_set_back(store: Store) -> None:
    if store.database.is_postgresql:
        pytest.skip("several processes may share it")
    for name in ("old", "new"):
        await store.editions.leads(name, NOW)
    assert await store.editions.leads("old", NOW - timedelta(days=1))
