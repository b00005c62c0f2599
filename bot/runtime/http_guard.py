"""Limits what clients can make the web server hold (connections, bytes and time), and under which names it answers."""

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
except ImportError:  # Windows, where sockets are no file descriptors
    resource = None  # type: ignore[assignment]

_METHODS: Final = frozenset({"GET", "HEAD", "POST"})
_BUSY: Final = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_CLIENTS_FAULTS: Final = (
    *(HttpProcessingError, web.HTTPRequestTimeout, web.RequestPayloadError),
    *(ConnectionResetError, BrokenPipeError),
)

_log = logging.getLogger(__name__)
# aiohttp would log what is not HTTP with the client's words, and a late or dropped body as an error of ours.
_log.addFilter(lambda record: not (record.exc_info and isinstance(record.exc_info[1], _CLIENTS_FAULTS)))

_OPTIONS: Final[dict[str, Any]] = {
    "auto_decompress": False,  # aiohttp would inflate a body before any handler can refuse it
    "max_headers": 50,  # with 8 KiB a line, 400 KiB a head
    "read_bufsize": 1 << 14,  # aiohttp keeps twice as much of an unread body
    "lingering_time": 1.0,
    "access_log": None,
    "logger": _log,
}


@final
@dataclass(frozen=True, slots=True)
class Limits:
    """What the server holds at most. `head` and `body` are seconds until each must have arrived, `body_size` is bytes,
    `bodies` the bytes of all bodies that are being received. An idle connection is closed after `head` too.
    """

    connections: int = 256
    per_address: int = 128
    head: float = 10.0
    body: float = 30.0
    body_size: int = 1 << 20
    bodies: int = 1 << 24


@final
class Guard:
    """Counts the connections of a server. They may take a quarter of the process's file descriptors at most, since the
    database and the platforms need some.

    At a limit, the connection that has waited longest for a whole request is closed to make room, so that half a
    request sent slowly keeps nobody out.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        descriptors = -1 if resource is None else resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        self._most = min(limits.connections, descriptors // 4) if descriptors > 0 else limits.connections
        self._waits: dict[Connection, bool] = {}  # whether it waits for a request; the one that changed last comes last

    def admit(self, connection: "Connection") -> bool:
        """Count a new connection, and close another one if there is no room; False if none can be closed."""
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
        """The connection has ended."""
        self._waits.pop(connection, None)

    def mark(self, connection: "Connection", *, waits: bool) -> None:
        """Note whether the connection waits for a request, or a whole one is being answered."""
        if self._waits.pop(connection, None) is not None:
            self._waits[connection] = waits


@final
class Connection(web.RequestHandler):
    """aiohttp's connection, counted by the guard, and closed where the client does not take its answer."""

    def __init__(self, guard: Guard, server: web.Server) -> None:
        idle = guard.limits.head
        super().__init__(server, loop=asyncio.get_running_loop(), keepalive_timeout=idle, **_OPTIONS)
        self.guard, self.address = guard, ""
        self._socket: asyncio.Transport | None = None
        self._stuck: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Serve it, if there is room."""
        self._socket = cast(asyncio.Transport, transport)
        self.address = network(str((transport.get_extra_info("peername") or ("",))[0]))
        if self.guard.admit(self):
            super().connection_made(transport)
        else:
            self.close()
            self._socket.write(_BUSY)
            self._socket.close()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Count it no more."""
        self.guard.forget(self)
        self._unstick()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """The client does not take its answer: it has as long as for a body."""
        self._stuck = asyncio.get_running_loop().call_later(self.guard.limits.body, self.abort)
        super().pause_writing()

    def resume_writing(self) -> None:
        """It takes the answer again."""
        self._unstick()
        super().resume_writing()

    def abort(self) -> None:
        """Close it now."""
        if self._socket:
            self._socket.abort()

    def _unstick(self) -> None:
        if self._stuck:
            self._stuck.cancel()
            self._stuck = None


def network(address: str) -> str:
    """The address, or the /64 network of an IPv6 one: whoever has one address of it has all."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or found.exploded[:19])
    return str(found)


def limit_bodies(limits: Limits) -> Middleware:
    """A middleware that refuses a body before it is read (compressed, too long, of unknown length, or more than all may
    send at once), and gives every other one a deadline.
    """
    held = 0

    @web.middleware
    async def limit(request: web.Request, handler: Handler) -> web.StreamResponse:
        nonlocal held
        length, connection = request.content_length or 0, cast(Connection, request.protocol)
        if refused := _refusal(request, length, limits, held):
            refused.force_close()
            return refused
        late = web.HTTPRequestTimeout(text=f"the body did not come within {limits.body:.0f} s\n")
        deadline = asyncio.get_running_loop().call_later(limits.body, request.content.set_exception, late)
        request.content.on_eof(deadline.cancel)
        request.content.on_eof(lambda: connection.guard.mark(connection, waits=False))
        held += length
        try:
            await asyncio.sleep(0)  # a client that sends requests without waiting for answers lets others go first
            return await handler(request)
        finally:
            held -= length
            deadline.cancel()
            connection.guard.mark(connection, waits=True)

    return limit


def _refusal(request: web.Request, length: int, limits: Limits, held: int) -> web.Response | None:
    """The answer to a request whose body is not read, or None; `held` bytes of other bodies are being received."""
    encodings = request.headers.getall("Content-Encoding", ())
    if request.method not in _METHODS:
        return web.Response(status=405, text="use GET, HEAD or POST\n")
    if any(one.strip().lower() != "identity" for one in encodings):
        return web.Response(status=415, text="send the body uncompressed, without Content-Encoding\n")
    if "Transfer-Encoding" in request.headers:
        return web.Response(status=411, text="send the body in one piece, with Content-Length\n")
    if length > (limits.body_size if request.method == "POST" else 0):
        return web.Response(status=413, text="the body is too long\n")
    if held + length > limits.bodies:
        return web.Response(status=503, text="too much is being sent at once; try again in a moment\n")
    return None


def check_host(names: Iterable[str], webhook: str | None = None) -> Middleware:
    """A middleware that answers only under an address, a name without a dot, or one of `names`; a POST to the path
    `webhook` is answered under any name.

    A stranger's web page may have its own name point at this machine (DNS rebinding), and then asks by that name, which
    has a dot. An address cannot be made to point elsewhere; a name without a dot (localhost, a container's) is given by
    whoever runs the network. A program that sends no Host is no browser.
    """
    allowed = frozenset(name.casefold() for name in names)

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        hook = request.method == "POST" and request.path == webhook
        if hook or _is_known(request.headers.get("Host", ""), allowed):
            return await handler(request)
        return web.Response(status=403, text="not known by that name: set ALLOWED_HOSTS to it\n")

    return check


def _is_known(host: str, names: frozenset[str]) -> bool:
    try:
        name = (urlsplit(f"//{host}").hostname or "").removesuffix(".")
    except ValueError:
        return False
    try:
        ip_address(name)
    except ValueError:
        return "." not in name or name in names
    return True
