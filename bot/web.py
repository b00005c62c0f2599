"""The one HTTP server: health, readiness, metrics, and the routes that others hand in."""

import contextlib
import errno
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

_LARGEST_BODY = 1 << 20  # bytes; what asks for less says so itself

Probe = Callable[[], Awaitable[Mapping[str, Any]]]
"""The state of the process; `ready` tells whether everything that was asked for is served. Must not take long."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


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


@contextlib.asynccontextmanager
async def serving(routes: Iterable[web.AbstractRouteDef], host: str, port: int) -> AsyncIterator[int]:
    """Serve the routes while the context lasts; gives the port, which the system chooses for port 0.

    Raises:
        AddressTaken: another program has the port, or the address is not this machine's.
    """
    application = web.Application(client_max_size=_LARGEST_BODY)
    application.add_routes(routes)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=2)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as error:
            raise AddressTaken(_reason(error, host, port)) from error
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


def _reason(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is taken: stop the other program, or set PORT to a free one (0 picks one)"
    if error.errno == errno.EACCES:
        return f"port {port} needs more rights than the bot has: set PORT to one above 1023"
    return f"cannot listen on {host}:{port} ({error.strerror or error}): set HOST to an address of this machine"
