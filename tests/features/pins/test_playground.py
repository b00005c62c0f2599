"""Living pins in the playground, by a process of its own."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp

from tests.waiting import PATIENCE
from tests.whole.process import Bot, running


async def moderator(bot: Bot, text: str) -> str:
    """A moderator types it; returns the answer as Discord shows it."""
    status, answer = await bot.post("/api/ask", {"text": text, "as": "moderator"})
    assert status == 200
    shown: dict[str, Any] = answer["faces"]["discord"]
    return str(shown["text"])


async def test_pins_live_in_the_playground_until_the_process_ends(tmp_path: Path) -> None:
    async with running(tmp_path) as bot:
        assert "Pinned" in await moderator(bot, "/pin whatisksm")
        assert "was already pinned here" in await moderator(bot, "/pin whatisksm")
        assert "up to date" in await moderator(bot, "/pins")
        assert await bot.stop() == 0
    async with running(tmp_path) as bot:
        assert "Nothing is pinned or posted yet" in await moderator(bot, "/pins")
        assert await bot.stop() == 0


async def shows(bot: Bot, words: str) -> None:
    """Wait until the page is told of a message with these words."""
    address = f"http://127.0.0.1:{bot.port}/events"
    async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as session, session.get(address) as events:
        async for line in events.content:
            if line.startswith(b"data:") and words in line.decode():
                return
    raise AssertionError(f"the page was never told of {words}")


async def test_a_pin_follows_its_text_while_the_process_runs(tmp_path: Path) -> None:
    async with running(tmp_path) as bot:
        assert "Pinned" in await moderator(bot, "/pin whatisksm")
        file = tmp_path / "responses" / "en/answers/whatisksm.yaml"
        file.write_text(file.read_text("utf-8").replace("What is KSM?", "What is the KSM token?", 1), "utf-8")
        await shows(bot, '"title":"What is the KSM token?"')
        assert await bot.stop() == 0
        assert "[error" not in "\n".join(bot.log)


async def test_every_explainer_is_posted_in_the_playground_after_a_second_press(tmp_path: Path) -> None:
    async with running(tmp_path) as bot:
        _, asked = await bot.post("/api/ask", {"text": "/post all", "as": "moderator"})
        (button,) = asked["faces"]["discord"]["buttons"][0]
        await bot.post("/api/ask", {"press": button["id"], "beside": [button["id"]], "as": "moderator"})
        await shows(bot, '"command":"whatiskusama"')
        assert "Posts kept up to date" in await moderator(bot, "/pins")
        assert await bot.stop() == 0
