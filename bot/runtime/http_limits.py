"""Limits how many connections, bytes and seconds clients can use, and the host names under which the server answers."""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Any, Final, cast, final
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.http import HttpProcessingError
from aiohttp.typedefs import Handler, Middleware

try:
    import resource
except ImportError:  # Windows, where sockets are not file descriptors
    resource = None  # type: ignore[assignment]

_METHODS: Final = frozenset({"GET", "HEAD", "POST"})
_BUSY: Final = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_CLIENT_ERRORS: Final = (
    *(HttpProcessingError, web.HTTPRequestTimeout, web.RequestPayloadError),
    *(ConnectionResetError, BrokenPipeError),
)

_log = logging.getLogger(__name__)
# aiohttp would log invalid HTTP including the client's data, and a late or dropped body as an error of the server.
_log.addFilter(lambda record: not (record.exc_info and isinstance(record.exc_info[1], _CLIENT_ERRORS)))

_OPTIONS: Final[dict[str, Any]] = {
    "auto_decompress": False,  # aiohttp would decompress a body before any handler can refuse it
    "max_headers": 50,  # with up to 8 KiB per line, 400 KiB per request head
    "read_bufsize": 1 << 14,  # aiohttp buffers up to twice as much of an unread body
    "lingering_time": 1.0,
    "access_log": None,
    "logger": _log,
}


