"""Programs that run while they are measured begin, rest and end as they should."""

import asyncio
import signal
from asyncio.subprocess import PIPE

import pytest

from tools.bench.child import ChildFailed, resident
from tools.bench.spawn import begun, cpu, left, spawned

WAITS = "import signal; print('here', flush=True); signal.pause()"


async def test_a_program_is_killed_when_it_is_left() -> None:
    async with spawned("-c", WAITS, settings={}, output=PIPE) as process:
        assert process.stdout
        await begun(process, process.stdout.readline(), 60)
        assert cpu(process.pid) > 0
        assert resident(process.pid) > 1
    assert process.returncode == -signal.SIGKILL


async def test_a_program_that_is_asked_to_end_does() -> None:
    async with spawned("-c", WAITS, settings={}, output=PIPE) as process:
        assert process.stdout
        await process.stdout.readline()
        await left(process, signal.SIGTERM)
        assert process.returncode == -signal.SIGTERM


async def test_a_program_that_ends_before_it_is_ready_is_told_with_what_it_wrote() -> None:
    async with spawned("-c", "raise SystemExit(3)", settings={}) as process:
        with pytest.raises(ChildFailed, match="it ended with 3\nno token"):
            await begun(process, asyncio.Event().wait(), 60, lambda: "no token")


async def test_a_program_gets_its_settings_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "of the one who measures")
    code = "import os; print(os.environ.get('DISCORD_TOKEN'), os.environ['GIVEN'])"
    async with spawned("-c", code, settings={"GIVEN": "7"}, output=PIPE) as process:
        said, _ = await process.communicate()
    assert said.split() == [b"None", b"7"]
