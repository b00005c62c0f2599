"""What goes wrong between the bot and Discord. Telegram goes on through all of it."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.discord_server import DiscordServer
from tests.faults.line import Line
from tests.faults.stage import Whole, served, whole
from tests.waiting import PATIENCE

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_discord_refusing_connections_at_the_start_is_tried_again_until_it_serves(tmp_path: Path) -> None:
    async def down(_: Line, discord: DiscordServer) -> None:
        await discord.down()

    async with whole(tmp_path, prepare=down) as bot:
        for _ in range(2):
            await bot.naps.begun()
            await bot.down("discord")
            assert "⚠️" in await bot.telegram_answers()
            bot.naps.over()
        await bot.naps.begun()
        await bot.discord.up()
        bot.naps.over()
        await bot.ready()
        await bot.both_answer()
        assert bot.naps.taken[0] < bot.naps.taken[2], "the waits grow"


async def test_a_gateway_that_fails_at_the_first_connect_is_tried_again_with_a_fresh_client(tmp_path: Path) -> None:
    async def refusing(_: Line, discord: DiscordServer) -> None:
        discord.gateway.refusing = 1

    async with whole(tmp_path, prepare=refusing) as bot:
        await bot.naps.begun()
        await bot.down("discord")
        assert "⚠️" in await bot.telegram_answers()
        bot.naps.over()
        await bot.ready()
        await bot.both_answer()


async def test_a_shard_that_fails_gives_discord_its_reason_and_is_tried_again(tmp_path: Path) -> None:
    async def refusing(_: Line, discord: DiscordServer) -> None:
        discord.rest.max_concurrency = 2
        discord.gateway.refusing = 1

    async with whole(tmp_path, prepare=refusing, shards=2) as bot:
        await bot.naps.begun()
        (found,) = (await bot.tells(lambda told: len(told["faults"]) == 1))["faults"]
        assert (found["part"], found["fault"]) == ("discord", "retrying")
        bot.naps.over()
        await bot.ready()


async def test_a_dropped_gateway_is_resumed_and_what_was_missed_is_answered_once(bot: Whole) -> None:
    with bot.discord.gateway.away():
        bot.discord.gateway.drop()
        missed = bot.called()
        await bot.down("discord")
        assert "⚠️" in await bot.telegram_answers()
    async with asyncio.timeout(PATIENCE):
        assert "⚠️" in (await missed.message()).content
    await bot.ready()
    await bot.both_answer()
    assert bot.naps.taken == []


async def test_an_invalidated_session_is_followed_by_a_new_one(bot: Whole) -> None:
    before = set(bot.discord.gateway.sessions)
    bot.discord.gateway.invalidate()
    await bot.naps.begun()
    await bot.down("discord")
    assert "⚠️" in await bot.telegram_answers()
    bot.naps.over()
    await bot.ready()
    assert before.isdisjoint(bot.discord.gateway.sessions)


async def test_an_outage_of_all_discord_is_over_when_discord_is_back(bot: Whole) -> None:
    await bot.discord.down()
    await bot.down("discord")
    assert "⚠️" in await bot.telegram_answers()
    await bot.discord.up()
    await bot.ready()


async def test_a_connection_that_says_nothing_any_more_is_made_anew_and_what_was_missed_is_answered_once(
    tmp_path: Path,
) -> None:
    async def beating(_: Line, discord: DiscordServer) -> None:
        discord.gateway.heartbeat = 0.3

    async with served(tmp_path, prepare=beating, silence=1.5) as bot:
        before = dict(bot.discord.gateway.sessions)
        bot.discord.gateway.mute()
        missed = bot.called()
        assert "⚠️" in await bot.telegram_answers()
        async with asyncio.timeout(PATIENCE):
            assert "⚠️" in (await missed.message()).content
        await bot.ready()
        await bot.both_answer()
        assert bot.discord.gateway.sessions == before, "the session goes on"
        assert bot.naps.taken == []


async def test_words_on_the_gateway_that_are_no_json_end_the_connection_and_nothing_else(bot: Whole) -> None:
    with bot.discord.gateway.away():
        bot.discord.gateway.garble()
        await bot.down("discord")
        assert "⚠️" in await bot.telegram_answers()
    await bot.ready()
    assert bot.naps.taken == []


async def test_a_token_revoked_in_the_middle_of_a_run_disables_discord_alone(tmp_path: Path) -> None:
    async with served(tmp_path) as bot:
        bot.discord.revoke_token()
        bot.discord.gateway.drop(4004)
        state = await bot.tells(lambda told: told["platforms"]["discord"]["state"] == "disabled")
        assert "token" in state["platforms"]["discord"]["reason"]
        assert "⚠️" in await bot.telegram_answers()
        assert state["platforms"]["telegram"]["ready"]


async def test_a_channel_that_has_to_wait_keeps_no_other_channel_waiting(bot: Whole) -> None:
    slow, fast = bot.guild.channel("slow"), bot.guild.channel("fast")
    me = f"<@{bot.discord.world.bot.id}> /whatisksm"
    path = rf"/channels/{slow.id}/messages"
    flood = bot.discord.fail_next("POST", path, status=429, retry_after=1.0, scope="shared")
    bot.discord.say(slow, bot.guild.member("ada"), me)
    async with asyncio.timeout(PATIENCE):
        await flood.hit.wait()
        bot.discord.say(fast, bot.guild.member("grace"), me)
        await bot.discord.wait_for("POST", rf"/channels/{fast.id}/messages")
        assert len(bot.discord.done("POST", path)) == 1, "the slow one still waits"
        await bot.discord.wait_for("POST", path, 2)
    assert [one.status for one in bot.discord.done("POST", path)] == [429, 200]


@pytest.mark.parametrize(
    "how", [{"status": 500}, {"status": 503}, {"cut": True}, {"half": True}, {"broken_json": True}]
)
async def test_an_answer_that_discord_does_not_take_is_no_reason_to_stop(bot: Whole, how: dict[str, Any]) -> None:
    fault = bot.discord.fail_next("POST", r"/callback$", **how)
    bot.called()
    async with asyncio.timeout(PATIENCE):
        await fault.hit.wait()
    await bot.both_answer()
    await bot.ready()


async def test_an_answer_that_discord_keeps_hanging_holds_up_no_other(bot: Whole) -> None:
    fault = bot.discord.fail_next("POST", r"/callback$", slow=True)
    hanging = bot.called()
    async with asyncio.timeout(PATIENCE):
        await fault.hit.wait()
    await bot.both_answer()
    fault.release()
    async with asyncio.timeout(PATIENCE):
        assert "⚠️" in (await hanging.message()).content


async def test_an_interaction_that_comes_twice_is_answered_once(bot: Whole) -> None:
    asked = bot.called()
    bot.discord.again(asked)
    async with asyncio.timeout(PATIENCE):
        await asked.message()
