"""What one process is made of, and who answers which command. Its law: everything is built here once, from arguments,
and nothing is begun.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import Any, Final, final

from bot.adapters.playground.adapter import PlaygroundAdapter
from bot.config import Settings
from bot.content.live_content import LiveContent
from bot.core.errors import StoreError
from bot.core.greeting_line import fault_in_name
from bot.core.leases import Leases
from bot.core.ports import Platform
from bot.core.sealed_catalog import SealedCatalog
from bot.features.access import Access
from bot.features.answers import Handler, Responder
from bot.features.communities import KnownCommunities
from bot.features.community_events import CommunityLifecycle
from bot.features.diagnosis import Diagnosis
from bot.features.moderation import Moderation
from bot.features.pins import Figures, PinCommands, PinRefresh, Precedence, Turns
from bot.features.statistics import Tally
from bot.features.welcomes.greeter import Greeter
from bot.features.welcomes.welcome_command import WelcomeCommand
from bot.pictures.gallery import Gallery
from bot.runtime.app import FACES, FirstAsked, facts_of, matcher_of, quoting
from bot.runtime.clock import MACHINE, Clock
from bot.runtime.leased import Duty
from bot.runtime.maintenance import Maintenance
from bot.runtime.platforms import SILENCE, Connected, Connections, offering
from bot.runtime.telemetry import Metrics
from bot.store.question_log import QuestionLog
from bot.store.store import Store

_log = logging.getLogger(__name__)

LOCAL: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_WARM = 3.0  # seconds after the start
_FRESH = 60.0  # seconds until a setting that another process changed is seen


@final
class Container:
    """Everything of a process that has a store, its leases and an open shelf. `paces` tells by platform how fast pins
    may be edited. `connected` is what is to be kept running, `playground` None where it is not served.
    """

    def __init__(
        self,
        settings: Settings,
        shelf: LiveContent,
        store: Store,
        *,
        leases: Leases,
        metrics: Metrics,
        paces: Mapping[str, Figures],
        clock: Clock = MACHINE,
        silence: float = SILENCE,
    ) -> None:
        self._clock, self._silence = clock, silence
        self.settings, self._shelf, self._store, self._leases, self._metrics = settings, shelf, store, leases, metrics
        self.communities = KnownCommunities(store.settings, store, clock.seconds, _trouble, fresh=_FRESH)
        self._tally = Tally(store.counts, metrics, clock.today)
        self._matcher = FirstAsked(lambda: matcher_of(lambda: shelf.edition.catalog))
        self.responder = self._responder()
        self.platforms: dict[str, Platform] = {}
        self._turns, self._pictures = Turns(), Gallery()
        self.refresh = self._refresh(paces)
        self.welcomes = Greeter(
            self._edition,
            self.communities,
            self.platforms,
            clock=clock.seconds,
            sleep=clock.sleep,
            now=clock.past,
            counted=metrics.greeting_done,
            fault_in_name=_fault_in_name,
        )
        self.connected = self._connect()
        self.playground = self._playground() if settings.serves_playground else None
        for command, handler in self._handlers().items():
            self.responder.learn(command, handler)

    def jobs(self) -> dict[str, Callable[[], Coroutine[Any, Any, object]]]:
        """By name what is done beside the platforms, and has no end."""
        wiping = Duty(self._leases, "upkeep")
        self._metrics.leases.labels("upkeep").set_function(lambda: wiping.mine)
        upkeep = Maintenance(
            self._store.counts,
            self.communities,
            self._clock.believed,
            self._clock.sleep,
            _trouble,
            mine=lambda: wiping.mine,
        )
        jobs: dict[str, Callable[[], Coroutine[Any, Any, object]]] = {
            "upkeep": upkeep.run,
            "the lease on upkeep": wiping.run,
        }
        if self.playground:
            jobs["the playground's pins"] = partial(self.refresh.keep, self.playground.name)
        return jobs

    async def warm(self) -> None:
        """Load what reads questions, once commands are answered: .2 s in a thread. An earlier question loads it."""
        await self._clock.sleep(_WARM)
        await asyncio.to_thread(self._matcher.warm)

    def _edition(self) -> SealedCatalog:
        return self._shelf.edition

    def _responder(self) -> Responder:
        kept = self.settings.question_log
        return Responder(
            self._edition,
            self.communities,
            self._matcher,
            facts_of,
            gate=Access(self._clock.seconds),
            counted=self._tally.count,
            trouble=_trouble,
            unanswered=QuestionLog(kept).note if kept else None,
        )

    def _handlers(self) -> dict[str, Handler]:
        """Who answers the moderators' commands."""
        pins = PinCommands(self._edition, self._store.pins, self.communities, self.platforms, self._turns)
        moderation = Moderation(self._edition, self.communities)
        greetings = WelcomeCommand(self.communities, self.welcomes, self._clock.past, self._matcher.fault_in_line)
        diagnosis = Diagnosis(self._store.pins, lambda: self._shelf.stale)
        return {
            "pin": pins.pin,
            "unpin": pins.unpin,
            "pins": pins.pins,
            "welcome": greetings.welcome,
            "settings": moderation.settings,
            "privacy": moderation.privacy,
            "stats": self._tally.stats,
            "diagnose": diagnosis.diagnose,
        }

    def _refresh(self, paces: Mapping[str, Figures]) -> PinRefresh:
        """What keeps the living pins up to date when the content or a community's choice changes."""
        refresh = PinRefresh(
            edition=self._edition,
            records=self._store.pins,
            homes=self.communities,
            platforms=self.platforms,
            turns=self._turns,
            newest=Precedence(self._store.editions, self._clock.moment).newest,
            clock=self._clock.seconds,
            sleep=self._clock.sleep,
            paces=paces,
            counted=self._metrics.pin_done,
        )
        self._shelf.listen(refresh.renewed)
        self.communities.listen(refresh.wake)
        return refresh

    def _connect(self) -> Connected:
        """The platforms that have a token."""
        connections = Connections(
            self.settings,
            self._metrics,
            self._leases,
            self.responder,
            self._store.offers,
            comings=CommunityLifecycle(self.communities, self._clock.today, _trouble),
            newcomers=self.welcomes,
            along=self.refresh.keep,
            clock=self._clock,
            silence=self._silence,
            pictures=self._pictures,
        )
        connected = connections.made()
        for platform in connected.platforms.values():
            self._shelf.listen(offering(platform))
        self.platforms |= connected.platforms
        return connected

    def _playground(self) -> PlaygroundAdapter:
        """The local page, whose newcomers are greeted by its own clock."""
        hosts = LOCAL | {self.settings.host, *(self.settings.allowed_hosts or ())}
        playground = PlaygroundAdapter(
            self.responder,
            FACES,
            self._shelf,
            hosts,
            match=lambda text: self.responder.questions.match(text, object()),
            quote=quoting(self.settings.responses_dir),
            pictures=self._pictures,
        )
        self.platforms[playground.name] = playground
        self._shelf.watch_problems(playground.changed)
        clock = playground.clock
        welcomes = Greeter(
            self._edition,
            self.communities,
            self.platforms,
            clock=clock.now,
            sleep=clock.sleep,
            fault_in_name=_fault_in_name,
        )
        playground.greet(welcomes.joined)
        return playground


async def _fault_in_name(name: str) -> str | None:
    return await asyncio.to_thread(fault_in_name, name)


def _trouble(error: StoreError) -> None:
    _log.error("%s", error)
