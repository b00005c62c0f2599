"""A webhook that fares badly is told, though nothing that does not come can be heard."""

import asyncio
from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs
from telegram import WebhookInfo

from bot.adapters.telegram.connection import State
from bot.adapters.telegram.webhook import Webhook
from bot.adapters.telegram.webhook_watch import watch
from bot.core.errors import PlatformError, Unauthorised
from tests.adapters.telegram.stage import KNOWN, Answering, running
from tests.fakes.telegram import TelegramServer

URL = "https://example.org/hook"
EARLY, LATE = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)


def info(url: str = URL, waiting: int = 0, failed: datetime | None = None) -> WebhookInfo:
    return WebhookInfo(url, False, waiting, last_error_date=failed, last_error_message='Bad "x" answer')


async def watched(*answers: WebhookInfo | PlatformError) -> tuple[list[int], list[bool]]:
    """What is told of these answers, one after another."""
    left, heard, undelivered = list(answers), list[int](), list[bool]()

    async def ask() -> WebhookInfo:
        answer = left.pop(0)
        if isinstance(answer, PlatformError):
            raise answer
        return answer

    async def sleep(_: float) -> None:
        if not left:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await watch(ask, URL, heard.append, undelivered.append, sleep)
    return heard, undelivered


async def test_a_webhook_that_fares_well_is_heard_like_a_poll() -> None:
    assert await watched(info(), info(waiting=3)) == ([200, 200], [False, False])


async def test_a_webhook_of_somebody_else_is_a_conflict() -> None:
    assert (await watched(info(), info("https://other.example/"), info("")))[0] == [200, 409, 409]


async def test_a_telegram_that_cannot_be_asked_is_no_answer_and_a_refused_token_is_told() -> None:
    away, refused = PlatformError("away", permanent=False), Unauthorised("no such token")
    assert (await watched(away, info(), refused))[0] == [0, 200, 401]


async def test_what_cannot_be_brought_is_told_once_until_nothing_waits() -> None:
    with capture_logs() as logs:
        _, undelivered = await watched(
            info(failed=EARLY, waiting=2), info(failed=LATE, waiting=3), info(failed=LATE, waiting=4), info(failed=LATE)
        )
    assert undelivered == [False, True, True, False], "an error from before the first look is no news"
    assert [(one["event"], one["reason"]) for one in logs] == [("telegram.undelivered", "Bad answer")]


async def test_a_bot_with_a_webhook_asks_telegram_how_it_fares() -> None:
    async with TelegramServer() as server:
        hook = Webhook(URL, "a-secret")
        async with running(server, Answering(KNOWN), webhook=hook) as adapter:
            await server.wait_for("getWebhookInfo")
            await server.until(lambda: adapter.state is State.SERVING or None)
            assert adapter.ready
