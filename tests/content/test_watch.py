"""The watch tells of changes to content, and survives whatever happens to the folder."""

import asyncio
import shutil
from contextlib import aclosing
from pathlib import Path

from bot.content.watch import changes


class Pauses:
    """Stands for sleeping: each pause ends when the test says so."""

    def __init__(self) -> None:
        self.asked: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)
        await asyncio.sleep(0)


async def test_a_missing_folder_is_looked_for_again_and_again(tmp_path: Path) -> None:
    pauses = Pauses()
    async with aclosing(changes(tmp_path / "none", pauses)) as told:
        for _ in range(3):
            await asyncio.wait_for(anext(told), 5)
    assert pauses.asked == [2.0, 2.0, 2.0]


async def test_an_edit_is_told_and_so_is_a_folder_that_goes(tmp_path: Path) -> None:
    folder = tmp_path / "responses"
    (folder / "en").mkdir(parents=True)
    (folder / "en" / "a.yaml").write_text("a: 1\n")
    async with aclosing(changes(folder, Pauses())) as told:
        waiting = asyncio.ensure_future(anext(told))
        number = 0
        while not waiting.done():  # the watch begins in a thread of its own: write until it has seen one
            number += 1
            (folder / "en" / "a.yaml").write_text(f"a: {number}\n")
            await asyncio.wait([waiting], timeout=0.2)
        assert waiting.done()
        await waiting
        shutil.rmtree(folder)
        for _ in range(3):  # the removal itself, and then every look at what is no more
            await asyncio.wait_for(anext(told), 10)
