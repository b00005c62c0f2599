"""The one HTTP server: health, readiness, metrics, and the routes that others hand in."""

import asyncio
import contextlib
import errno
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from ipaddress import ip_address
from typing import Any, cast
from urllib.parse import urlsplit

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from bot.runtime.http_guard import Bounds, Connection, Guard

Probe = Callable[[], Awaitable[Mapping[str, Any]]]
"""The state of the process; `ready` tells whether everything that was asked for is served. Must not take long."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_BOUNDS = Bounds()
_METHODS = frozenset({"GET", "HEAD", "POST"})


class AddressTaken(OSError):
    """The address cannot be listened on; the text says why and what to do."""


def probes(probe: Probe, registry: CollectorRegistry, names: Iterable[str] = ()) -> list[web.RouteDef]:
    """`/healthz` (200 while the process lives), `/readyz` (200 when all is served, else 503), `/metrics`.

    The first two show the same state, so that whoever looks finds the reason in either. Who asks by a name with a dot
    is answered if it is one of `names`; see `known`.
    """
    allowed = frozenset(names)

    async def healthz(_: web.Request) -> web.Response:
        return web.json_response(dict(await probe()))

    async def readyz(_: web.Request) -> web.Response:
        state = dict(await probe())
        return web.json_response(state, status=200 if state["ready"] else 503)

    async def metrics(_: web.Request) -> web.Response:
        await probe()  # so that its gauges are of now
        return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    def guarded(handler: Handler) -> Handler:
        async def answered(request: web.Request) -> web.StreamResponse:
            if not known(request.headers.get("Host", ""), allowed):
                return web.Response(status=403, text="not known by that name: set ALLOWED_HOSTS to it\n")
            return await handler(request)

        return answered

    shown = {"/healthz": healthz, "/readyz": readyz, "/metrics": metrics}
    return [web.get(path, guarded(handler)) for path, handler in shown.items()]


def known(host: str, names: frozenset[str]) -> bool:
    """Whether a Host header names us in a way that a stranger's web page cannot.

    A page may have its own name point at this machine (DNS rebinding), and then asks by that name, which has a dot. An
    address cannot be made to point elsewhere; a name without a dot (localhost, a container's) is given by whoever runs
    the network. A program that sends no Host is no browser.
    """
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    try:
        ip_address(name)
    except ValueError:
        return "." not in name.removesuffix(".") or name.removesuffix(".") in names
    return True


def reading(bounds: Bounds) -> Callable[..., Awaitable[web.StreamResponse]]:
    """A middleware that refuses a body before it is read (compressed, too long, of a length that is not told, more than
    all may send at once), and gives every other one a deadline.
    """
    held = 0

    @web.middleware
    async def read(request: web.Request, handler: Handler) -> web.StreamResponse:
        nonlocal held
        if request.transport is None:
            raise ConnectionResetError
        length, connection = request.content_length or 0, cast(Connection, request.transport.get_protocol())
        connection.begin(min(length, bounds.body_size))
        if refused := _refusal(request, length, bounds, held):
            refused.force_close()
            return refused
        late = web.HTTPRequestTimeout(text=f"the body did not come within {bounds.body:.0f} s\n")
        deadline = asyncio.get_running_loop().call_later(bounds.body, request.content.set_exception, late)
        request.content.on_eof(deadline.cancel)
        request.content.on_eof(connection.answering)
        held += length
        try:
            await asyncio.sleep(0)  # requests sent without waiting for answers let other connections go first
            return await handler(request)
        finally:
            held -= length
            deadline.cancel()
            connection.done()

    return read


def _refusal(request: web.Request, length: int, bounds: Bounds, held: int) -> web.Response | None:
    """Why a request with a body of that length is not read, while `held` bytes of others are."""
    encodings = request.headers.getall("Content-Encoding", ())
    if request.method not in _METHODS:
        return web.Response(status=405, text="use GET, HEAD or POST\n")
    if any(one.strip().lower() != "identity" for one in encodings):
        return web.Response(status=415, text="send the body uncompressed, without Content-Encoding\n")
    if "Transfer-Encoding" in request.headers:
        return web.Response(status=411, text="send the body in one piece, with Content-Length\n")
    if length > (bounds.body_size if request.method == "POST" else 0):
        return web.Response(status=413, text="the body is too long\n")
    if held + length > bounds.bodies:
        return web.Response(status=503, text="too much is being sent at once; try again in a moment\n")
    return None


@contextlib.asynccontextmanager
async def serving(routes: Iterable[web.RouteDef], host: str, port: int, bounds: Bounds = _BOUNDS) -> AsyncIterator[int]:
    """Serve the routes within `bounds` while the context lasts; gives the port, which the system chooses for port 0.

    Raises:
        AddressTaken: another program has the port, or the address is not this machine's.
    """
    guard = Guard(bounds)
    application = web.Application(client_max_size=bounds.body_size, middlewares=[reading(bounds)])
    application.add_routes(web.RouteDef(one.method, one.path, one.handler, _WITHOUT_100 | one.kwargs) for one in routes)
    runner = web.AppRunner(application, shutdown_timeout=2, **guard.runner_options)
    await runner.setup()
    serve, listening = cast(Callable[[], web.RequestHandler], runner.server), None
    try:
        try:
            listening = await asyncio.get_running_loop().create_server(lambda: Connection(guard, serve), host, port)
        except OSError as error:
            raise AddressTaken(_reason(error, host, port)) from error
        yield listening.sockets[0].getsockname()[1]
    finally:
        if listening is not None:
            listening.close()
        await runner.cleanup()


async def _sends_no_100(_: web.Request) -> None:
    """A client that sends `Expect: 100-continue` sends its body after a moment anyway (RFC 9110, 10.1.1); asking for it
    before the handler has looked at the request would invite what is to be refused."""


_WITHOUT_100: dict[str, Any] = {"expect_handler": _sends_no_100}


def _reason(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is taken: stop the other program, or set PORT to a free one (0 picks one)"
    if error.errno == errno.EACCES:
        return f"port {port} needs more rights than the bot has: set PORT to one above 1023"
    return f"cannot listen on {host}:{port} ({error.strerror or error}): set HOST to an address of this machine"
