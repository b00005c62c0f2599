"""The transport under the real python-telegram-bot client, against a real server on loopback."""

import asyncio
import logging
import socket
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.adapters.telegram.transport import AiohttpRequest
from bot.runtime.telemetry import Metrics

TOKEN = "123456:AAsecretsecretsecretsecretsecretsec"
SECRET = "AAsecret"
ME = {"id": 123456, "is_bot": True, "first_name": "Kusama", "username": "kusama_test_bot"}
SENT = {"message_id": 7, "date": 1, "chat": {"id": 5, "type": "private"}}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def bot_against(answer: Handler, **options: Any) -> AsyncIterator[Bot]:
    """A client whose getMe is answered well and whose every other call reaches `answer`."""

    async def handler(request: web.Request) -> web.StreamResponse:
        if request.path.endswith("/getMe"):
            return web.json_response({"ok": True, "result": ME})
        return await answer(request)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    async with TestServer(app) as server:
        base = str(server.make_url("/bot"))
        polling, rest = AiohttpRequest(), AiohttpRequest(**options)
        async with Bot(TOKEN, base_url=base, request=rest, get_updates_request=polling) as bot:
            yield bot


def answering(status: int, body: object) -> Handler:
    async def answer(request: web.Request) -> web.StreamResponse:
        if isinstance(body, bytes):
            return web.Response(status=status, body=body)
        return web.json_response(body, status=status)

    return answer


def failure(status: int, description: str, **parameters: int) -> Handler:
    told = {"parameters": parameters} if parameters else {}
    return answering(status, {"ok": False, "error_code": status, "description": description, **told})


async def hang(request: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError("never reached")


async def hang_up(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def half_an_answer(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"ok": true, "resu')
    assert request.transport is not None
    request.transport.close()
    return response


async def elsewhere(request: web.Request) -> web.StreamResponse:
    raise web.HTTPFound(f"{request.path}/elsewhere")


async def echo_the_address(request: web.Request) -> web.StreamResponse:
    return web.Response(status=502, text=f"<html>no upstream for {request.path}</html>", content_type="text/html")


async def test_a_call_is_sent_as_json_with_its_parts_as_they_are_and_its_result_comes_back() -> None:
    seen: list[tuple[str, dict[str, object]]] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        seen.append((request.content_type, await request.json()))
        return web.json_response({"ok": True, "result": SENT})

    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("KSM", callback_data="ksm")]])
    async with bot_against(answer) as bot:
        message = await bot.send_message(5, "two words & ⚠️", reply_markup=keyboard)
    assert message.message_id == 7
    markup = {"inline_keyboard": [[{"text": "KSM", "callback_data": "ksm"}]]}
    assert seen == [("application/json", {"chat_id": 5, "text": "two words & ⚠️", "reply_markup": markup})]


async def test_half_a_surrogate_pair_does_not_stop_a_message() -> None:
    seen: list[str] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        seen.append((await request.json())["text"])
        return web.json_response({"ok": True, "result": SENT})

    async with bot_against(answer) as bot:
        await bot.send_message(5, "a\ud83db")
    assert seen == ["a?b"]


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (failure(400, "Bad Request: chat not found"), BadRequest, "Chat not found"),
        (failure(401, "Unauthorized"), InvalidToken, "Unauthorized"),
        (failure(404, "Not Found"), InvalidToken, "Not Found"),
        (failure(409, "Conflict: terminated by other getUpdates request"), Conflict, "terminated by other"),
        (failure(500, "Internal Server Error"), NetworkError, "Internal Server Error"),
        (answering(502, b"<html>"), NetworkError, r"Bad Gateway \(502\)"),
        (answering(500, ["no", "object"]), NetworkError, r"Internal Server Error \(500\)"),
        (answering(200, b'{"ok": tr'), NetworkError, "without a readable result"),
        (answering(200, [1]), NetworkError, "without a readable result"),
        (answering(200, {"ok": True}), NetworkError, "without a readable result"),
        (answering(400, {"description": 5, "parameters": 5}), NetworkError, r"another server answered .*HTTP 400"),
        (answering(401, b"<html>log in first</html>"), NetworkError, r"another server answered .*HTTP 401"),
        (answering(404, b"<html>no such page</html>"), NetworkError, r"another server answered .*HTTP 404"),
        (hang_up, NetworkError, "ServerDisconnectedError"),
        (half_an_answer, NetworkError, "ClientPayloadError"),
        (elsewhere, NetworkError, r"Found \(302\)"),
        (echo_the_address, NetworkError, r"^Bad Gateway \(502\)$"),
    ],
)
async def test_every_bad_answer_becomes_the_library_s_own_error(
    answer: Handler, kind: type[TelegramError], words: str
) -> None:
    async with bot_against(answer) as bot:
        with pytest.raises(kind, match=words) as caught:
            await bot.send_message(5, "x")
    assert type(caught.value) is kind


