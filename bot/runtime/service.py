"""Runs the bot: content, store, platforms and web server in one process.

It starts completely or says in a line why not, and ends in order within ten seconds.
"""

import asyncio
import gc
import logging
import random
import signal
from collections.abc import Callable, Coroutine, Iterable, Mapping
from contextlib import AsyncExitStack
from functools import partial
from itertools import starmap
from typing import Any, final
from urllib.parse import urlsplit

from aiohttp import web

from bot import version
from bot.adapters.playground.requests import COMMUNITY
from bot.adapters.telegram.adapter import TelegramAdapter
from bot.config import Settings
from bot.content.live_content import LiveContent
from bot.content.watch import changes
from bot.core.catalog import Catalog
from bot.core.model import TELEGRAM
from bot.features.pins import PACES, EditIntervals
from bot.features.welcomes.greeter import Greeter
from bot.runtime.adapters import SILENCE, Adapters
from bot.runtime.clock import MACHINE, Clock
from bot.runtime.container import Container
from bot.runtime.content import open_content, read_content
from bot.runtime.health import Health
from bot.runtime.http_guard import check_host
from bot.runtime.http_server import probes, serving
from bot.runtime.supervisor import Runs, Supervisor
from bot.runtime.tasks import start_task
from bot.runtime.telemetry import Metrics, pulse
from bot.store.leases import open_leases
from bot.store.store import open_store
from bot.store.url import address, described

_log = logging.getLogger(__name__)

_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
_LEAVE = 6.0  # seconds the platforms get to leave; store and web server take the rest of the ten
_FAREWELL = 2.0  # seconds before that to greet those who wait
_WARM = 3.0  # seconds after the start


@final
class Service:
    """One process of the bot: `run` serves until `stop`. See `Container` for `paces`, `Adapters` for `silence` and
    `open_content` for `read`.
    """

    content: LiveContent
    """Set when `run` has read it, before it listens."""

    def __init__(
        self,
        settings: Settings,
        paces: Mapping[str, EditIntervals] = PACES,
        clock: Clock = MACHINE,
        silence: float = SILENCE,
        read: Callable[..., Catalog] = read_content,
    ) -> None:
        self._settings, self._paces, self._clock, self._silence = settings, paces, clock, silence
        self._read = read
        self.metrics = Metrics()
        self.supervisor = Supervisor(self.metrics, clock.seconds, clock.sleep, lambda: random.uniform(0.5, 1.0))
        self.port: int | None = None
        self._hook = (urlsplit(settings.webhook_url).path or "/") if settings.webhook_url else None
        self._stop = asyncio.Event()

    def stop(self) -> None:
        """Make `run` end in order."""
        self._stop.set()

    async def run(self) -> None:
        """Serve until `stop`.

        Raises:
            ConfigError, ContentError, StoreError, AddressTaken: it cannot start.
        """
        settings, content = self._settings, self._open_content()
        url = address(*settings.storage)
        _log.info("storage: %s", described(url))
        async with AsyncExitStack() as stack:
            opening = open_store(url, on_error=self.metrics.store_failed, running_since=self._clock.wall())
            store = await stack.enter_async_context(opening)
            leases = await stack.enter_async_context(open_leases(url, self._clock.sleep))
            parts = Container(settings, content, store, metrics=self.metrics, paces=self._paces, clock=self._clock)
            adapters = Adapters(parts, leases, self.supervisor, self._silence)
            watches, ping = self.supervisor.watches, store.ping
            health = Health(adapters.troubles, watches, ping, content, metrics=self.metrics, clock=self._clock)
            hosts = check_host((*(settings.allowed_hosts or ()), settings.host), self._hook)
            serve = serving(self._routes(parts, health), settings.host, settings.port, hosts)
            self.port = await stack.enter_async_context(serve)
            if parts.playground:
                stack.callback(parts.playground.close)  # its streams end before the server waits for them
                await parts.communities.forget(COMMUNITY)  # its messages went with the process before
            self._announce()
            await self._work(parts, adapters.runs, health)

    def _open_content(self) -> LiveContent:
        content = self.content = open_content(self._settings, keep=True, read=self._read)
        self.metrics.problems.set_function(lambda: len(content.problems))
        content.watch_problems(lambda: self.metrics.readings.labels("refused" if content.stale else "taken").inc())
        return content

    async def _work(self, parts: Container, platforms: Iterable[Runs], health: Health) -> None:
        """Keep everything running until `stop`, then end it."""
        clock, lag = self._clock, self.metrics.lag.observe
        jobs: dict[str, Callable[[], Coroutine[Any, Any, object]]] = {
            "maintenance": parts.maintenance.run,
            "content watch": lambda: self.content.watch(changes(self._settings.folders, asyncio.sleep)),
            "health check": health.keep,
            "event loop lag": lambda: pulse(lag, clock.seconds, clock.sleep),
        }
        if parts.playground:
            jobs["pins on the playground"] = partial(parts.refresh.keep, parts.playground.name)
        served = map(self.supervisor.keep, platforms)
        tasks = [*map(start_task, [*served, *starmap(self.supervisor.run_job, jobs.items()), self._warm(parts)])]
        try:
            await self._stop.wait()
            _log.info("stopping")
            await _greeted(parts.greeter)
        finally:  # before the store is closed, for whatever reason
            for task in tasks:
                task.cancel()
            _, left = await asyncio.wait(tasks, timeout=_LEAVE)
            for task in left:
                task.cancel()  # discord.py may lose a cancellation while it connects
            if left:
                _, left = await asyncio.wait(left, timeout=1)
            if left:
                _log.warning("%d task(s) did not stop within %.0f s", len(left), _LEAVE)

    async def _warm(self, parts: Container) -> None:
        """Load what understands questions, once commands are answered. A question that comes before loads it too."""
        await self._clock.sleep(_WARM)
        await asyncio.to_thread(parts.warm)
        gc.freeze()  # what was built by now stays; looking through it would block the event loop for 50 ms

    def _routes(self, parts: Container, health: Health) -> list[web.RouteDef]:
        """Everything that is answered over HTTP."""
        routes = probes(health.state, self.metrics.registry)
        if self._hook and isinstance(telegram := parts.platforms.get(TELEGRAM), TelegramAdapter):
            routes.append(_webhook_route(telegram, self._hook))
        return routes + (parts.playground.routes() if parts.playground else [])

    def _announce(self) -> None:
        settings, revision = self._settings, self.content.edition.catalog.revision
        _log.info("version %s, content %s, listening on port %d", version(), revision, self.port)
        if settings.serves_playground:
            _log.info("the playground is at %s", settings.page(self.port or 0))
            if (urlsplit(settings.public_url).hostname if settings.public_url else settings.host) not in _LOCAL:
                _log.warning("the playground asks for no password: anybody who reaches it over the network can use it")
        if not settings.tokens:
            _log.info("no token is set, so no platform is connected; .env.example says how")


async def _greeted(greeter: Greeter) -> None:
    """Greet those who wait, while the platforms are still connected."""
    try:
        await asyncio.wait_for(greeter.close(), _FAREWELL)
    except TimeoutError:
        _log.warning("not everybody who waited was greeted in %.0f s", _FAREWELL)


def _webhook_route(telegram: TelegramAdapter, path: str) -> web.RouteDef:
    async def take(request: web.Request) -> web.Response:
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        return web.Response(status=await telegram.handle(secret, request.read))

    return web.post(path, take)


async def serve(settings: Settings) -> None:
    """Run a service until SIGINT or SIGTERM."""
    service = Service(settings)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, service.stop)
        except NotImplementedError:  # on Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(service.stop))
    await service.run()
