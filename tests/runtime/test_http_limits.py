"""What strangers can make the web server hold, tried over sockets of their own."""

import asyncio
import contextlib
import gzip
import itertools
import logging
import zlib
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from bot.runtime.http_limits import Limits, network
from bot.runtime.http_server import serving
from tests.costs import held

SOON = Limits(head=0.05, body=0.05)
FEW = Limits(connections=6, per_address=4)


@dataclass
class Server:
    """A server and what its handler was given."""

    port: int = 0
    bodies: list[bytes] = field(default_factory=list)
    looks: int = 0
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    began: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)

    async def healthz(self, _: web.Request) -> web.Response:
        """Count and say something."""
        self.looks += 1
        return web.Response(text="well")

    async def echo(self, request: web.Request) -> web.Response:
        """Read the body."""
        self.began.set()
        self.bodies.append(await request.read())
        return web.Response(text=str(len(self.bodies[-1])))

    async def unread(self, _: web.Request) -> web.Response:
        """Refuse without a look at the body."""
        return web.Response(status=403)

    async def slow(self, _: web.Request) -> web.Response:
        """Answer when told to."""
        self.asked.set()
        await self.go.wait()
        return web.Response(text="at last")

    async def much(self, _: web.Request) -> web.Response:
        """Say more than a socket's buffers hold."""
        self.asked.set()
        return web.Response(body=b"x" * (64 << 20))

    async def open(self, sent: bytes = b"") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection on which this was sent."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 12)
        writer.write(sent)
        return reader, writer

    async def ask(self, sent: bytes) -> bytes:
        """All that is answered until the server closes."""
        reader, writer = await self.open(sent)
        try:
            return await reader.read()
        finally:
            writer.close()

    async def healthy(self) -> bool:
        """Whether `/healthz` is answered."""
        return b" 200 " in await self.ask(b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")


@asynccontextmanager
async def served(limits: Limits) -> AsyncIterator[Server]:
    """A server within those limits."""
    server = Server()
    routes = [
        web.get("/healthz", server.healthz),
        web.post("/echo", server.echo),
        web.post("/unread", server.unread),
        web.get("/slow", server.slow),
        web.get("/much", server.much),
    ]
    async with serving(routes, "127.0.0.1", 0, limits=limits) as server.port:
        try:
            yield server
        finally:
            server.go.set()


def post(path: str, body: bytes, *headers: str, length: int | None = None) -> bytes:
    """A request with that body, of which `length` bytes are announced."""
    told = f"Content-Length: {len(body) if length is None else length}"
    return "\r\n".join((f"POST {path} HTTP/1.1", "Host: a", told, *headers, "", "")).encode() + body


async def write(writer: asyncio.StreamWriter, chunks: Iterable[bytes]) -> None:
    """Write them as fast as they are taken."""
    for chunk in chunks:
        writer.write(chunk)
        await writer.drain()
        await asyncio.sleep(0)


BOMB = gzip.compress(bytes(100 << 20), 9)


@pytest.mark.parametrize("path", ["/echo", "/unread", "/healthz", "/nowhere"])
@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "GZIP", "gzip, gzip", "identity, gzip", "x"])
async def test_a_compressed_body_is_taken_nowhere(path: str, encoding: str) -> None:
    async with served(Limits()) as server:
        answer = await server.ask(post(path, b"abc", f"Content-Encoding: {encoding}"))
    assert b" 415 " in answer
    assert b"uncompressed" in answer
    assert not server.bodies


async def test_a_second_content_encoding_hides_nothing() -> None:
    async with served(Limits()) as server:
        sent = post("/echo", b"abc", "Content-Encoding: identity", "Content-Encoding: gzip")
        assert b" 415 " in await server.ask(sent) or not server.bodies


async def test_a_compressed_body_is_not_inflated_on_its_way_out() -> None:
    async def inflate() -> None:
        zlib.decompress(BOMB, 31)

    async def ask() -> None:
        for _ in range(3):
            assert b" 415 " in await server.ask(post("/unread", BOMB, "Content-Encoding: gzip"))

    async with served(Limits()) as server:
        (_, inflating), (_, asking) = await held(inflate), await held(ask)
        assert asking < inflating
        assert await server.healthy()


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n", 411),
        (b"GET /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n", 411),
        (b"GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n", 413),
        (b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n", 413),
        (b"POST /unread HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n", 403),
        (b"POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n", 404),
        (b"POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n", 405),
        (b"POST /unread HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n", 403),
        (b"OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 405),
        (b"PUT /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n", 405),
        (b"CONNECT example.org:80 HTTP/1.1\r\nHost: a\r\n\r\n", 405),
        (b"TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 405),
        (b"HEAD /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 200),
        (
            b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n",
            200,
        ),
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 9000 + b"\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: 1\r\n" * 200 + b"\r\n", 400),
    ],
)
async def test_what_cannot_be_served_is_refused_before_its_body_comes(request_: bytes, status: int) -> None:
    async with served(Limits()) as server:
        answer = await server.ask(request_)
        assert int(answer.split(b" ")[1]) == status
        assert b" 100 " not in answer
        assert not server.bodies
        assert await server.healthy()


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"GET /heal",
        b"GET /healthz HTTP/1.1\r\nHost: a\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: a\r\nX: 1\r\n",
        b"\r\n\r\n\r\n",
    ],
)
async def test_a_head_that_does_not_end_has_a_deadline(begun: bytes) -> None:
    async with served(SOON) as server:
        assert await server.ask(begun) == b""


