"""Long polling where the library alone would stand still."""

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.core.faults import Fault
from tests.adapters.telegram.stage import KNOWN, Answering, running
from tests.fakes.telegram import TelegramServer
from tests.waiting import until


@pytest.mark.parametrize("message", [5, {"message_id": 1}, {"message_id": 1, "date": "soon", "chat": {"id": 1}}])
async def test_an_update_that_cannot_be_read_does_not_hold_up_the_next(message: object) -> None:
    with capture_logs() as logs:
        async with TelegramServer() as server, running(server, Answering(KNOWN)):
            server.updates.tell("message", message)  # type: ignore[arg-type]  # what Telegram would never send
            member = server.member()
            server.send(server.private(member), member, "/whatisksm")
            (call,) = await server.wait_for("sendMessage")
            await server.until_polling()
            assert call.ok
            assert server.updates.kept == []
    assert [entry["event"] for entry in logs] == ["telegram.unreadable_update"]


async def test_half_a_surrogate_pair_in_one_message_does_not_hold_up_the_next() -> None:
    answers = Answering(KNOWN)
    async with TelegramServer() as server, running(server, answers):
        member = server.member()
        chat = server.private(member)
        server.send(chat, member, "/ask 👋 \ud800")
        server.send(chat, member, "/whatisksm")
        await server.wait_for("sendMessage")
        await server.until_polling()
        assert server.updates.kept == []
    assert [one.text for one in answers.requests] == ["👋 ?", ""]


@pytest.mark.parametrize("entry", [{}, {"update_id": "7"}, {"update_id": None}, 5, None, []])
async def test_an_entry_without_an_id_is_left_out_and_what_came_with_it_is_answered_once(
    entry: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async with TelegramServer() as server, running(server, Answering(KNOWN)) as adapter:
        member = server.member()
        server.updates.repeat(entry)
        server.send(server.private(member), member, "/whatisksm")
        await server.wait_for("sendMessage")
        await server.until_polling()
        assert server.updates.kept == []
        assert len(server.of("sendMessage")) == 1
        assert adapter.ready
    assert [one for one in caplog.records if one.levelname == "CRITICAL"] == []


async def test_a_poll_that_brings_nothing_with_an_id_is_told_and_tried_again_later(
    caplog: pytest.LogCaptureFixture,
) -> None:
    passed = asyncio.Event()
    with capture_logs() as logs:
        async with (
            TelegramServer() as server,
            running(server, Answering(KNOWN), sleep=lambda _: passed.wait()) as adapter,
        ):
            polls = len(server.of("getUpdates"))
            server.updates.repeat({"message": {}})
            await until(lambda: not adapter.ready)
            assert adapter.trouble == (Fault.UNREACHED, "Telegram: no update that Telegram sent has an id")
            passed.set()
            await server.until_polling()
            member = server.member()
            server.send(server.private(member), member, "/whatisksm")
            await server.wait_for("sendMessage")
            assert adapter.ready
            assert len(server.of("getUpdates")) < polls + 5
    assert [one["event"] for one in logs] == ["telegram.unreadable_update"]
    assert [one for one in caplog.records if one.levelname == "CRITICAL"] == []


async def test_an_unreadable_update_that_stands_last_is_acknowledged_too() -> None:
    async with TelegramServer() as server, running(server, Answering(KNOWN)):
        server.updates.tell("message", {"message_id": 1})
        await server.until(lambda: not server.updates.kept)
        await server.until_polling()
        assert len(server.of("getUpdates")) < 5


async def test_telegram_is_told_that_an_update_came_before_it_is_answered() -> None:
    async with TelegramServer() as server, running(server, Answering(KNOWN)):
        member = server.member()
        for count in range(1, 20):
            await server.until_polling()
            begun = len(server.calls)
            server.send(server.private(member), member, "/whatisksm")
            await server.wait_for("sendMessage", count)
            order = [call.method for call in server.calls[begun:] if not call.method.startswith("setMy")]
            assert order == ["getUpdates", "sendMessage"]
