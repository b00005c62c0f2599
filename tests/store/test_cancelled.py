"""Whoever waits for the database may be told to stop at any moment, and holds up nobody afterwards."""

import asyncio
import gc
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.core.model import DISCORD, Outcome, Place
from bot.store.store import Store
from tests.waiting import PATIENCE

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def untidy() -> Iterator[None]:
    """Python clears nothing away of its own accord."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("words", ["BEGIN", "DELETE FROM editions", "INSERT INTO editions"])
async def test_a_change_that_is_cancelled_while_it_is_made_locks_out_no_other(
    store: Store, untidy: None, words: str
) -> None:
    changing = asyncio.create_task(store.editions.leads("one", NOW))
    struck: list[str] = []
    loop = asyncio.get_running_loop()

    def cancel(_: object, __: object, statement: str, *___: object) -> None:
        if statement.startswith(words) and not struck:
            struck.append(statement)
            loop.call_soon_threadsafe(changing.cancel)

    event.listen(Engine, "before_cursor_execute", cancel)
    try:
        await asyncio.wait({changing}, timeout=10)
    finally:
        event.remove(Engine, "before_cursor_execute", cancel)
    assert changing.cancelled() or not struck
    async with asyncio.timeout(PATIENCE):  # less than a change waits for another
        store.counts.count(Place(DISCORD, "1", "2"), "risk", Outcome.EXPLAINER, NOW.date())
        await store.counts.flush()
        assert await store.editions.leads("two", NOW)
