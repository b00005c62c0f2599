"""The running bot: content, store, platforms and web server in one process. Its law: it starts whole or says in a
line why not, and leaves in order within ten seconds.
"""

import asyncio
import logging
import signal
import time
from collections.abc import Coroutine, Mapping
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime
from typing import Any, final
from urllib.parse import urlsplit

from aiohttp import web

from bot import VERSION
from bot.adapters.playground.adapter import PlaygroundAdapter
from bot.adapters.playground.read import COMMUNITY
from bot.adapters.telegram.adapter import TelegramAdapter
from bot.adapters.telegram.webhook import LARGEST
from bot.app import FACES, facts_of, matcher_of, shelf_of
from bot.communities import KnownCommunities
from bot.config import Settings
from bot.content.watch import changes
from bot.core.errors import StoreError
from bot.core.ports import Platform
from bot.diagnosis import Diagnosis
from bot.doors import Doors
from bot.gate import Gate
from bot.greetings import Greetings
from bot.held import Duty
from bot.matching.matcher import Matcher
from bot.moderation import Moderation
from bot.pins import PACES, Figures, PinCommands, PinRefresh, Precedence, Turns
from bot.platforms import Connections, offering, supervisor_of
from bot.responder import Responder
from bot.statistics import Tally
from bot.store.address import address
from bot.store.leases import open_leases
from bot.store.store import Store, open_store
from bot.telemetry import Metrics
from bot.upkeep import Upkeep
from bot.web import probes, serving
from bot.welcomes import Welcomes

_log = logging.getLogger(__name__)

_LEAVE = 6.0  # seconds the platforms get to leave; store and web server take the rest of the ten
_FAREWELL = 2.0  # seconds that greeting those who wait gets before that
_FRESH = 60.0  # seconds until a setting that another process changed is seen
_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


