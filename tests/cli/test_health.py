"""`health`: what a container's health check runs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.command import called
from tests.whole.process import ended, running

DEAD_PROXY = "http://127.0.0.1:9"


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
async def test_it_is_well_while_the_bot_answers_whatever_proxies_are_set(tmp_path: Path, host: str) -> None:
    async with running(tmp_path, HOST=host) as bot:
        proxies = dict.fromkeys(("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"), DEAD_PROXY)
        assert await ended(tmp_path, "health", HOST=host, PORT=str(bot.port), **proxies) == (0, "", "")


@asynccontextmanager
async def answering(said: bytes) -> AsyncIterator[int]:
    """A program that says that to whoever asks; gives its port."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(said)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


@pytest.mark.parametrize(
    "said", [b"HTTP/1.0 503 No\r\n\r\n", b"HTTP/1.0 404 No\r\n\r\n", b"nothing of HTTP\r\n\r\n", b""]
)
async def test_what_answers_otherwise_is_not_well(tmp_path: Path, said: bytes) -> None:
    async with answering(said) as port:
        status, _, err = await called(tmp_path, "health", PORT=str(port))
    assert status == 1
    assert err.count("\n") == 1
    assert f"127.0.0.1:{port}" in err


async def test_where_nothing_listens_it_is_not_well(tmp_path: Path) -> None:
    status, _, err = await called(tmp_path, "health", PORT="9")
    assert status == 1
    assert err.startswith("No bot answers at 127.0.0.1:9")
