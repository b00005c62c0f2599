"""Updates that Telegram posts to a webhook."""

import asyncio
from datetime import UTC, datetime
from typing import Any, cast

import orjson
import pytest
from telegram import WebhookInfo
from telegram.error import InvalidToken, NetworkError, TelegramError

from bot.adapters.telegram.adapter import TelegramAdapter
from bot.adapters.telegram.connection import LARGEST, Connection, Webhook
from bot.adapters.telegram.send import Bot
from bot.core.errors import PlatformError, Unauthorised
from bot.core.faults import Fault, Trouble
from bot.runtime.telemetry import Metrics
from tests.adapters.telegram.stage import KNOWN, Answering, Remembered, running
from tests.fakes.telegram import TelegramServer, status

HOOK = Webhook("https://bot.example/telegram", "a-Secret_1")


async def posted(adapter: TelegramAdapter, sent: bytes, secret: str | None = HOOK.secret) -> int:
    """The status for that post."""

    async def read() -> bytes:
        return sent

    return await adapter.handle(secret, read)


def body(server: TelegramServer, number: int = 1) -> dict[str, Any]:
    member = server.member()
    chat = server.private(member)
    message = {
        "message_id": 1,
        "date": server.world.now(),
        "chat": chat.shown(),
        "from": member.shown(),
        "text": "/whatisksm",
    }
    return {"update_id": number, "message": message}


async def test_a_webhook_is_set_and_its_bodies_are_answered_once() -> None:
    async with TelegramServer() as server, running(server, Answering(KNOWN), webhook=HOOK) as adapter:
        told = server.of("setWebhook")[0].params
        assert (told["url"], told["secret_token"]) == (HOOK.url, HOOK.secret)
        assert "chat_member" in told["allowed_updates"]
        update = orjson.dumps(body(server))
        statuses = [await posted(adapter, update) for _ in range(2)]
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
        (b'{"update_id": 4, "message": {"text": "\\ud800"}}', HOOK.secret, 200),
        (b'{"update_id": 5, "message": {"text": "\\uD83D\\uDC4B \\uD83D"}}', HOOK.secret, 200),
        (b'{"update_id": "\\ud800', HOOK.secret, 400),
        (b'["\\ud800",' * 100_000, HOOK.secret, 400),
        (b'{"update_id": 3, "of_a_kind_to_come": {"a": 1}}', HOOK.secret, 200),
    ],
)
async def test_a_body_is_answered_with_a_status_whatever_it_is(sent: bytes, secret: str | None, expected: int) -> None:
    async with TelegramServer() as server, running(server, Answering(KNOWN), webhook=HOOK) as adapter:
        assert await posted(adapter, sent, secret) == expected


async def test_a_body_that_comes_while_not_connected_is_to_be_brought_again() -> None:
    adapter = TelegramAdapter("1:a", Answering(), Remembered(), webhook=HOOK)
    assert await posted(adapter, b"{}") == 503


async def test_a_body_that_has_come_only_when_the_bot_has_left_is_to_be_brought_again() -> None:
    begun, come = asyncio.Event(), asyncio.Event()
    async with TelegramServer() as server:
        update = orjson.dumps(body(server))

        async def read() -> bytes:
            begun.set()
            await come.wait()
            return update

        async with running(server, Answering(KNOWN), webhook=HOOK) as adapter:
            posting = asyncio.create_task(adapter.handle(HOOK.secret, read))
            await begun.wait()
        come.set()
        assert await posting == 503


def test_a_webhook_does_not_show_its_secret() -> None:
    assert HOOK.secret not in repr(HOOK)


async def test_telegram_keeps_what_comes_while_no_more_is_taken_in() -> None:
    answers = Answering(KNOWN, gate=asyncio.Event())
    async with TelegramServer() as server, running(server, answers, webhook=HOOK, most=1) as adapter:
        sent = [orjson.dumps(body(server, number)) for number in (1, 2)]
        assert [await posted(adapter, one) for one in sent] == [200, 503]
        assert answers.gate is not None
        answers.gate.set()
        await server.wait_for("sendMessage")
        await server.until(lambda: adapter.ready or None)
        assert await posted(adapter, sent[1]) == 200


