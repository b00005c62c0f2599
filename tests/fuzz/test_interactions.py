"""Interactions whose data is not what Discord would send, over the gateway: the bot stays, and nothing changes."""

import copy
import random
from pathlib import Path
from typing import Any

from tests.faults.stage import served
from tests.security.test_rights import stored

JUNK: list[Any] = [
    None,
    True,
    -1,
    2**70,
    "",
    "x" * 5000,
    [],
    {},
    [None],
    [{}],
    {"name": "pin"},
    ["v1:en:pin"],
]
FIELDS = ("name", "type", "options", "custom_id", "resolved", "target_id", "values", "component_type")


async def test_forged_data_of_interactions_ends_no_connection_and_changes_nothing(tmp_path: Path) -> None:
    chance = random.Random(7)
    async with served(tmp_path) as bot:
        known = bot.called()
        await known.message()
        before = stored(bot)
        for kind in (2, 3, 4):
            for _ in range(30):
                payload = copy.deepcopy(known.payload)
                payload |= {"type": kind, "id": str(bot.discord.world.new_id()), "token": "forged"}
                for field in chance.sample(FIELDS, 3):
                    payload["data"][field] = chance.choice(JUNK)
                if kind == 3:
                    forged = chance.choice(["", "v1:en:pin", "v1:xx:whatisksm", "v0:whatisksm", "x" * 5000])
                    payload["data"] |= {"custom_id": forged, "component_type": 2}  # the library trusts in both
                    payload["message"] = (await known.message()).json()
                bot.discord.raw("INTERACTION_CREATE", payload)
        await bot.both_answer()
        await bot.ready()
        assert bot.naps.taken == []
        assert not bot.discord.done("PUT", r"/pins/")
        assert stored(bot) == before


OLD = ["", "v1", "v1:", "v0:whatisksm", "v0:en:whatisksm", "v2:en:whatisksm", "whatisksm", "pin:whatisksm", "x" * 64]
FORGED = [
    "v1:en:pin",
    "v1:en:settings",
    "v1:en:privacy",
    "v1:xx:whatisksm",
    "v1:en:/pin whatisksm",
    "v1:en:whatisksm:x",
]


async def test_buttons_on_telegram_that_are_forged_or_older_are_answered_and_change_nothing(tmp_path: Path) -> None:
    async with served(tmp_path) as bot:
        telegram, before = bot.telegram, stored(bot)
        for number, data in enumerate([*OLD, *FORGED]):
            chat, member = telegram.chat("supergroup"), telegram.member()
            if number % 2:
                chat.put(member, "creator")  # whose rights a button must not use
            await bot.answered(telegram.send(chat, telegram.member(), "/whatisksm"))
            shown = next(one for one in chat.messages.values() if one.sender is telegram.bot)
            telegram.press(shown, data, member, forged=True)
        pressed = len([*OLD, *FORGED])
        await telegram.until(lambda: len(telegram.of("answerCallbackQuery")) >= pressed or None)
        await bot.both_answer()
        assert not bot.telegram.of("pinChatMessage")
        assert stored(bot) == before
        assert all(call.ok for call in bot.telegram.of("answerCallbackQuery"))
