"""Waiting for a chat that Telegram asks to leave alone."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from datetime import timedelta
from typing import Any

import pytest
from telegram.error import RetryAfter
from telegram.ext import ExtBot

from bot.adapters.telegram import send
from bot.adapters.telegram.errors import problem
from bot.adapters.telegram.pacing import PerChat
from bot.adapters.telegram.transport import AiohttpRequest
from bot.core.errors import PlatformError
from tests.adapters.telegram.stage import place, sealed
from tests.fakes.telegram import TelegramServer, flood


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


class Clock:
    """Time that passes by being slept away."""

    def __init__(self) -> None:
        self.now, self.slept = 0.0, list[float]()

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


async def paced(server: TelegramServer, clock: Clock) -> "ExtBot[None]":
    pace = PerChat(clock=lambda: clock.now, sleep=clock.sleep)
    bot = ExtBot(
        server.token,
        server.base_url,
        request=AiohttpRequest(),
        get_updates_request=AiohttpRequest(),
        rate_limiter=pace,
    )
    await bot.initialize()
    return bot


async def test_a_flooded_chat_is_waited_for_and_the_message_sent_once(server: TelegramServer) -> None:
    clock = Clock()
    bot = await paced(server, clock)
    chat, calm = server.chat(), server.chat()
    server.fail_next("sendMessage", flood(3), chat=chat)
    await send.post(bot, place(chat), sealed())
    await send.post(bot, place(calm), sealed())
    assert clock.slept == [3.0]
    assert (len(chat.messages), len(calm.messages)) == (1, 1)
    await bot.shutdown()


async def test_a_flood_longer_than_patience_goes_to_whoever_asked(server: TelegramServer) -> None:
    clock = Clock()
    bot = await paced(server, clock)
    server.fail_next("sendMessage", flood(61))
    with pytest.raises(PlatformError) as caught:
        await send.post(bot, place(server.chat()), sealed())
    assert caught.value.retry_after == timedelta(seconds=61)
    assert clock.slept == []
    await bot.shutdown()


async def test_a_chat_that_asks_for_hours_is_not_asked_again_before_and_keeps_no_other_call_waiting(
    server: TelegramServer,
) -> None:
    clock = Clock()
    bot = await paced(server, clock)
    chat = server.chat()
    server.fail_next("sendMessage", flood(7200), chat=chat)
    for _ in range(50):
        with pytest.raises(PlatformError) as caught:
            await send.post(bot, place(chat), sealed())
        assert caught.value.retry_after == timedelta(hours=2)
    assert len(server.of("sendMessage")) == 1
    await bot.send_chat_action(chat.id, "typing")
    clock.now += 7200
    await send.post(bot, place(chat), sealed())
    assert len(chat.messages) == 1
    await bot.shutdown()


async def test_a_flood_that_does_not_end_is_given_up(server: TelegramServer) -> None:
    clock = Clock()
    bot = await paced(server, clock)
    server.fail_next("sendMessage", flood(1), times=None)
    with pytest.raises(PlatformError):
        await send.post(bot, place(server.chat()), sealed())
    assert len(server.of("sendMessage")) == 4
    await bot.shutdown()


async def test_only_so_many_wait_for_one_chat() -> None:
    gate = asyncio.Event()
    pace = PerChat(clock=lambda: 0.0, sleep=lambda _: gate.wait())

    async def refused_until_the_gate_opens() -> bool:
        if not gate.is_set():
            raise RetryAfter(5)
        return True

    def asked(chat: int) -> Coroutine[Any, Any, object]:
        return pace.process_request(refused_until_the_gate_opens, (), {}, "sendMessage", {"chat_id": chat}, None)

    waiting = [asyncio.create_task(asked(chat)) for chat in (*[1] * 60, 2)]
    await asyncio.sleep(0)
    with pytest.raises(RetryAfter) as caught:
        await asked(1)
    assert problem(caught.value).retry_after == timedelta(seconds=5)
    gate.set()
    assert await asyncio.gather(*waiting) == [True] * 61
