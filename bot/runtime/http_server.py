"""The HTTP server: health, readiness, metrics, and the routes of the adapters."""

import asyncio
import contextlib
import errno
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from typing import Any, Final, cast

from aiohttp import web
from aiohttp.typedefs import Middleware
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from bot.runtime.http_guard import Connection, Guard, Limits, limit_bodies

Probe = Callable[[], Awaitable[Mapping[str, Any]]]
"""The state of the process; `ready` says whether everything that was asked for is served. Must not take long."""

_LIMITS: Final = Limits()


class AddressTaken(OSError):
    """The server cannot listen on that address; the text says why and what to do."""


def probes(probe: Probe, registry: CollectorRegistry) -> list[web.RouteDef]:
    """`/healthz` (200 while the process lives), `/readyz` (200 when all is served, else 503), `/metrics`.

    The first two show the same state, so that the reason is in either.
    """

    async def healthz(_: web.Request) -> web.Response:
        return web.json_response(dict(await probe()))

    async def readyz(_: web.Request) -> web.Response:
        state = dict(await probe())
        return web.json_response(state, status=200 if state["ready"] else 503)

    async def metrics(_: web.Request) -> web.Response:
        await probe()  # sets the gauges
        return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics)]


@contextlib.asynccontextmanager
async def serving(
    routes: Iterable[web.RouteDef], host: str, port: int, *middlewares: Middleware, limits: Limits = _LIMITS
) -> AsyncIterator[int]:
    """Serve the routes within `limits` while the context lasts; gives the port, which the system chooses for port 0.

    Raises:
        AddressTaken: another program has the port, or the address is not this machine's.
    """
    guard = Guard(limits)
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


async def _sends_no_100(_: web.Request) -> None:
    """Do not ask for the body before the handler has looked at the request. A client that sends `Expect: 100-continue`
    sends its body after a moment anyway (RFC 9110, 10.1.1)."""


_WITHOUT_100: dict[str, Any] = {"expect_handler": _sends_no_100}


def _reason(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is taken: stop the other program, or set PORT to a free one (0 picks one)"
    if error.errno == errno.EACCES:
        return f"port {port} needs more rights than the bot has: set PORT to one above 1023"
    return f"cannot listen on {host}:{port} ({error.strerror or error}): set HOST to an address of this machine"
