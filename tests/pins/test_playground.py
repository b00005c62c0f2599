"""Living pins in the playground, by a process of its own."""

from pathlib import Path
from typing import Any

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
        assert "was pinned here already" in await moderator(bot, "/pin whatisksm")
        assert "up to date" in await moderator(bot, "/pins")
        assert await bot.stop() == 0
    async with running(tmp_path) as bot:
        assert "Nothing is pinned yet" in await moderator(bot, "/pins")
        assert await bot.stop() == 0