class Stage:
    """What a watch reports of Telegram's answers, one after another."""

    def __init__(self, *answers: WebhookInfo | TelegramError) -> None:
        self.left, self.connection = list(answers), Connection(Metrics().wire("telegram"), 3, lambda: 0.0)
        self.seen: list[Trouble | None] = []

    async def get_webhook_info(self) -> WebhookInfo:
        answer = self.left.pop(0)
        if isinstance(answer, TelegramError):
            raise answer
        return answer

    async def sleep(self, _: float) -> None:
        self.seen.append(self.connection.trouble(full=False))
        if not self.left:
            raise asyncio.CancelledError

    async def watched(self) -> list[Trouble | None]:
        with pytest.raises(asyncio.CancelledError):
            await HOOK.watch(cast(Bot, self), self.connection, self.sleep)
        return self.seen


def info(url: str = HOOK.url, waiting: int = 0, failed: datetime | None = None) -> WebhookInfo:
    return WebhookInfo(url, False, waiting, last_error_date=failed, last_error_message='Bad "x" answer')


async def test_a_webhook_of_another_process_is_a_conflict_and_a_failed_look_is_no_answer() -> None:
    looks = Stage(info(), info(waiting=3), info("https://other.example/"), info(""), NetworkError("away"), info())
    conflict, away = (Fault.CONFLICT, ""), (Fault.UNREACHED, "Telegram: away")
    assert await looks.watched() == [None, None, conflict, conflict, away, None]


async def test_a_refused_token_ends_the_watch() -> None:
    with pytest.raises(Unauthorised):
        await HOOK.watch(
            cast(Bot, Stage(InvalidToken())), Connection(Metrics().wire("telegram"), 3, lambda: 0.0), asyncio.sleep
        )


async def test_updates_that_cannot_be_delivered_are_reported_until_none_waits() -> None:
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
    looks = Stage(info(failed=early, waiting=2), *(info(failed=late, waiting=n) for n in (3, 4, 0)))
    undelivered = (Fault.UNDELIVERED, "Telegram cannot deliver: Bad answer")
    assert await looks.watched() == [None, undelivered, undelivered, None], "an error from before the first look is old"


async def test_a_bot_with_a_webhook_asks_telegram_how_it_does() -> None:
    async with TelegramServer() as server, running(server, Answering(KNOWN), webhook=HOOK) as adapter:
        await server.wait_for("getWebhookInfo")
        await server.until(lambda: adapter.ready or None)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://bot.example:8080/hook", "only on ports 80, 88, 443 or 8443"),
        ("http://bot.example/hook", "An HTTPS URL must be provided"),
        ("https://bot.invalid/hook", "Failed to resolve host"),
        ("https://10.0.0.1/hook", "IP address 10.0.0.1 is reserved"),
    ],
)
async def test_an_address_that_telegram_refuses_is_named_with_a_step_about_the_address(url: str, words: str) -> None:
    async with TelegramServer() as server:
        adapter = TelegramAdapter(
            server.token, Answering(), Remembered(), base_url=server.base_url, webhook=Webhook(url, "a-Secret_1")
        )
        with pytest.raises(PlatformError, match=f"(?i){words}") as refused:
            await adapter.run()
    assert (refused.value.fault, refused.value.permanent) == (Fault.WEBHOOK, False)
    assert "WEBHOOK_URL" in Fault.WEBHOOK.fix
    assert "token" not in Fault.WEBHOOK.fix


async def test_a_secret_that_telegram_refuses_and_a_server_that_fails_are_told_apart() -> None:
    async with TelegramServer() as server:
        for fault, expected in (
            (status(400, "Bad Request: secret token contains unallowed characters"), Fault.WEBHOOK),
            (status(502, "Bad Gateway"), None),
        ):
            server.fail_next("setWebhook", fault)
            adapter = TelegramAdapter(server.token, Answering(), Remembered(), base_url=server.base_url, webhook=HOOK)
            with pytest.raises(PlatformError) as refused:
                await adapter.run()
            assert refused.value.fault is expected