@final
class Service:
    """One process of the bot. `stop` ends `run`. `paces` tells by platform how fast pins may be edited."""

    def __init__(self, settings: Settings, paces: Mapping[str, Figures] = PACES) -> None:
        self._paces = paces
        self.settings = settings
        self.metrics = Metrics()
        self.supervisor = supervisor_of(self.metrics)
        self.port: int | None = None
        self._shelf = shelf_of(settings, kept=True)
        self._stop = asyncio.Event()

    def stop(self) -> None:
        """Leave, in order."""
        self._stop.set()

    async def run(self) -> None:
        """Serve until `stop`.

        Raises:
            ContentError, StoreError, AddressTaken: it cannot start.
        """
        self._shelf.open()
        self.metrics.problems.set_function(lambda: len(self._shelf.problems))
        database = self.settings.database_url
        url = address(database.get_secret_value() if database else None, self.settings.data_dir)
        async with AsyncExitStack() as stack:
            store = await stack.enter_async_context(open_store(url))
            communities = KnownCommunities(store.settings, store, time.monotonic, self._trouble, fresh=_FRESH)
            tally = Tally(store.counts, self.metrics, _today)
            matcher = matcher_of(self._shelf)
            responder = Responder(
                lambda: self._shelf.edition,
                communities,
                matcher,
                facts_of,
                gate=Gate(time.monotonic),
                counted=tally.count,
                trouble=self._trouble,
            )
            moderation = Moderation(lambda: self._shelf.edition, communities)
            responder.learn("settings", moderation.settings)
            responder.learn("privacy", moderation.privacy)
            responder.learn("stats", tally.stats)
            diagnosis = Diagnosis(store.pins, lambda: self._shelf.stale)
            responder.learn("diagnose", diagnosis.diagnose)
            platforms: dict[str, Platform] = {}  # they tell of newcomers, and newcomers are greeted on them
            welcomes = self._welcomes(responder, communities, platforms)
            leases = await stack.enter_async_context(open_leases(url, asyncio.sleep))
            connections = Connections(
                self.settings,
                self.metrics,
                leases,
                responder,
                store.offers,
                comings=Doors(communities, _today, self._trouble),
                newcomers=welcomes,
                along=lambda name: refresh.keep(name),  # noqa: PLW0108 - it is made further down
            )
            connected, runs = connections.made()
            platforms |= connected
            for platform in connected.values():
                self._shelf.listen(offering(platform))
            playground = self._playground(responder, matcher, stack)
            if playground:  # its messages went with the process before, and its ids begin anew
                await communities.forget(COMMUNITY)
            self._greet(playground, communities)
            refresh = self._pins(responder, store, communities, platforms | playground)
            routes = self._routes(platforms, playground)
            self.port = await stack.enter_async_context(serving(routes, self.settings.host, self.settings.port))
            self._announce()
            wiping = Duty(leases, "upkeep")
            upkeep = Upkeep(store.counts, communities, _today, asyncio.sleep, self._trouble, mine=lambda: wiping.mine)
            warming = asyncio.to_thread(lambda: matcher.engine)  # loading takes .1 s, more than the loop may be held
            jobs = [upkeep.run(), wiping.run(), warming, *map(refresh.keep, playground)]
            await self._work(welcomes, *map(self.supervisor.keep, runs), *jobs)

    def _welcomes(
        self, responder: Responder, communities: KnownCommunities, platforms: Mapping[str, Platform]
    ) -> Welcomes:
        """Teach `/welcome`; returns who greets."""
        welcomes = Welcomes(lambda: self._shelf.edition, communities, platforms)
        greetings = Greetings(lambda: self._shelf.edition, communities, welcomes, lambda: datetime.now(UTC))
        responder.learn("welcome", greetings.welcome)
        return welcomes

    def _greet(self, playgrounds: Mapping[str, PlaygroundAdapter], communities: KnownCommunities) -> None:
        """Greet the newcomers of the playground, by its own clock."""
        for playground in playgrounds.values():
            clock = playground.clock
            welcomes = Welcomes(
                lambda: self._shelf.edition, communities, playgrounds, clock=clock.now, sleep=clock.sleep
            )
            playground.greet(welcomes.joined)

    def _pins(
        self, responder: Responder, store: Store, communities: KnownCommunities, platforms: Mapping[str, Platform]
    ) -> PinRefresh:
        """Teach the commands of the living pins; returns what keeps those up to date."""
        turns, edition = Turns(), lambda: self._shelf.edition
        commands = PinCommands(edition, store.pins, communities, platforms, turns)
        for name, handler in {"pin": commands.pin, "unpin": commands.unpin, "pins": commands.pins}.items():
            responder.learn(name, handler)
        refresh = PinRefresh(
            edition=edition,
            records=store.pins,
            homes=communities,
            platforms=platforms,
            turns=turns,
            newest=Precedence(store.editions, lambda: datetime.now(UTC)).newest,
            clock=time.monotonic,
            sleep=asyncio.sleep,
            paces=self._paces,
        )
        self._shelf.listen(refresh.renewed)
        communities.listen(refresh.wake)
        return refresh

    async def _work(self, welcomes: Welcomes, *jobs: Coroutine[Any, Any, object]) -> None:
        """Keep everything going until told to stop, then end it."""
        watching = self._shelf.watch(changes(self.settings.responses_dir, asyncio.sleep))
        tasks = [asyncio.create_task(job) for job in (*jobs, watching)]
        await self._stop.wait()
        _log.info("stopping")
        await _greeted(welcomes)
        for task in tasks:
            task.cancel()
        done, left = await asyncio.wait(tasks, timeout=_LEAVE)
        for task in done:
            if not task.cancelled() and (error := task.exception()):
                _log.error("a task had ended with %s", type(error).__name__, exc_info=error)
        if left:
            _log.warning("%d task(s) did not leave in %.0f s", len(left), _LEAVE)

    def _playground(
        self, responder: Responder, matcher: Matcher, stack: AsyncExitStack
    ) -> dict[str, PlaygroundAdapter]:
        """The playground, if it is served."""
        if not self.settings.serves_playground:
            return {}
        playground = PlaygroundAdapter(
            responder, FACES, self._shelf, _LOCAL | {self.settings.host}, match=matcher.match
        )
        stack.callback(playground.close)
        self._shelf.watch_problems(playground.changed)
        return {playground.name: playground}

    def _routes(
        self, platforms: Mapping[str, Platform], playgrounds: Mapping[str, PlaygroundAdapter]
    ) -> list[web.RouteDef]:
        """Everything that is answered over HTTP."""
        routes = probes(self.state, self.metrics.registry)
        if self.settings.webhook_url and isinstance(telegram := platforms.get("telegram"), TelegramAdapter):
            routes.append(_webhook_route(telegram, urlsplit(self.settings.webhook_url).path or "/"))
        for playground in playgrounds.values():
            routes += playground.routes()
        return routes

    def state(self) -> dict[str, Any]:
        """How the process is: for /healthz and /readyz."""
        watches = self.supervisor.watches
        platforms = {
            name: {"ready": watch.ready, "state": watch.told, "reason": watch.reason} for name, watch in watches.items()
        }
        return {
            "ready": len(watches) == len(self.settings.tokens)
            and all(watch.ready or watch.standby for watch in watches.values()),
            "version": VERSION,
            "platforms": platforms,
            "content": {
                "revision": self._shelf.edition.catalog.revision,
                "last_good_version": self._shelf.stale,
                "problems": [str(problem) for problem in self._shelf.problems],
            },
        }

    def _trouble(self, error: StoreError) -> None:
        _log.error("%s", error)

    def _announce(self) -> None:
        settings = self.settings
        shown = f"[{settings.host}]" if ":" in settings.host else settings.host
        _log.info(
            "version %s, content %s, listening on port %d", VERSION, self._shelf.edition.catalog.revision, self.port
        )
        if settings.serves_playground:
            _log.info("the playground is at http://%s:%d/", shown, self.port)
            if settings.host not in _LOCAL:
                _log.warning("the playground is open to the network: whoever reaches %s can use it", settings.host)
        if not settings.tokens:
            _log.info("no token is set, so no platform is connected; .env.example says how")


def _today() -> date:
    return datetime.now(UTC).date()


async def _greeted(welcomes: Welcomes) -> None:
    """Greet those who wait, as long as the platforms are still connected."""
    try:
        await asyncio.wait_for(welcomes.close(), _FAREWELL)
    except TimeoutError:
        _log.warning("not everybody who waited was greeted in %.0f s", _FAREWELL)


def _webhook_route(telegram: TelegramAdapter, path: str) -> web.RouteDef:
    async def take(request: web.Request) -> web.Response:
        if (request.content_length or 0) > LARGEST:
            return web.Response(status=413)
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        return web.Response(status=await telegram.handle(await request.read(), secret))

    return web.post(path, take)


async def serve(settings: Settings) -> None:
    """Run a service until SIGINT or SIGTERM."""
    service = Service(settings)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, service.stop)
    await service.run()
