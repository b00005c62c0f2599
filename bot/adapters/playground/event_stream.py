"""Sends server-sent events to every open page. A page that comes late or was away gets the present state, so no event
is kept.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final, final

import orjson
from aiohttp import web

from bot.adapters.playground.http_guard import HEADERS
from bot.runtime.http_guard import network

MOST_PAGES: Final = 128  # fewer than the connections of the server, so that streams leave room for requests
MOST_AT_ONE_ADDRESS: Final = 64

State = Callable[[], Mapping[str, Mapping[str, Any]]]
"""The present state by name, as JSON values. The event's name is what stands before the first `/`."""


@final
class EventStream:
    """Sends all pages what `state` gives, whenever it differs from what they were sent before.

    Every `beat` seconds an empty line keeps the connection open, and shows who has left.
    """

    def __init__(self, state: State, beat: float = 15.0) -> None:
        self._state, self._beat = state, beat
        self._closed = False
        # Each open page's address, the oldest page first, by what is set when there may be something to send.
        self._pages: dict[asyncio.Event, str] = {}

    def tell(self) -> None:
        """Something changed."""
        for changed in self._pages:
            changed.set()

    def close(self) -> None:
        """End all streams."""
        self._closed = True
        for changed in list(self._pages):
            self._end(changed)

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Serve one page until it leaves, or until a newer one needs its place."""
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
        except ConnectionResetError:  # the page was closed: that is how every stream ends
            pass
        finally:
            self._pages.pop(changed, None)
        return response

    def _make_room(self, address: str) -> None:
        """End the oldest stream of that address if it has too many, or of the address with the most if all have."""
        often = Counter(self._pages.values())
        if often[address] < MOST_AT_ONE_ADDRESS:
            if often.total() < MOST_PAGES:
                return
            address = often.most_common(1)[0][0]
        self._end(next(changed for changed, its in self._pages.items() if its == address))

    def _end(self, changed: asyncio.Event) -> None:
        del self._pages[changed]
        changed.set()

    async def _serve(self, changed: asyncio.Event, response: web.StreamResponse) -> None:
        told: dict[str, int] = {}
        while changed in self._pages:
            changed.clear()
            now = {name: orjson.dumps(value) for name, value in self._state().items()}
            new = [_event(name, data) for name, data in now.items() if told.get(name) != hash(data)]
            told = {name: hash(data) for name, data in now.items()}  # the data itself would be kept for each page
            await response.write(b"".join(new) or b": still here\n\n")
            try:
                async with asyncio.timeout(self._beat):
                    await changed.wait()
            except TimeoutError:
                continue


def _event(name: str, data: bytes) -> bytes:
    return b"event: " + name.partition("/")[0].encode() + b"\ndata: " + data + b"\n\n"
