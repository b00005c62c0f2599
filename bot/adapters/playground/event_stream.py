"""Sends server-sent events to every open page. A page that connects gets the whole current state, so no old events are
stored.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final, final

import orjson
from aiohttp import web

from bot.adapters.playground.page_guard import HEADERS
from bot.runtime.http_limits import network

MOST_PAGES: Final = 128  # fewer than the server's connections, so that some are left for requests
MOST_AT_ONE_ADDRESS: Final = 64

State = Callable[[], Mapping[str, Mapping[str, Any]]]
"""Returns the current state: values for JSON by name. The part of the name before the first `/` is the event's name."""


@final
class EventStream:
    """Sends all pages the parts of `state` that differ from what they were sent before.

    Every `beat` seconds, a comment keeps the connection open and shows whether the page has left.
    """

    def __init__(self, state: State, beat: float = 15.0) -> None:
        self._state, self._beat = state, beat
        self._closed = False
        # The address of each open page, the oldest page first. The key is set when there may be something to send.
        self._pages: dict[asyncio.Event, str] = {}

    def notify(self) -> None:
        """Send all pages what has changed."""
        for changed in self._pages:
            changed.set()

    def close(self) -> None:
        """End all streams."""
        self._closed = True
        for changed in list(self._pages):
            self._end(changed)

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Serve one page until it leaves, or until a newer page needs its place."""
        response = web.StreamResponse(
            headers={**HEADERS, "Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store"}
        )
        changed, address = asyncio.Event(), network(request.remote or "")
        self._make_room(address)
        if not self._closed:
            self._pages[changed] = address
        try:
            await response.prepare(request)
            await self._serve(changed, response)
        except ConnectionResetError:  # the page was closed, as always at the end of a stream
            pass
        finally:
            self._pages.pop(changed, None)
        return response

    def _make_room(self, address: str) -> None:
        """End a stream if there are too many: the oldest of that address if it has too many, else the oldest of the
        address with the most.
        """
        counts = Counter(self._pages.values())
        if counts[address] < MOST_AT_ONE_ADDRESS:
            if counts.total() < MOST_PAGES:
                return
            address = counts.most_common(1)[0][0]
        self._end(next(changed for changed, other in self._pages.items() if other == address))

    def _end(self, changed: asyncio.Event) -> None:
        del self._pages[changed]
        changed.set()

    async def _serve(self, changed: asyncio.Event, response: web.StreamResponse) -> None:
        hashes: dict[str, int] = {}  # of what was sent; the data itself would take memory for each page
        while changed in self._pages:
            changed.clear()
            now = {name: orjson.dumps(value) for name, value in self._state().items()}
            new = [_event(name, data) for name, data in now.items() if hashes.get(name) != hash(data)]
            hashes = {name: hash(data) for name, data in now.items()}
            await response.write(b"".join(new) or b": still here\n\n")
            try:
                async with asyncio.timeout(self._beat):
                    await changed.wait()
            except TimeoutError:
                continue


def _event(name: str, data: bytes) -> bytes:
    return b"event: " + name.partition("/")[0].encode() + b"\ndata: " + data + b"\n\n"
