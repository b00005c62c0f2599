"""A line between the bot and a server, which can be cut. It only carries bytes, and never reads them."""

import asyncio
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit, urlunsplit


class Line:
    """Carries connections from `url` to the server at `target` (both http addresses).

    `down` refuses new connections and tears off the old ones, `mute` keeps them and carries nothing, `half_close` ends
    the server's side of each without a word.
    """

    def __init__(self, target: str) -> None:
        self._target = urlsplit(target)
        self._server: asyncio.Server | None = None
        self._port = 0
        self._flows = asyncio.Event()
        self._flows.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._towards_bot: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        await self.up()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.down()

    @property
    def url(self) -> str:
        """The target's address, by way of this line."""
        return urlunsplit(self._target._replace(netloc=f"127.0.0.1:{self._port}"))

    async def up(self) -> None:
        """Take connections, at the same port as ever."""
        self._flows.set()
        self._server = await asyncio.start_server(self._taken, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def down(self) -> None:
        """Refuse connections, and tear off those there are."""
        if self._server:
            self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._server:
            await self._server.wait_closed()
        self._server = None

    def mute(self) -> None:
        """Carry nothing any more; nobody is told."""
        self._flows.clear()

    def speak(self) -> None:
        """Carry on, with all that was held back."""
        self._flows.set()

    def half_close(self) -> None:
        """The server ends its side of every connection, and still listens."""
        for writer in self._towards_bot:
            if writer.can_write_eof() and not writer.is_closing():
                writer.write_eof()

    async def _taken(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(self._target.hostname, self._target.port)
        self._writers |= {writer, back}
        self._towards_bot.add(writer)
        ways = {asyncio.create_task(self._carry(reader, back)), asyncio.create_task(self._carry(there, writer))}
        self._tasks |= ways
        await asyncio.wait(ways)
        self._tasks -= ways
        self._writers -= {writer, back}
        self._towards_bot.discard(writer)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(1 << 16):
                await self._flows.wait()
                writer.write(data)
                await writer.drain()
        except OSError:
            pass  # torn off: what this line is for
        finally:
            writer.transport.abort() if writer.is_closing() else writer.close()
