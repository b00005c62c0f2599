"""Runs the bot: content, store, platforms and web server in one process.

The bot either starts completely or raises an error that says why not. It shuts down in order within ten seconds.
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
from bot.runtime.clock import MACHINE, Clock
from bot.runtime.container import Container
from bot.runtime.content_setup import open_content, read_content
from bot.runtime.health import Health
from bot.runtime.http_limits import check_host
from bot.runtime.http_server import probes, serving
from bot.runtime.platform_setup import SILENCE, PlatformSetup
from bot.runtime.supervisor import Supervised, Supervisor
from bot.runtime.tasks import start_task
from bot.runtime.telemetry import Metrics, measure_lag
from bot.store.leases import open_leases
from bot.store.store import open_store
from bot.store.url import address, described

_log = logging.getLogger(__name__)

_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
_LEAVE = 6.0  # seconds for the platforms to disconnect; the store and the web server have the rest of the ten seconds
_FAREWELL = 2.0  # seconds before that for greeting the newcomers who still wait
_WARM = 3.0  # seconds after the start until the models are loaded


@final
class Service:
    """One process of the bot. `run` serves until `stop` is called. `paces` is explained in `Container`, `silence` in
    `PlatformSetup` and `read` in `open_content`.
    """

    content: LiveContent
    """The content. Set by `run`, before the web server listens."""

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
        """Make `run` shut down and return."""
        self._stop.set()

    async def run(self) -> None:
        """Serve until `stop` is called.

        Raises:
            ConfigError, ContentError, StoreError, AddressTaken: the bot cannot start.
        """
        settings, content = self._settings, self._open_content()
        url = address(*settings.storage)
        _log.info("storage: %s", described(url))
        async with AsyncExitStack() as stack:
            opening = open_store(url, on_error=self.metrics.store_failed, running_since=self._clock.wall())
            store = await stack.enter_async_context(opening)
            leases = await stack.enter_async_context(open_leases(url, self._clock.sleep))
            parts = Container(settings, content, store, metrics=self.metrics, paces=self._paces, clock=self._clock)
            adapters = PlatformSetup(parts, leases, self.supervisor, self._silence)
            watches, ping = self.supervisor.watches, store.ping
            health = Health(adapters.troubles, watches, ping, content, metrics=self.metrics, clock=self._clock)
            hosts = check_host((*(settings.allowed_hosts or ()), settings.host), self._hook)
            serve = serving(self._routes(parts, health), settings.host, settings.port, hosts)
            self.port = await stack.enter_async_context(serve)
            if parts.playground:
                stack.callback(parts.playground.close)  # ends its event streams, which the server would wait for
                await parts.communities.forget(COMMUNITY)  # the playground starts empty
            self._announce()
            await self._work(parts, adapters.supervised, health)

    def _open_content(self) -> LiveContent:
        content = self.content = open_content(self._settings, keep=True, read=self._read)
        self.metrics.problems.set_function(lambda: len(content.problems))
        content.watch_problems(lambda: self.metrics.readings.labels("refused" if content.stale else "taken").inc())
        return content

    async def _work(self, parts: Container, platforms: Iterable[Supervised], health: Health) -> None:
        """Keep the platforms and background jobs running until `stop` is called, then end them."""
        clock, lag = self._clock, self.metrics.lag.observe
        jobs: dict[str, Callable[[], Coroutine[Any, Any, object]]] = {
            "maintenance": parts.maintenance.run,
            "content watch": lambda: self.content.watch(changes(self._settings.folders, asyncio.sleep)),
            "health check": health.keep,
            "event loop lag": lambda: measure_lag(lag, clock.seconds, clock.sleep),
        }
        if parts.playground:
            jobs["pins on the playground"] = partial(parts.refresh.keep, parts.playground.name)
        served = map(self.supervisor.keep, platforms)
        tasks = [*map(start_task, [*served, *starmap(self.supervisor.run_job, jobs.items()), self._warm(parts)])]
        try:
            await self._stop.wait()
            _log.info("stopping")
            await _greet_waiting(parts.greeter)
        finally:  # always end the tasks before the store is closed
            for task in tasks:
                task.cancel()
            _, left = await asyncio.wait(tasks, timeout=_LEAVE)
            for task in left:
                task.cancel()  # again: discord.py may lose a cancellation while it connects
            if left:
                _, left = await asyncio.wait(left, timeout=1)
            if left:
                _log.warning("%d task(s) did not stop within %.0f s", len(left), _LEAVE)

    async def _warm(self, parts: Container) -> None:
        """Load the models shortly after the start, when commands are answered already. An earlier question loads them
        too.
        """
        await self._clock.sleep(_WARM)
        await asyncio.to_thread(parts.warm)
        gc.freeze()  # these objects stay in use; each garbage collection of them would block the event loop for 50 ms

    def _routes(self, parts: Container, health: Health) -> list[web.RouteDef]:
        """The routes of the web server."""
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
                _log.warning("the playground has no password: everyone who can reach it over the network can use it")
        if not settings.tokens:
            _log.info("no token is set, so no platform is connected; .env.example says how")


async def _greet_waiting(greeter: Greeter) -> None:
    """Greet the newcomers who still wait, while the platforms are connected."""
    try:
        await asyncio.wait_for(greeter.close(), _FAREWELL)
    except TimeoutError:
        _log.warning("not all waiting newcomers were greeted within %.0f s", _FAREWELL)


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
