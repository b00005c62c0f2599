"""An HTTP proxy on loopback, of the kind that looks into TLS, as companies have them.

It takes CONNECT for the hosts it knows, ends TLS with a certificate of its own, and carries the plain bytes to a fake
platform. So a bot that is set up for the real platforms, by their real names, can be tested whole.
"""

import asyncio
import base64
import os
import shutil
import ssl
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

HOSTS = ("api.telegram.org", "discord.com", "gateway.discord.gg")


class Certificate:
    """A certificate for the platforms' names, its own authority, in the file `path` with its key."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "proxy.pem"
        names = ",".join(f"DNS:{host}" for host in HOSTS)
        key, days = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"), ("-days", "2")
        uses = ("-addext", "keyUsage=critical,digitalSignature,keyCertSign", "-addext", f"subjectAltName={names}")
        files = ("-keyout", str(self.path), "-out", str(folder / "certificate.pem"))
        command = ("openssl", "req", "-x509", *key, *days, "-subj", "/CN=a proxy of the tests", *uses, *files)
        if shutil.which("openssl") is None and not os.environ.get("REQUIRE_OPENSSL"):
            pytest.skip("openssl is not installed")
        subprocess.run(command, check=True, capture_output=True, timeout=60)
        self.path.write_text(self.path.read_text("utf-8") + (folder / "certificate.pem").read_text("utf-8"), "utf-8")

    def context(self) -> ssl.SSLContext:
        """For the server's side."""
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(self.path)
        return made


class Proxy:
    """Carries connections for `ways` (host: the port of a fake on loopback); `asked` holds each CONNECT.

    With `user` (`name:password`) it answers 407 to whoever does not send that, with `status` so to everybody.
    """

    def __init__(
        self, certificate: Certificate, ways: Mapping[str, int], *, user: str | None = None, status: int = 0
    ) -> None:
        self._context, self._ways, self._status = certificate.context(), ways, status
        self._user = user and f"Basic {base64.b64encode(user.encode()).decode()}"
        self.asked: list[str] = []
        self.port = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._taken, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _taken(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.add(task := asyncio.current_task())  # type: ignore[arg-type]
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                await self._carried(reader, writer)
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _carried(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        method, target, _ = first.split()
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        self.asked.append(target)
        port = self._ways.get(target.removesuffix(":443"))
        refused = 407 if self._user and headers.get("proxy-authorization") != self._user else self._status
        if method != "CONNECT" or port is None:
            refused = refused or 403
        writer.write(b"HTTP/1.1 %d -\r\nContent-Length: 0\r\n\r\n" % refused if refused else b"HTTP/1.1 200 -\r\n\r\n")
        await writer.drain()
        if refused:
            return
        await writer.start_tls(self._context)
        there, back = await asyncio.open_connection("127.0.0.1", port)
        try:
            ways = [asyncio.create_task(one) for one in (_carry(reader, back), _carry(there, writer))]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            back.close()


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(1 << 16):
        writer.write(data)
        await writer.drain()
