"""The whole bot in a Telegram channel, and as a guest with the loudest warning."""

import asyncio
from pathlib import Path

from tests.faults.stage import served
from tests.waiting import PATIENCE

RIGHTS = ("can_post_messages", "can_edit_messages")


async def test_an_explainer_is_pinned_in_a_channel_and_a_guest_answers_with_the_loudest_warning(tmp_path: Path) -> None:
    async with served(tmp_path) as bot, asyncio.timeout(PATIENCE):
        telegram = bot.telegram
        channel, owner = telegram.chat("channel", rights=RIGHTS), telegram.member()
        channel.put(owner, "creator")
        assert "Pinned" in await bot.answered(telegram.post(channel, owner, "/pin governance"))
        (pinned,) = channel.pins
        assert "High risk" in channel.messages[pinned].text
        query = telegram.call_guest(telegram.member(), "@kusama_test_bot /governance")
        told = await telegram.until(lambda: telegram.answer_to(query))
        assert "Crypto is high-risk" in told["result"]["message"]["text"]
