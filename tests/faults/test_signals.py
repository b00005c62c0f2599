"""The bot as a process, told to end or killed while something goes wrong: it leaves in time, never answers twice, and
what it remembers is whole.
"""

import asyncio
import resource
import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
import pytest_asyncio

from tests.fakes.telegram import hold
from tests.faults.troubles import FILE, TROUBLES, Scene, scene
from tests.waiting import PATIENCE
from tests.whole.process import Bot

pytestmark = pytest.mark.asyncio(loop_scope="module")
THEIRS = "polling_action_cb"  # python-telegram-bot forgets a poll that fails in the very moment it is told to end
TOGETHER = 3  # scenes that play at once: most of their time is waiting


async def leaves(bot: Bot) -> None:
    """It ends by itself, leaves nothing behind and does not fail."""
    async with asyncio.timeout(PATIENCE):
        assert await bot.stop(signal.SIGTERM) == 0, bot.log[-5:]
    assert [words for words in bot.log if "did not stop" in words] == []  # as it says when it runs out of time
    assert [words for said, words in pairwise(bot.log) if "never retrieved" in said and THEIRS not in words] == []


async def ended_twice(home: Path, trouble: str) -> Scene:
    """A bot that pinned is killed in the middle of that trouble, started again when it is over, and told to end in the
    middle of the same.
    """
    begin, end = TROUBLES[trouble]
    async with scene(home) as one:
        async with one.running() as bot:
            await one.discord.wait_for("PUT", r"/commands$")
            await one.pin()
            await one.both_answer()
            await begin(one)
            await bot.stop(signal.SIGKILL)
        await end(one)
        async with one.running() as bot:
            await one.both_answer()
            await one.pin()
            await begin(one)
            await leaves(bot)
        await end(one)
    return one


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scenes(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[dict[str, asyncio.Task[Scene]]]:
    """Every trouble that is asked for, some at once."""
    room = asyncio.Semaphore(TOGETHER)

    async def played(trouble: str) -> Scene:
        async with room:
            return await ended_twice(tmp_path_factory.mktemp("bot"), trouble)

    items = (one for one in request.session.items if isinstance(one, pytest.Function))
    wanted = [str(one.callspec.params["trouble"]) for one in items if "trouble" in getattr(one, "fixturenames", ())]
    tasks = {trouble: asyncio.create_task(played(trouble)) for trouble in wanted}
    yield tasks
    for task in tasks.values():
        task.cancel()
    await asyncio.gather(*tasks.values(), return_exceptions=True)


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_killed_in_the_middle_it_comes_back_whole_and_told_to_end_it_leaves_in_time(
    scenes: dict[str, asyncio.Task[Scene]], trouble: str
) -> None:
    one = await scenes[trouble]
    one.nothing_twice()
    assert one.pins() == (1, 1)
    with closing(sqlite3.connect(one.home / "data" / FILE)) as stored:
        found = stored.execute("SELECT platform, command, state FROM pins ORDER BY platform").fetchall()
    assert found == [("discord", "whatisksm", "current"), ("telegram", "whatisksm", "current")]


async def test_killed_before_its_answer_was_taken_it_never_answers_twice(tmp_path: Path) -> None:
    async with scene(tmp_path) as one:
        held, chat = hold(), one.telegram.chat()
        async with one.running() as bot:
            one.telegram.fail_next("sendMessage", held, chat=chat)
            question = one.ask(chat)
            await one.telegram.wait_for_start("sendMessage")
            await bot.stop(signal.SIGKILL)
        held.gate.set()
        async with one.running() as bot:
            await one.both_answer()
            await leaves(bot)
        assert len(one.answers(question)) <= 1, "it stands once or is lost"
        one.nothing_twice()


async def test_a_full_disk_refuses_changes_with_a_word_and_takes_them_when_there_is_room(tmp_path: Path) -> None:
    async with scene(tmp_path) as one, one.running() as bot:
        await one.discord.wait_for("PUT", r"/commands$")
        full = (1, resource.RLIM_INFINITY)  # no file may grow beyond a byte: every write is refused
        resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, full)
        refused = one.discord.slash(one.hall, one.boss, "settings", {"name": "cooldown", "value": "7"})
        async with asyncio.timeout(PATIENCE):
            assert "7" not in (await refused.message()).content
            asked = one.discord.slash(one.hall, one.boss, "diagnose")
            assert "cannot be read or saved right now" in (await asked.message()).content
        await one.both_answer()
        await bot.says(r"store: The disk is full \(full\); free some space")
        assert (await bot.get("/readyz"))[1]["store"]["reason"] == "The disk is full"
        resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        await bot.says("store: back after")
        taken = one.discord.slash(one.hall, one.boss, "settings", {"name": "cooldown", "value": "7"})
        async with asyncio.timeout(PATIENCE):
            assert "7" in (await taken.message()).content
        await leaves(bot)
