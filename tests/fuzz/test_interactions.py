"""Interactions whose data is not what Discord would send, over the gateway: the bot stays, and nothing changes."""

import copy
import random
from pathlib import Path
from typing import Any

from tests.faults.stage import served

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