async def test_a_flood_tells_how_long_to_wait() -> None:
    metrics = Metrics()
    answer = failure(429, "Too Many Requests: retry after 17", retry_after=17)
    async with bot_against(answer, wire=metrics.wire("telegram")) as bot:
        with pytest.raises(RetryAfter) as caught:
            await bot.send_message(5, "x")
    assert caught.value.retry_after == 17
    assert metrics.registry.get_sample_value("kusamabot_rate_limit_seconds_total", {"platform": "telegram"}) == 17


async def test_a_migrated_group_tells_its_new_id() -> None:
    words = "Bad Request: group chat was upgraded to a supergroup chat"
    async with bot_against(failure(400, words, migrate_to_chat_id=-1001234567890)) as bot:
        with pytest.raises(ChatMigrated) as caught:
            await bot.send_message(-5, "x")
    assert caught.value.new_chat_id == -1001234567890


async def test_a_server_that_never_answers_times_out() -> None:
    app = web.Application()
    app.router.add_post("/{path:.*}", hang)
    async with TestServer(app) as server, AiohttpRequest(timeout=0.05) as request:
        with pytest.raises(TimedOut, match="did not answer in time"):
            await request.post(str(server.make_url("/bot")))


async def test_waiting_for_a_free_connection_ends_and_says_that_nothing_was_sent() -> None:
    started, calls = asyncio.Event(), []

    async def hold(request: web.Request) -> web.StreamResponse:
        calls.append(request.path)
        started.set()
        return await hang(request)

    async with bot_against(hold, connections=1, connect=0.5) as bot:  # time for the first to connect
        first = asyncio.create_task(bot.send_message(5, "x"))
        await started.wait()
        with pytest.raises(TimedOut, match="nothing was sent"):
            await bot.send_message(5, "y")
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
    assert len(calls) == 1


async def test_a_refused_connection_is_a_network_error() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    async with AiohttpRequest() as request:
        with pytest.raises(NetworkError, match="ClientConnectorError"):
            await request.post(f"http://127.0.0.1:{port}/bot{TOKEN}/getMe")


async def test_polling_and_the_rest_use_pools_of_their_own() -> None:
    polling = asyncio.Event()

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path.endswith("/getUpdates"):
            polling.set()
            return await hang(request)
        return web.json_response({"ok": True, "result": SENT})

    async with bot_against(answer, connections=1) as bot:
        poll = asyncio.create_task(bot.get_updates(timeout=30))
        await polling.wait()
        assert (await bot.send_message(5, "x")).message_id == 7
        poll.cancel()
        await asyncio.gather(poll, return_exceptions=True)


async def test_a_pool_that_was_shut_down_opens_again_and_refuses_calls_in_between() -> None:
    async with TestServer(web.Application()) as server:
        url = str(server.make_url(f"/bot{TOKEN}/getMe"))
        request = AiohttpRequest()
        for _ in range(2):
            await request.initialize()
            await request.initialize()
            with pytest.raises(NetworkError, match="another server answered"):
                await request.do_request(url, "GET")
            await request.shutdown()
            await request.shutdown()
            with pytest.raises(RuntimeError, match="not initialised"):
                await request.do_request(url, "GET")


@pytest.mark.parametrize(
    "answer",
    [
        failure(401, "Unauthorized"),
        failure(409, "Conflict"),
        failure(500, "Internal Server Error"),
        answering(200, b"{broken"),
        answering(502, b"{broken"),
        hang,
        hang_up,
        half_an_answer,
        elsewhere,
        echo_the_address,
    ],
)
async def test_no_error_and_no_log_holds_the_token(answer: Handler, caplog: pytest.LogCaptureFixture) -> None:
    async with bot_against(answer, timeout=0.05) as bot:
        caplog.set_level(logging.DEBUG)  # only now: the library logs the whole address when a Bot is made
        with pytest.raises(TelegramError) as caught:
            await bot.send_message(5, "x")
    told = "".join(traceback.format_exception(caught.value, chain=True))
    assert SECRET not in told + repr(caught.value) + repr(caught.value.__context__)
    assert SECRET not in caplog.text


@pytest.mark.parametrize("base", ["http://exa mple", "http://127.0.0.1:1", "no-scheme"])
async def test_an_address_that_cannot_be_used_is_not_quoted_back(base: str) -> None:
    async with AiohttpRequest() as request:
        with pytest.raises(NetworkError) as caught:
            await request.post(f"{base}/bot{TOKEN}/getMe")
    assert SECRET not in "".join(traceback.format_exception(caught.value, chain=True))
