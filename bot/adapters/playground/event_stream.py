"""Sends server-sent events to every open page. A page that comes late or was away gets the present state, so no event
is kept.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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
@dataclass(eq=False)
class _Page:
    """An open page. `changed` is set when there may be something to send, or when the stream is to end."""

    address: str
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    ended: bool = False


@final
class EventStream:
    """Sends all pages what `state` gives, whenever it differs from what they were sent before.

    Every `beat` seconds an empty line keeps the connection open, and shows who has left.
    """

    def __init__(self, state: State, beat: float = 15.0) -> None:
        self._state, self._beat = state, beat
        self._now: dict[str, bytes] = {}
        self._closed = False
        self._pages: dict[_Page, None] = {}  # the oldest first

    def tell(self) -> None:
        """Something changed."""
        for page in self._pages:
            page.changed.set()

    def close(self) -> None:
        """End all streams."""
        self._closed = True
        for page in list(self._pages):
            self._end(page)

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Serve one page until it leaves, or until a newer one needs its place."""
        response = web.StreamResponse(
            headers={**HEADERS, "Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store"}
        )
        page = _Page(network(request.remote or ""), ended=self._closed)
        self._make_room(page.address)
        self._pages[page] = None
        try:
            await response.prepare(request)
            await self._serve(page, response)
        except ConnectionResetError:  # the page was closed: that is how every stream ends
            pass
        finally:
            self._pages.pop(page, None)
        return response

    def _make_room(self, address: str) -> None:
        """End the oldest stream of that address if it has too many, or of the address with the most if all have."""
        often = Counter(page.address for page in self._pages)
        if often[address] < MOST_AT_ONE_ADDRESS:
            if often.total() < MOST_PAGES:
                return
            address = often.most_common(1)[0][0]
        self._end(next(page for page in self._pages if page.address == address))

    def _end(self, page: _Page) -> None:
        del self._pages[page]
        page.ended = True
        page.changed.set()

    async def _serve(self, page: _Page, response: web.StreamResponse) -> None:
        told: dict[str, bytes] = {}
        while not page.ended:
            page.changed.clear()
            now = self._encoded()
            new = [_event(name, now[name]) for name in now if told.get(name) != now[name]]
            told = now
            await response.write(b"".join(new) or b": still here\n\n")
            try:
                async with asyncio.timeout(self._beat):
                    await page.changed.wait()
            except TimeoutError:
                continue

    def _encoded(self) -> dict[str, bytes]:
        """The state as bytes that all pages share, so that one more page costs next to nothing."""
        fresh = {name: orjson.dumps(value) for name, value in self._state().items()}
        if fresh != self._now:
            self._now = {name: self._now[name] if self._now.get(name) == data else data for name, data in fresh.items()}
        return self._now


def _event(name: str, data: bytes) -> bytes:
    return b"event: " + name.partition("/")[0].encode() + b"\ndata: " + data + b"\n\n"
