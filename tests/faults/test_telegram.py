"""What goes wrong between the bot and Telegram. Discord goes on through all of it."""

import asyncio
from pathlib import Path

import aiohttp
import pytest

from tests.fakes.discord_server import DiscordServer
from tests.fakes.telegram import BROKEN_JSON, CLOSE, HANG, LOST_ANSWER, Fault, flood, hold, status
from tests.faults.line import Line
from tests.faults.stage import Whole, served, whole
from tests.waiting import PATIENCE

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_telegram_refusing_connections_at_the_start_is_tried_again_until_it_serves(tmp_path: Path) -> None:
    async def down(line: Line, _: DiscordServer) -> None:
        await line.down()

    async with whole(tmp_path, prepare=down) as bot:
        for _ in range(2):
            await bot.naps.begun()
            await bot.down("telegram")  # Discord is still starting
            assert "⚠️" in await bot.discord_answers()
            bot.naps.over()
        await bot.naps.begun()
        await bot.line.up()
        bot.naps.over()
        await bot.ready()
        await bot.both_answer()


async def test_a_line_that_is_cut_is_told_at_once_and_taken_up_again(bot: Whole) -> None:
    await bot.line.down()
    await bot.down("telegram")
    assert "⚠️" in await bot.discord_answers()
    missed = bot.telegram.send(bot.telegram.chat("supergroup"), bot.telegram.member(), "/whatisksm")
    await bot.line.up()
    assert "⚠️" in await bot.answered(missed)


async def test_sockets_that_telegram_closes_on_its_side_are_opened_anew(bot: Whole) -> None:
    bot.line.half_close()
    await bot.both_answer()


async def test_a_line_that_carries_nothing_for_a_while_loses_no_question(bot: Whole) -> None:
    bot.line.mute()
    asked = bot.telegram.send(bot.telegram.chat("supergroup"), bot.telegram.member(), "/whatisksm")
    assert "⚠️" in await bot.discord_answers()
    bot.line.speak()
    assert "⚠️" in await bot.answered(asked)


@pytest.mark.parametrize(
    "fault", [status(500, "Internal Server Error"), status(502, "Bad Gateway"), CLOSE, BROKEN_JSON]
)
async def test_a_poll_that_fails_is_told_until_the_next_one_does_not(bot: Whole, fault: Fault) -> None:
    bot.telegram.fail_next("getUpdates", fault, times=None)
    asked = bot.telegram.send(bot.telegram.chat("supergroup"), bot.telegram.member(), "/whatisksm")
    await bot.telegram.until(lambda: bot.telegram.of("getUpdates")[-1].status != 200 or None)
    await bot.down("telegram")
    assert "⚠️" in await bot.discord_answers()
    bot.telegram.heal()
    assert asked.id in [one["message"]["message_id"] for one in bot.telegram.updates.kept if "message" in one] or (
        bot.answers_to(asked)
    )
    await bot.ready()


@pytest.mark.parametrize("fault", [status(500, "Internal Server Error"), CLOSE, BROKEN_JSON, LOST_ANSWER])
async def test_an_answer_that_telegram_does_not_take_is_sent_at_most_once(bot: Whole, fault: Fault) -> None:
    chat = bot.telegram.chat("supergroup")
    bot.telegram.fail_next("sendMessage", fault, chat=chat)
    asked = bot.telegram.send(chat, bot.telegram.member(), "/whatisksm")
    await bot.telegram.until(
        lambda: [one for one in bot.telegram.of("sendMessage") if one.params["chat_id"] == chat.id] or None,
        seconds=PATIENCE,
    )
    await bot.both_answer()
    assert len(bot.answers_to(asked)) <= 1


async def test_an_answer_that_telegram_keeps_hanging_holds_up_no_other(bot: Whole) -> None:
    chat, held = bot.telegram.chat("supergroup"), hold()
    bot.telegram.fail_next("sendMessage", held, chat=chat)
    asked = bot.telegram.send(chat, bot.telegram.member(), "/whatisksm")
    await bot.telegram.until(
        lambda: [one for one in bot.telegram.calls if one.params.get("chat_id") == chat.id] or None, seconds=PATIENCE
    )
    await bot.both_answer()
    held.gate.set()
    assert "⚠️" in await bot.answered(asked)


async def test_a_chat_that_has_to_wait_keeps_no_other_chat_waiting(bot: Whole) -> None:
    slow = bot.telegram.chat("supergroup")
    bot.telegram.fail_next("sendMessage", flood(1), chat=slow)
    asked = bot.telegram.send(slow, bot.telegram.member(), "/whatisksm")
    await bot.telegram.until(
        lambda: [one for one in bot.telegram.of("sendMessage") if one.params["chat_id"] == slow.id] or None,
        seconds=PATIENCE,
    )
    assert "⚠️" in await bot.telegram_answers()
    assert not bot.answers_to(asked), "the slow one still waits"
    assert "⚠️" in await bot.answered(asked)


async def test_updates_that_come_again_and_out_of_order_are_answered_once_each(bot: Whole) -> None:
    bot.telegram.fail_next("getUpdates", CLOSE)  # while it waits to poll again, four questions come in
    chats = [bot.telegram.chat("supergroup") for _ in range(4)]
    asked = [bot.telegram.send(chat, bot.telegram.member(), "/whatisksm") for chat in chats]
    queued = [one for one in bot.telegram.updates.kept if one.get("message", {}).get("text") == "/whatisksm"]
    bot.telegram.updates.kept.sort(key=lambda one: -int(one["update_id"]))
    for question in asked:
        assert "⚠️" in await bot.answered(question)
    for update in queued:
        bot.telegram.updates.repeat(update)
    await bot.telegram.until_polling()
    await bot.both_answer()
    assert [len(bot.answers_to(question)) for question in asked] == [1] * 4


async def test_a_second_poller_is_told_and_serving_goes_on_when_it_is_gone(bot: Whole) -> None:
    async def other(session: aiohttp.ClientSession) -> None:
        address = f"{bot.telegram.base_url}{bot.telegram.token}/getUpdates"
        while True:
            async with session.post(address, data={"timeout": 50}) as answer:
                await answer.read()

    async with aiohttp.ClientSession() as session:
        second = asyncio.create_task(other(session))
        await bot.down("telegram")
        assert "⚠️" in await bot.discord_answers()
        second.cancel()
        await asyncio.gather(second, return_exceptions=True)
    await bot.ready()


async def test_a_token_revoked_in_the_middle_of_a_run_disables_telegram_alone(tmp_path: Path) -> None:
    async with served(tmp_path) as bot:
        bot.telegram.revoke()
        bot.telegram.send(bot.telegram.chat("supergroup"), bot.telegram.member(), "/risk")
        await bot.down("telegram")
        state = await bot.tells(lambda told: told["platforms"]["telegram"]["state"] == "disabled")
        assert "token" in state["platforms"]["telegram"]["reason"]
        assert state["platforms"]["discord"]["ready"]
        assert "⚠️" in await bot.discord_answers()


async def test_leaving_while_telegram_hangs_takes_no_longer_than_promised(tmp_path: Path) -> None:
    async with served(tmp_path) as bot:
        bot.telegram.fail_next("*", HANG, times=None)
        bot.telegram.send(bot.telegram.chat("supergroup"), bot.telegram.member(), "/risk")
        await bot.telegram.until(lambda: bot.telegram.of("sendMessage") or None)
        await bot.stop()
