"""Updates that Telegram brings by itself."""

import asyncio
from typing import Any

import orjson
import pytest

from bot.adapters.telegram.adapter import TelegramAdapter
from bot.adapters.telegram.webhook import LARGEST, Inbox, Webhook
from tests.adapters.telegram.stage import KNOWN, Answering, Remembered, running
from tests.fakes.telegram import TelegramServer

HOOK = Webhook("https://bot.example/telegram", "a-Secret_1")


def body(server: TelegramServer, number: int = 1) -> dict[str, Any]:
    member = server.member()
    chat = server.private(member)
    message = {"message_id": 1, "date": 1, "chat": chat.shown(), "from": member.shown(), "text": "/whatisksm"}
    return {"update_id": number, "message": message}


async def test_a_webhook_is_set_and_its_bodies_are_answered_once() -> None:
    async with TelegramServer() as server, running(server, Answering(KNOWN), webhook=HOOK) as adapter:
        told = server.of("setWebhook")[0].params
        assert (told["url"], told["secret_token"]) == (HOOK.url, HOOK.secret)
        assert "chat_member" in told["allowed_updates"]
        update = orjson.dumps(body(server))
        statuses = [await adapter.handle(update, HOOK.secret) for _ in range(2)]
        await server.wait_for("sendMessage")
        assert statuses == [200, 200]
    assert len(server.of("sendMessage")) == 1


@pytest.mark.parametrize(
    ("sent", "secret", "expected"),
    [
        (b"{}", None, 403),
        (b"{}", "a-Secret_2", 403),
        (b"{}", "ä", 403),
        (b"{}", "\udce4", 403),
        (b"{", HOOK.secret, 400),
        (b"[]", HOOK.secret, 400),
        (b"{}", HOOK.secret, 400),
        (b'{"update_id": "1"}', HOOK.secret, 400),
        (b"\xff", HOOK.secret, 400),
        (b" " * (LARGEST + 1), HOOK.secret, 413),
        (b'{"update_id": 1, "message": {"message_id": {}}}', HOOK.secret, 200),
        (b'{"update_id": 2, "message": 5}', HOOK.secret, 200),
        (b'{"update_id": 3, "of_a_kind_to_come": {"a": 1}}', HOOK.secret, 200),
    ],
)
async def test_a_body_is_answered_with_a_status_whatever_it_is(sent: bytes, secret: str | None, expected: int) -> None:
    async with TelegramServer() as server, running(server, Answering(KNOWN), webhook=HOOK) as adapter:
        assert await adapter.handle(sent, secret) == expected


async def test_a_body_that_comes_while_not_connected_is_to_be_brought_again() -> None:
    adapter = TelegramAdapter("1:a", Answering(), Remembered(), webhook=HOOK)
    assert await adapter.handle(b"{}", HOOK.secret) == 503


def test_a_webhook_does_not_show_its_secret() -> None:
    assert HOOK.secret not in repr(HOOK)


async def test_telegram_keeps_what_finds_the_queue_full() -> None:
    queue: asyncio.Queue[object] = asyncio.Queue(1)
    inbox = Inbox(HOOK, queue)
    sent = [orjson.dumps({"update_id": number}) for number in (1, 2)]
    assert [inbox.take(one, HOOK.secret) for one in sent] == [200, 503]
    queue.get_nowait()
    assert inbox.take(sent[1], HOOK.secret) == 200
