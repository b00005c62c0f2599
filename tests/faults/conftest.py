"""One bot for all the faults of a file: it has to stand them one after another, and be whole after each."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.faults.stage import Whole, served


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def standing(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Whole]:
    """The bot, from the first test of the file to the last."""
    async with served(tmp_path_factory.mktemp("bot")) as bot:
        yield bot


@pytest_asyncio.fixture(loop_scope="module")
async def bot(standing: Whole) -> AsyncIterator[Whole]:
    """The bot, serving both platforms before the fault, and by itself again after it; nothing was answered twice."""
    await standing.ready()
    standing.naps.taken.clear()
    yield standing
    await standing.ready()
    await standing.both_answer()
