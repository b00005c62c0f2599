"""The HTTP server: health, readiness and metrics, and the routes of the adapters."""

import asyncio
import contextlib
import errno
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from typing import Any, Final, cast

from aiohttp import web
from aiohttp.typedefs import Middleware
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from bot.runtime.http_limits import Connection, ConnectionLimiter, Limits, limit_bodies

Probe = Callable[[], Awaitable[Mapping[str, Any]]]
"""Returns the state of the process; its `ready` says whether all configured platforms are served. Must be fast."""

_LIMITS: Final = Limits()


class AddressTaken(OSError):
    """The server cannot listen on an address. The text says why and what to do."""


def probes(probe: Probe, registry: CollectorRegistry) -> list[web.RouteDef]:
    """Routes for `/healthz` (200 while the process runs), `/readyz` (200 when everything is served, else 503) and
    `/metrics`. The first two return the same state as JSON, so either shows the reason of a failure.
    """

    async def healthz(_: web.Request) -> web.Response:
        return web.json_response(dict(await probe()))

    async def readyz(_: web.Request) -> web.Response:
        state = dict(await probe())
        return web.json_response(state, status=200 if state["ready"] else 503)

    async def metrics(_: web.Request) -> web.Response:
        await probe()  # updates the gauges
        return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics)]


@contextlib.asynccontextmanager
async def serving(
    routes: Iterable[web.RouteDef], host: str, port: int, *middlewares: Middleware, limits: Limits = _LIMITS
) -> AsyncIterator[int]:
    """Serve the routes within `limits` until the block ends. Yields the port, which the system chooses for port 0.

    Raises:
        AddressTaken: another program uses the port, the port needs more rights, or the address is not this machine's.
    """
    guard = ConnectionLimiter(limits)
    application = web.Application(client_max_size=limits.body_size, middlewares=[limit_bodies(limits), *middlewares])
    application.add_routes(web.RouteDef(one.method, one.path, one.handler, _WITHOUT_100 | one.kwargs) for one in routes)
    runner = web.AppRunner(application, shutdown_timeout=2)
    await runner.setup()
    server, listening = cast(web.Server, runner.server), None
    try:
        try:
            listening = await asyncio.get_running_loop().create_server(lambda: Connection(guard, server), host, port)
        except OSError as error:
            raise AddressTaken(_reason(error, host, port)) from error
        yield listening.sockets[0].getsockname()[1]
    finally:
        if listening is not None:
            listening.close()
        await runner.cleanup()


async def _send_no_100(_: web.Request) -> None:
    """Answer `Expect: 100-continue` with nothing, so that no body is requested before the handler has checked the
    request. Such a client sends its body after a moment anyway (RFC 9110, 10.1.1).
    """


_WITHOUT_100: dict[str, Any] = {"expect_handler": _send_no_100}


def _reason(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is taken: stop the other program, or set PORT to a free one (0 picks one)"
    if error.errno == errno.EACCES:
        return f"the bot has no permission to listen on port {port}: set PORT to a number above 1023"
    return f"cannot listen on {host}:{port} ({error.strerror or error}): set HOST to an address of this machine"