@final
@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of the server.

    `connections` and `per_address` limit open connections, in total and from one address. A request's head and body
    must arrive within `head` and `body` seconds; an idle connection is closed after `head` seconds too. `body_size`
    limits the bytes of one body, `bodies` those of all bodies being received.
    """

    connections: int = 256
    per_address: int = 128
    head: float = 10.0
    body: float = 30.0
    body_size: int = 1 << 20
    bodies: int = 1 << 24


@final
class ConnectionLimiter:
    """Limits the connections of a server. They use at most a quarter of the process's file descriptors, because the
    database and the platforms need some too.

    When a limit is reached, a new connection replaces the one that has waited longest for a complete request, so that
    clients that send slowly cannot keep others out.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        descriptors = -1 if resource is None else resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        self._most = min(limits.connections, descriptors // 4) if descriptors > 0 else limits.connections
        self._waits: dict[Connection, bool] = {}  # True while it waits for a request; ordered by the last change

    def admit(self, connection: "Connection") -> bool:
        """Admit a new connection, closing another one if a limit is reached. Returns False if none can be closed."""
        rivals = [one for one in self._waits if one.address == connection.address]
        if len(rivals) < self.limits.per_address:
            rivals = list(self._waits) if len(self._waits) >= self._most else []
        if rivals:
            longest = next((one for one in rivals if self._waits[one]), None)
            if longest is None:
                return False
            self.forget(longest)
            longest.abort()
        self._waits[connection] = True
        return True

    def forget(self, connection: "Connection") -> None:
        """Stop counting a connection that ended."""
        self._waits.pop(connection, None)

    def mark(self, connection: "Connection", *, waits: bool) -> None:
        """Record whether the connection waits for a request; otherwise a complete one is being answered."""
        if self._waits.pop(connection, None) is not None:
            self._waits[connection] = waits


@final
class Connection(web.RequestHandler):
    """A connection of aiohttp that the guard counts. It is closed if the client does not read its response in time."""

    def __init__(self, guard: ConnectionLimiter, server: web.Server) -> None:
        idle = guard.limits.head
        super().__init__(server, loop=asyncio.get_running_loop(), keepalive_timeout=idle, **_OPTIONS)
        self.guard, self.address = guard, ""
        self._socket: asyncio.Transport | None = None
        self._write_deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Serve the connection, or answer 503 and close it if the guard does not admit it."""
        self._socket = cast(asyncio.Transport, transport)
        self.address = network(str((transport.get_extra_info("peername") or ("",))[0]))
        if self.guard.admit(self):
            super().connection_made(transport)
        else:
            self.close()
            self._socket.write(_BUSY)
            self._socket.close()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Stop counting the connection."""
        self.guard.forget(self)
        self._cancel_deadline()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Give a client that does not read its response `limits.body` seconds."""
        self._write_deadline = asyncio.get_running_loop().call_later(self.guard.limits.body, self.abort)
        super().pause_writing()

    def resume_writing(self) -> None:
        """Cancel the deadline: the client is reading its response again."""
        self._cancel_deadline()
        super().resume_writing()

    def abort(self) -> None:
        """Close the connection at once."""
        if self._socket:
            self._socket.abort()

    def _cancel_deadline(self) -> None:
        if self._write_deadline:
            self._write_deadline.cancel()
            self._write_deadline = None


def network(address: str) -> str:
    """The address by which to count a client: for IPv6 its /64 network, because one client usually has all of it."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or parsed.exploded[:19])
    return str(parsed)


def limit_bodies(limits: Limits) -> Middleware:
    """A middleware that refuses some bodies before they are read (compressed, too long, of unknown length, or more than
    `limits.bodies` together), and gives every other body a deadline.
    """
    receiving = 0  # bytes

    @web.middleware
    async def limit(request: web.Request, handler: Handler) -> web.StreamResponse:
        nonlocal receiving
        length, connection = request.content_length or 0, cast(Connection, request.protocol)
        if refused := _refusal(request, length, limits, receiving):
            refused.force_close()
            return refused
        late = web.HTTPRequestTimeout(text=f"the body did not arrive within {limits.body:.0f} s\n")
        deadline = asyncio.get_running_loop().call_later(limits.body, request.content.set_exception, late)
        request.content.on_eof(deadline.cancel)
        request.content.on_eof(lambda: connection.guard.mark(connection, waits=False))
        receiving += length
        try:
            await asyncio.sleep(0)  # let other tasks run, even if the client sends requests without waiting for answers
            return await handler(request)
        finally:
            receiving -= length
            deadline.cancel()
            connection.guard.mark(connection, waits=True)

    return limit


def _refusal(request: web.Request, length: int, limits: Limits, receiving: int) -> web.Response | None:
    """The error response if the body must not be read, else None. `receiving` counts the bytes of all other bodies."""
    encodings = request.headers.getall("Content-Encoding", ())
    if request.method not in _METHODS:
        return web.Response(status=405, text="use GET, HEAD or POST\n")
    if any(one.strip().lower() != "identity" for one in encodings):
        return web.Response(status=415, text="send the body uncompressed, without Content-Encoding\n")
    if "Transfer-Encoding" in request.headers:
        return web.Response(status=411, text="send the body in one piece, with Content-Length\n")
    if length > (limits.body_size if request.method == "POST" else 0):
        return web.Response(status=413, text="the body is too long\n")
    if receiving + length > limits.bodies:
        return web.Response(status=503, text="the server is receiving too much data; try again in a moment\n")
    return None


def check_host(names: Iterable[str], webhook: str | None = None) -> Middleware:
    """A middleware that answers only if the Host header is an IP address, a name without a dot, one of `names` or
    missing. POST requests to the path `webhook` are always answered.

    This prevents DNS rebinding: a web page of an attacker lets its own host name, which has a dot, point at this
    machine. IP addresses cannot be pointed elsewhere, and names without a dot (localhost, a container's) are assigned
    by the operator of the network. Browsers always send a Host header.
    """
    allowed = frozenset(name.casefold() for name in names)

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        is_webhook = request.method == "POST" and request.path == webhook
        if is_webhook or _is_allowed(request.headers.get("Host", ""), allowed):
            return await handler(request)
        return web.Response(status=403, text="this host name is not allowed: set ALLOWED_HOSTS to it\n")

    return check


def _is_allowed(host: str, names: frozenset[str]) -> bool:
    try:
        name = (urlsplit(f"//{host}").hostname or "").removesuffix(".")
    except ValueError:
        return False
    try:
        ip_address(name)
    except ValueError:
        return "." not in name or name in names
    return True
