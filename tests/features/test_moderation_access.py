"""Who asks too often: a private word on Discord, one word and then silence on Telegram, and never a moderator."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.core.model import DISCORD, PLAYGROUND, TELEGRAM, Place, Right
from bot.core.spans import flatten
from tests.house import GUILD, House, house

GROUP = Place(TELEGRAM, "-100", "-100")
MEMBER = Right.SEND | Right.HISTORY


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as one:
        yield one


async def asked(home: House, place: Place, member: str = "7", words: str = "/whatisksm", **more: Any) -> str:
    """What comes at once: the explainer's command, a notice's words, or nothing."""
    reply = await home.reply(words, place, MEMBER, member=member, patient=False, **more)
    return "" if reply is None else reply.command or flatten(reply.body)


async def test_on_discord_every_refusal_is_a_private_word(home: House) -> None:
    assert await asked(home, GUILD) == "whatisksm"
    home.now += 0.5
    reply = await home.reply("/whatisksm", GUILD, MEMBER, patient=False)
    assert reply is not None
    assert reply.private
    assert flatten(reply.body) == "One moment, please. Try again in 3 s."
    home.now += 1
    assert await asked(home, GUILD) == "One moment, please. Try again in 2 s."
    home.now += 1.5
    assert await asked(home, GUILD) == "whatisksm"


async def test_on_telegram_it_is_one_word_and_then_silence_until_it_is_over(home: House) -> None:
    assert await asked(home, GROUP) == "whatisksm"
    assert await asked(home, GROUP) == "One moment, please. Try again in 3 s."
    assert [await asked(home, GROUP) for _ in range(5)] == [""] * 5
    home.now += 3
    assert await asked(home, GROUP) == "whatisksm"
    assert await asked(home, GROUP) == "One moment, please. Try again in 3 s."


async def test_another_member_is_not_made_to_wait(home: House) -> None:
    assert await asked(home, GUILD, "7") == await asked(home, GUILD, "8") == "whatisksm"


async def test_a_channel_bears_so_many_members_and_other_channels_go_on(home: House) -> None:
    said = [await asked(home, GUILD, str(member)) for member in range(7)]
    assert said == ["whatisksm"] * 5 + ["One moment, please. Try again in 1 s."] * 2
    assert await asked(home, replace(GUILD, channel="11"), "9") == "whatisksm"


async def test_private_answers_do_not_fill_a_channel(home: House) -> None:
    said = [await asked(home, GUILD, str(member), private=True) for member in range(20)]
    assert said == ["whatisksm"] * 20
    assert await asked(home, GUILD, "21") == "whatisksm"


async def test_a_direct_chat_takes_a_few_at_once(home: House) -> None:
    direct = Place(TELEGRAM, None, "7")
    assert [await asked(home, direct) for _ in range(6)] == ["whatisksm"] * 5 + [
        "One moment, please. Try again in 3 s."
    ]


async def test_the_community_sets_the_pause_and_may_turn_it_off(home: House) -> None:
    await home.says("/settings cooldown 60")
    assert await asked(home, GUILD, "5") == "whatisksm"
    assert await asked(home, GUILD, "5") == "One moment, please. Try again in 60 s."
    await home.says("/settings cooldown off")
    assert [await asked(home, GUILD, "5") for _ in range(20)] == ["whatisksm"] * 20


async def test_moderators_never_wait_with_their_own_commands(home: House) -> None:
    for _ in range(20):
        reply = await home.reply("/settings", patient=False)
        assert reply is not None
        assert "Settings of this community" in flatten(reply.body)


async def test_members_who_try_the_moderators_commands_wait_like_all(home: House) -> None:
    assert "You need the right" in await asked(home, GROUP, words="/settings")
    assert "One moment" in await asked(home, GROUP, words="/settings")
    assert await asked(home, GROUP, words="/settings") == ""


async def test_another_bots_command_costs_nobody_a_turn(home: House) -> None:
    assert [await asked(home, GROUP, words="/weather") for _ in range(3)] == [""] * 3
    assert await asked(home, GROUP) == "whatisksm"


async def test_the_playground_waits_for_nobody(home: House) -> None:
    playground = Place(PLAYGROUND, "playground", "general")
    assert [await asked(home, playground) for _ in range(20)] == ["whatisksm"] * 20


async def test_the_word_about_a_pause_is_not_counted(home: House) -> None:
    for _ in range(4):
        await asked(home, Place(DISCORD, "2", "20"))
    found = await home.store.counts.statistics(Place(DISCORD, "2"), home.day)
    assert [(one.command, one.times) for one in found] == [("whatisksm", 1)]
