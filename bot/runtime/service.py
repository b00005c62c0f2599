"""The running bot: content, store, platforms and web server in one process. Its law: it starts whole or says in a
line why not, and leaves in order within ten seconds.
"""

import asyncio
import gc
import logging
import signal
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from itertools import starmap
from typing import final
from urllib.parse import urlsplit

from aiohttp import web

from bot import VERSION
from bot.adapters.playground.requests import COMMUNITY
from bot.adapters.telegram.adapter import TelegramAdapter
from bot.config import Settings
from bot.content.watch import changes
from bot.features.pins import PACES, Figures
from bot.features.welcomes.greeter import Greeter
from bot.runtime.app import require_language, shelf_of
from bot.runtime.clock import MACHINE, Clock
from bot.runtime.container import LOCAL, Container
from bot.runtime.health import Health, Sources
from bot.runtime.http_server import probes, serving
from bot.runtime.leased import logged
from bot.runtime.platforms import SILENCE, supervisor_of
from bot.runtime.telemetry import Metrics, pulse
from bot.store.leases import open_leases
from bot.store.store import Store, open_store
from bot.store.url import address, described

_log = logging.getLogger(__name__)

_LEAVE = 6.0  # seconds the platforms get to leave; store and web server take the rest of the ten
_FAREWELL = 2.0  # seconds that greeting those who wait gets before that


@final
class Service:
    """One process of the bot. `stop` ends `run`. `paces` tells by platform how fast pins may be edited, `silence`
    after how many seconds without a word from Discord its connection is made anew; `stays` is called when much was
    made that stays.
    """

    def __init__(
        self,
        settings: Settings,
        paces: Mapping[str, Figures] = PACES,
        clock: Clock = MACHINE,
        silence: float = SILENCE,
        *,
        stays: Callable[[], None] = lambda: None,
    ) -> None:
        self._paces, self._clock, self._silence = paces, clock, silence
        self.settings = settings
        self.metrics = Metrics()
        self.supervisor = supervisor_of(self.metrics, clock)
        self.port: int | None = None
        self._shelf = shelf_of(settings, kept=True, stays=stays)
        self._stop = asyncio.Event()

    def stop(self) -> None:
        """Leave, in order."""
        self._stop.set()

    async def run(self) -> None:
        """Serve until `stop`.

        Raises:
            ConfigError, ContentError, StoreError, AddressTaken: it cannot start.
        """
        self._shelf.open()
        require_language(self.settings, self._shelf)
        self.metrics.problems.set_function(lambda: len(self._shelf.problems))
        self._shelf.watch_problems(lambda: self.metrics.content_read(taken=not self._shelf.stale))
        database = self.settings.database_url
        url = address(database.get_secret_value() if database else None, self.settings.data_dir)
        _log.info("storage: %s", described(url))
        async with AsyncExitStack() as stack:
            opening = open_store(url, heard=self.metrics.store_failed, running_since=self._clock.wall())
            store = await stack.enter_async_context(opening)
            leases = await stack.enter_async_context(open_leases(url, self._clock.sleep))
            parts = Container(
                self.settings,
                self._shelf,
                store,
                leases=leases,
                metrics=self.metrics,
                paces=self._paces,
                clock=self._clock,
                silence=self._silence,
            )
            health = self._health(parts, store)
            self.port = await stack.enter_async_context(
                serving(self._routes(parts, health), self.settings.host, self.settings.port)
            )
            if parts.playground:
                stack.callback(parts.playground.close)  # its streams end before the server waits for them
                await parts.communities.forget(COMMUNITY)  # its messages went with the process before
            self._announce()
            await self._work(parts, health)

    async def _work(self, parts: Container, health: Health) -> None:
        """Keep everything going until told to stop, then end it."""
        clock, lag = self._clock, self.metrics.lag.observe
        beside = parts.jobs() | {
            "the watch on the content": lambda: self._shelf.watch(changes(self.settings.responses_dir, asyncio.sleep)),
            "the watch on the bot's health": health.keep,
            "the event loop's pulse": lambda: pulse(lag, clock.seconds, clock.sleep),
        }
        served = map(self.supervisor.keep, parts.connected.runs)
        lasting = starmap(self.supervisor.last, beside.items())
        tasks = [*map(logged, [*served, *lasting, parts.warm()])]
        try:
            await self._stop.wait()
            _log.info("stopping")
            await _greeted(parts.welcomes)
        finally:  # before the store is closed, whyever it is
            for task in tasks:
                task.cancel()
            _, left = await asyncio.wait(tasks, timeout=_LEAVE)
            if left:
                _log.warning("%d task(s) did not leave in %.0f s", len(left), _LEAVE)

    def _routes(self, parts: Container, health: Health) -> list[web.RouteDef]:
        """Everything that is answered over HTTP."""
        routes = probes(health.state, self.metrics.registry, (*(self.settings.allowed_hosts or ()), self.settings.host))
        if self.settings.webhook_url and isinstance(telegram := parts.platforms.get("telegram"), TelegramAdapter):
            routes.append(_webhook_route(telegram, urlsplit(self.settings.webhook_url).path or "/"))
        return routes + (parts.playground.routes() if parts.playground else [])

    def _health(self, parts: Container, store: Store) -> Health:
        """Who tells how the process is."""
        sources = Sources(
            tuple(self.settings.tokens), self.supervisor.watches, parts.connected.troubles, store.ping, self._shelf
        )
        clock = self._clock
        return Health(sources, self.metrics, seconds=clock.seconds, wall=clock.wall, sleep=clock.sleep)

    def _announce(self) -> None:
        settings, revision = self.settings, self._shelf.edition.catalog.revision
        _log.info("version %s, content %s, listening on port %d", VERSION, revision, self.port)
        if settings.serves_playground:
            _log.info("the playground is at %s", settings.page(self.port or 0))
            if (urlsplit(settings.public_url).hostname if settings.public_url else settings.host) not in LOCAL:
                _log.warning("the playground asks for no password: whoever reaches it over the network can use it")
        if not settings.tokens:
            _log.info("no token is set, so no platform is connected; .env.example says how")


async def _greeted(welcomes: Greeter) -> None:
    """Greet those who wait, as long as the platforms are still connected."""
    try:
        await asyncio.wait_for(welcomes.close(), _FAREWELL)
    except TimeoutError:
        _log.warning("not everybody who waited was greeted in %.0f s", _FAREWELL)


def _webhook_route(telegram: TelegramAdapter, path: str) -> web.RouteDef:
    async def take(request: web.Request) -> web.Response:
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        if refused := telegram.refusal(secret):
            return web.Response(status=refused)
        return web.Response(status=await telegram.handle(await request.read(), secret))

    return web.post(path, take)


async def serve(settings: Settings) -> None:
    """Run a service until SIGINT or SIGTERM."""
    service = Service(settings, stays=gc.freeze)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, service.stop)
        except NotImplementedError:  # on Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(service.stop))
    await service.run()
