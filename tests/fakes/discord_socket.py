"""One gateway socket. Frames leave in the order they were sent, and sending never waits."""

from __future__ import annotations

import asyncio
import json
import zlib
from typing import Protocol

import zstandard
from aiohttp import web

from tests.fakes.discord_objects import Json


class _Stream(Protocol):
    def __call__(self, text: bytes) -> bytes: ...


def _zlib() -> _Stream:
    stream = zlib.compressobj()
    return lambda text: stream.compress(text) + stream.flush(zlib.Z_SYNC_FLUSH)


def _zstd() -> _Stream:
    stream = zstandard.ZstdCompressor().compressobj()
    return lambda text: stream.compress(text) + stream.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)


class Socket:
    """A queue in front of a WebSocket, and the one task that empties it."""

    def __init__(self, response: web.WebSocketResponse, request: web.Request, compress: str) -> None:
        self.compression = compress
        self.dropped = False
        self.muted = False
        self._response = response
        self._request = request
        self._stream = {"zlib-stream": _zlib, "zstd-stream": _zstd}[compress]() if compress else None
        self._queue: asyncio.Queue[Json | int] = asyncio.Queue()
        self._writer = asyncio.create_task(self._write())

    def send(self, frame: Json) -> None:
        """Sends a frame; one that is muted loses it."""
        if not self.muted:
            self._queue.put_nowait(frame)

    def send_raw(self, text: str) -> None:
        """Sends words that are no frame, such as broken JSON."""
        self._queue.put_nowait({"raw": text})

    def close(self, code: int) -> None:
        """Closes with a code, once everything before it is sent."""
        self._queue.put_nowait(code)

    def abort(self) -> None:
        """Tears the connection off, without a word."""
        if self._request.transport is not None:
            self._request.transport.abort()

    async def finish(self) -> None:
        """Stops the writing task; the socket is no longer used."""
        self._writer.cancel()
        await asyncio.gather(self._writer, return_exceptions=True)

    async def _write(self) -> None:
        while True:
            frame = await self._queue.get()
            if isinstance(frame, int):
                await self._response.close(code=frame)
                return
            text = frame["raw"] if "raw" in frame else json.dumps(frame)
            try:
                if self._stream is None:
                    await self._response.send_str(text)
                else:
                    await self._response.send_bytes(self._stream(text.encode()))
            except ConnectionError:
                return  # the client is gone; the session keeps what it missed
