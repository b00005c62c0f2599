"""Bounds what clients can make the web server hold: connections, bytes and time.

aiohttp limits neither connections nor what one may send before it is answered, so a thin protocol stands between each
connection and aiohttp. Only documented names of asyncio and aiohttp are used.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address
from typing import Any, Final, cast, final

from aiohttp import web
from aiohttp.http import HttpProcessingError

try:
    import resource
except ImportError:  # Windows, where sockets are no file descriptors
    resource = None  # type: ignore[assignment]

_READ: Final = 1 << 14  # bytes that one read from a socket gives at most; aiohttp keeps twice as much of an unread body

_log = logging.getLogger(__name__)
_CLIENTS_FAULTS: Final = (HttpProcessingError, web.HTTPRequestTimeout)
_log.addFilter(lambda record: not (record.exc_info and isinstance(record.exc_info[1], _CLIENTS_FAULTS)))
"""What aiohttp logs of what is not HTTP quotes the client's words, and a late body is no fault of ours."""


@final
@dataclass(frozen=True, slots=True)
class Bounds:
    """What the server holds at most. Times are in seconds, sizes in bytes; `bodies` is the sum of all request bodies
    under way. A connection that does nothing is closed after `head` as well.
    """

    connections: int = 256
    per_address: int = 128
    head: float = 10.0
    body: float = 30.0
    head_size: int = 1 << 16
    body_size: int = 1 << 20
    bodies: int = 1 << 24


@final
class Guard:
    """Counts the connections of one server. `bounds.connections` is lowered to a quarter of the file descriptors that
    the process may have, since the database and the platforms need some.

    When a bound is reached, the connection that has waited longest for a whole request is closed to make room: half a
    request sent slowly keeps nobody out.
    """

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.buffer = memoryview(bytearray(_READ))
        descriptors = -1 if resource is None else resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        self._most = min(bounds.connections, descriptors // 4) if descriptors > 0 else bounds.connections
        self._by_address: Counter[str] = Counter()
        self._waiting: dict[Connection, None] = {}

    @property
    def connections(self) -> int:
        """How many there are."""
        return self._by_address.total()

    @property
    def runner_options(self) -> dict[str, Any]:
        """What `web.AppRunner` is to be made with."""
        return {
            "auto_decompress": False,  # aiohttp would inflate in its parser, before any handler can refuse
            "keepalive_timeout": self.bounds.head,  # also the deadline for a request's head
            "lingering_time": 1.0,
            "read_bufsize": _READ,
            "access_log": None,
            "logger": _log,
        }

    def admit(self, connection: "Connection") -> bool:
        """Count a new connection in, closing another one if need be; False if no other can be closed."""
        address = connection.address
        crowded = self._by_address[address] >= self.bounds.per_address
        if crowded or self.connections >= self._most:
            longest = next((one for one in self._waiting if one.address == address or not crowded), None)
            if longest is None:
                return False
            longest.abort()
        self._by_address[address] += 1
        self._waiting[connection] = None
        return True

    def forget(self, connection: "Connection") -> None:
        """The connection has ended."""
        self._waiting.pop(connection, None)
        self._by_address[connection.address] -= 1
        if not self._by_address[connection.address]:
            del self._by_address[connection.address]

    def waits(self, connection: "Connection", *, waits: bool) -> None:
        """Note whether the connection waits for a request, or a whole one is being answered."""
        self._waiting.pop(connection, None)
        if waits:
            self._waiting[connection] = None


@final
class Connection(asyncio.BufferedProtocol):
    """One connection, handed on to the protocol that `serve` makes. Reads into the guard's one buffer."""

    address = ""

    def __init__(self, guard: Guard, serve: Callable[[], web.RequestHandler]) -> None:
        self._guard, self._serve = guard, serve
        self._inner: web.RequestHandler | None = None
        self._transport: asyncio.Transport | None = None
        self._allowed, self._under_way = guard.bounds.head_size, False
        self._stuck: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Serve it, if there is room."""
        self._transport = cast(asyncio.Transport, transport)
        self.address = network(str((transport.get_extra_info("peername") or ("",))[0]))
        if not self._guard.admit(self):
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE)
            return
        self._inner = self._serve()
        self._inner.connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """It has ended, whoever ended it."""
        if self._stuck:
            self._stuck.cancel()
        inner, self._inner = self._inner, None
        if inner is not None:
            self._guard.forget(self)
            inner.connection_lost(exc)

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002  it is bounded, whatever is hinted
        """Where to read to."""
        return self._guard.buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Hand on what was read, while it is no more than the request under way may have."""
        self._allowed -= nbytes
        if self._inner is None:
            return
        if self._allowed >= 0:
            self._inner.data_received(bytes(self._guard.buffer[:nbytes]))
        elif self._under_way:
            self._inner.close()  # after the answer
        else:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def eof_received(self) -> None:
        """The client sends no more: close, as aiohttp does."""

    def pause_writing(self) -> None:
        """The client takes nothing more: it is given as long as for a body."""
        if self._transport:
            self._stuck = asyncio.get_running_loop().call_later(self._guard.bounds.body, self._transport.abort)
        if self._inner:
            self._inner.pause_writing()

    def resume_writing(self) -> None:
        """It takes what we send again."""
        if self._stuck:
            self._stuck.cancel()
            self._stuck = None
            if self._inner:
                self._inner.resume_writing()

    def begin(self, length: int) -> None:
        """A request's head has come, and a body of that length may follow."""
        self._allowed, self._under_way = self._guard.bounds.head_size + length, True

    def answering(self) -> None:
        """The request has come as a whole."""
        if self._under_way and self._inner:
            self._guard.waits(self, waits=False)

    def done(self) -> None:
        """The request is answered."""
        self._under_way = False
        if self._inner:
            self._guard.waits(self, waits=True)

    def abort(self) -> None:
        """Close it now."""
        transport, self._transport = self._transport, None
        if transport:
            transport.abort()
        self.connection_lost(None)

    def _refuse(self, status: HTTPStatus) -> None:
        if self._transport:
            line = f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            self._transport.write(line.encode())
            self._transport.close()


def network(address: str) -> str:
    """The address, or the /64 network of an IPv6 one, since whoever has one of those has all of it."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or found.exploded[:19])
    return str(found)
