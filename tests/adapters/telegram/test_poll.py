"""Long polling where the library alone would stand still."""

import pytest
from structlog.testing import capture_logs

from tests.adapters.telegram.stage import KNOWN, Answering, running
from tests.fakes.telegram import TelegramServer


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
