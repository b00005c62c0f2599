"""Server-sent events to every page that is open. Its law: a page that comes late or was away is told how things stand
now, so no event has to be kept for anybody.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final, final

import orjson
from aiohttp import web

from bot.adapters.playground.http_guard import HEADERS
from bot.adapters.playground.requests import Refusal

MOST_PAGES: Final = 128  # fewer than the connections of the server, so that streams leave room for requests
MOST_AT_ONE_ADDRESS: Final = 64

State = Callable[[], Mapping[str, Mapping[str, Any]]]
"""How things stand now, by name, as JSON values. The event's name is what stands before the first `/`."""


@final
class EventStream:
    """Tells all pages what `state` says, whenever it differs from what they were told before.

    Every `beat` seconds a line that says nothing keeps the connection open, and shows who has left.
    """

    def __init__(self, state: State, beat: float = 15.0) -> None:
        self._state, self._beat = state, beat
        self._now: dict[str, bytes] = {}
        self._changed = asyncio.Event()
        self._closed = False
        self._pages: Counter[str] = Counter()

    def tell(self) -> None:
        """Something changed."""
        waiting, self._changed = self._changed, asyncio.Event()
        waiting.set()

    def close(self) -> None:
        """End all streams."""
        self._closed = True
        self.tell()

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Serve one page until it leaves."""
        address = request.remote or ""
        if self._pages.total() >= MOST_PAGES or self._pages[address] >= MOST_AT_ONE_ADDRESS:
            raise Refusal("too many pages are open", HTTPStatus.SERVICE_UNAVAILABLE)
        response = web.StreamResponse(
            headers={**HEADERS, "Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store"}
        )
        self._pages[address] += 1
        try:
            await response.prepare(request)
            await self._serve(response)
        except ConnectionResetError:  # the page was closed: that is how every stream ends
            pass
        finally:
            self._pages -= Counter({address: 1})  # and forgets an address without pages
        return response

    async def _serve(self, response: web.StreamResponse) -> None:
        told: dict[str, bytes] = {}
        while not self._closed:
            changed, now = self._changed, self._encoded()
            new = [_event(name, now[name]) for name in now if told.get(name) != now[name]]
            told = now
            await response.write(b"".join(new) or b": still here\n\n")
            try:
                async with asyncio.timeout(self._beat):
                    await changed.wait()
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
