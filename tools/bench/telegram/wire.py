"""The smallest HTTP that carries the measured bots' calls. Its law: it costs every bot the same, and reads no words."""

import asyncio
import re
from collections.abc import Callable
from typing import final

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


def response(body: bytes, kind: bytes = b"application/json") -> bytes:
    """A 200 with that body, on a connection that stays open."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n"
    return head % (kind, len(body)) + body


@final
class Connection(asyncio.Protocol):
    """One connection of a bot: gives each request's method of the Bot API and body to `took`, which answers by `write`,
    now or later.
    """

    def __init__(self, took: "Callable[[Connection, str, bytes], None]") -> None:
        self._took, self._held = took, b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = transport  # type: ignore[assignment]  # uvloop's own class, with the same methods

    def data_received(self, data: bytes) -> None:
        """Take what came; a request may come in pieces."""
        self._held += data
        while (end := self._held.find(b"\r\n\r\n")) >= 0:
            head = self._held[:end]
            found = _LENGTH.search(head)
            whole = end + 4 + (int(found[1]) if found else 0)
            if len(self._held) < whole:
                return
            body, self._held = self._held[end + 4 : whole], self._held[whole:]
            self._took(self, head.split(b" ", 2)[1].rpartition(b"/")[2].decode("ascii"), body)

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()

    def write(self, body: bytes) -> None:
        """Answer; nothing where the bot has hung up."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(response(body))


@final
class Caller(asyncio.Protocol):
    """A connection to a bot's webhook: `post` gives the status it answered."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[int] | None = None
        self._held = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = transport  # type: ignore[assignment]  # uvloop's own class, with the same methods

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the protocol's signature
        """The bot hung up."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionError("the bot hung up"))

    def data_received(self, data: bytes) -> None:
        """The bot's answer, whose body is not looked at."""
        self._held += data
        end = self._held.find(b"\r\n\r\n")
        if end < 0:
            return
        found = _LENGTH.search(self._held[:end])
        if len(self._held) >= end + 4 + (int(found[1]) if found else 0) and self._answer is not None:
            status, self._held = int(self._held[9:12]), b""
            self._answer.set_result(status)

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()

    async def post(self, path: str, secret: str, body: bytes) -> int:
        """Bring one update."""
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {secret}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._transport.write(head.encode("ascii") + body)
        return await self._answer
