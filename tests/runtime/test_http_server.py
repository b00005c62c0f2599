"""The one HTTP server: the state of the process for whoever asks, and one clear line where it cannot listen."""

import asyncio
import io
import socket
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.runtime.http_limits import check_host
from bot.runtime.http_server import AddressTaken, probes, serving
from bot.runtime.telemetry import Metrics

STATE: dict[str, Any] = {"ready": True, "platforms": {"discord": {"ready": True}}}


async def told() -> dict[str, Any]:
    """The state of a process that is well."""
    return STATE


async def _get(port: int, path: str) -> tuple[int, str, str]:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as answer:
        return answer.status, answer.content_type, await answer.text()


async def test_health_is_fine_while_the_process_lives_and_readiness_tells_the_truth() -> None:
    state = dict(STATE)

    async def now() -> dict[str, Any]:
        return state

    async with serving(probes(now, Metrics().registry), "127.0.0.1", 0) as port:
        assert (await _get(port, "/readyz"))[0] == 200
        state |= {"ready": False, "platforms": {"discord": {"ready": False, "reason": "no such token"}}}
        status, kind, text = await _get(port, "/readyz")
        assert (status, kind) == (503, "application/json")
        assert "no such token" in text
        assert (await _get(port, "/healthz"))[::2] == (200, text)


async def test_metrics_are_shown_as_prometheus_reads_them() -> None:
    metrics = Metrics()
    metrics.replies.labels("telegram", "whatisksm", "explainer").inc(3)
    async with serving(probes(told, metrics.registry), "127.0.0.1", 0) as port:
        status, kind, text = await _get(port, "/metrics")
    assert (status, kind) == (200, "text/plain")
    assert 'command="whatisksm",outcome="explainer",platform="telegram"} 3.0' in text


async def test_what_is_not_served_is_not_found() -> None:
    async with serving(probes(told, Metrics().registry), "127.0.0.1", 0) as port:
        assert (await _get(port, "/"))[0] == 404


async def test_a_taken_port_is_told_in_one_line_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(AddressTaken) as caught:
            async with serving([], "127.0.0.1", port):
                pass
    assert str(caught.value).startswith(f"port {port} on 127.0.0.1 is taken: ")
    assert "PORT" in str(caught.value)


async def test_an_address_of_another_machine_is_told_in_one_line() -> None:
    with pytest.raises(AddressTaken, match=r"cannot listen on 192\.0\.2\.1:0 .*set HOST"):
        async with serving([], "192.0.2.1", 0):
            pass


async def test_the_port_is_free_again_afterwards_and_after_an_error() -> None:
    async with serving([], "127.0.0.1", 0) as port:
        pass
    with pytest.raises(LookupError, match="inside"):
        async with serving([], "127.0.0.1", port):
            raise LookupError("inside")
    async with serving([], "127.0.0.1", port) as again:
        assert again == port


async def test_a_body_over_one_megabyte_is_refused() -> None:
    async def echo(request: web.Request) -> web.Response:
        return web.Response(text=str(len(await request.read())))

    async with serving([web.post("/", echo)], "127.0.0.1", 0) as port, aiohttp.ClientSession() as session:
        for size, status in ((1 << 20, 200), ((1 << 20) + 1, 413)):
            async with session.post(f"http://127.0.0.1:{port}/", data=io.BytesIO(b"x" * size)) as answer:
                assert answer.status == status


async def test_a_request_in_the_making_is_answered_before_the_server_goes() -> None:
    begun, go = asyncio.Event(), asyncio.Event()

    async def slow(_: web.Request) -> web.Response:
        begun.set()
        await go.wait()
        return web.Response(text="done")

    async with aiohttp.ClientSession() as session:

        async def ask(port: int) -> str:
            async with session.get(f"http://127.0.0.1:{port}/") as answer:
                return await answer.text()

        async with serving([web.get("/", slow)], "127.0.0.1", 0) as port:
            asking = asyncio.create_task(ask(port))
            await begun.wait()
            go.set()
        assert await asking == "done"


async def status(port: int, head: str) -> int:
    """The status of the answer to a request with that first line and host."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"{head}\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return int(answer.split(b" ")[1])


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/nowhere"])
@pytest.mark.parametrize(
    ("host", "answered"),
    [
        ("127.0.0.1:8080", True),
        ("[::1]:8080", True),
        ("10.0.0.7", True),
        ("localhost:8080", True),
        ("LOCALHOST", True),
        ("bot:8080", True),
        ("bot.monitoring.example", True),
        ("BOT.Monitoring.Example.:80", True),
        ("", True),
        ("evil.example", False),
        ("evil.example:8080", False),
        ("127.0.0.1.evil.example", False),
        ("bot.monitoring.example.evil.example:8080", False),
        ("[", False),
        ("[::1", False),
    ],
)
async def test_a_strangers_name_that_points_here_is_not_answered(path: str, host: str, answered: bool) -> None:
    routes, hosts = probes(told, Metrics().registry), check_host(["bot.monitoring.example"], "/nowhere")
    async with serving(routes, "127.0.0.1", 0, hosts) as port:
        found = await status(port, f"GET {path} HTTP/1.1\r\nHost: {host}")
    assert found == (403 if not answered else 404 if path == "/nowhere" else 200)


async def test_the_webhook_is_answered_under_any_name() -> None:
    async def take(_: web.Request) -> web.Response:
        return web.Response(status=204)

    async with serving([web.post("/hook", take)], "127.0.0.1", 0, check_host([], "/hook")) as port:
        assert await status(port, "POST /hook HTTP/1.1\r\nHost: bot.example.org") == 204
        assert await status(port, "POST /hook/ HTTP/1.1\r\nHost: bot.example.org") == 403