async def test_a_head_has_the_same_deadline_however_often_a_byte_of_it_comes() -> None:
    async with served(SOON) as server:
        reader, writer = await server.open(b"GET /healthz HTTP/1.1\r\nHost: a\r\nX: ")

        async def trickle() -> None:
            while True:
                writer.write(b"1")
                assert await server.healthy()

        trickling = asyncio.create_task(trickle())
        with contextlib.suppress(ConnectionResetError):  # when it was closed while a byte was on its way
            assert await reader.read() == b""
        trickling.cancel()
        writer.close()


async def test_a_connection_that_asks_nothing_more_is_closed() -> None:
    async with served(SOON) as server:
        assert b" 200 " in await server.ask(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")


async def test_a_body_that_does_not_come_is_refused_at_its_deadline_and_is_no_error_of_ours(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with served(SOON) as server:
        assert b" 408 " in await server.ask(post("/echo", b"abc", length=1000))
        assert not server.bodies
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_a_body_that_is_dropped_half_way_is_no_error_of_ours(caplog: pytest.LogCaptureFixture) -> None:
    async with served(Limits()) as server:
        for _ in range(5):
            _, writer = await server.open(post("/echo", b"{", length=9))
            await server.began.wait()
            server.began.clear()
            writer.transport.abort()
        assert await server.healthy()
        assert not server.bodies
    assert [record for record in caplog.records if record.levelno > logging.DEBUG] == []


async def test_an_answer_that_takes_longer_than_a_body_may_is_given() -> None:
    async with served(SOON) as server:
        asking = asyncio.create_task(server.ask(b"GET /slow HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
        await server.asked.wait()
        assert await server.ask(b"GET /") == b""  # the deadline of a head has passed
        server.go.set()
        assert b"at last" in await asking


async def test_whoever_takes_no_answer_is_let_go_of() -> None:
    async with served(SOON) as server:
        reader, writer = await server.open(b"GET /much HTTP/1.1\r\nHost: a\r\n\r\n")
        await server.asked.wait()
        with pytest.raises(ConnectionError):  # it reads nothing; its writing shows when the server has gone
            await write(writer, itertools.repeat(b" "))
        assert await server.healthy()
        writer.close()
        del reader


async def test_a_thousand_half_requests_keep_nobody_out() -> None:
    async with served(FEW) as server:
        held = [await server.open(b"GET / HTTP/1.1\r\nHost: a\r\nX") for _ in range(200)]
        assert await server.healthy()
        held += [await server.open(post("/echo", b"a", length=1000)) for _ in range(200)]
        assert await server.healthy()
        for _, writer in held:
            writer.close()


async def test_requests_in_the_making_are_not_given_up_for_new_ones_of_the_same_address() -> None:
    async with served(FEW) as server:
        slow = b"GET /slow HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        asking = [asyncio.create_task(server.ask(slow)) for _ in range(4)]
        await server.asked.wait()
        while b" 503 " not in await server.ask(b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"):
            pass
        server.go.set()
        assert all(b"at last" in answer for answer in await asyncio.gather(*asking))
        assert await server.healthy()


async def test_bodies_under_way_are_bounded_together() -> None:
    async with served(Limits(bodies=1500)) as server:
        _, writer = await server.open(post("/echo", b"a", length=1000))
        while b" 503 " not in await server.ask(post("/echo", b"a" * 1000, "Connection: close")):
            pass
        writer.close()
        while b" 200 " not in await server.ask(post("/echo", b"a" * 1000, "Connection: close")):
            pass


async def test_many_long_header_lines_are_not_kept() -> None:
    async with served(Limits()) as server:
        _, writer = await server.open(b"GET / HTTP/1.1\r\nHost: a\r\n")
        with pytest.raises(ConnectionError):
            await write(writer, itertools.repeat(b"X: " + b"a" * 8000 + b"\r\n"))
        writer.close()


async def test_requests_that_wait_for_no_answer_let_others_go_first() -> None:
    async with served(Limits()) as server:
        _, writer = await server.open(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n" * 10_000)
        assert await server.healthy()
        assert server.looks < 500
        writer.close()


async def test_what_is_not_http_is_logged_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with served(Limits()) as server:
        for sent in (
            b"GET /?text=" + b"private" * 2000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
            b"private\r\n\r\n",
            b"\x16\x03private\r\n",
        ):
            await server.ask(sent)
    assert "private" not in caplog.text


def test_addresses_of_one_ipv6_network_count_as_one() -> None:
    assert network("2001:db8::1") == network("2001:db8::ffff:1") != network("2001:db8:0:1::1")
    assert network("::ffff:192.0.2.1") == network("192.0.2.1") == "192.0.2.1"
    assert network("fe80::1%eth0") == network("fe80::2")
    assert network("/run/socket") == "/run/socket"
