"""Builds all parts of the bot from its settings: the only composition root. Building starts nothing."""

import logging
import random
from collections.abc import Callable, Mapping
from functools import partial
from math import inf
from typing import Any, Final, final

from bot.adapters.playground.adapter import PlaygroundAdapter
from bot.config import Settings
from bot.content.files import quoted
from bot.content.live_content import LiveContent
from bot.core.errors import StoreError
from bot.core.model import Notice, Place
from bot.core.ports import Platform
from bot.core.sealed_catalog import SealedCatalog
from bot.features.access import Access
from bot.features.answers import Handler, Responder
from bot.features.change_log import ChangeLog
from bot.features.communities import KnownCommunities
from bot.features.diagnosis import Diagnosis
from bot.features.forums import Forums
from bot.features.pins import ChannelLocks, EditIntervals, PinCommands, PinRefresh, fingerprint
from bot.features.settings_command import SettingsCommand
from bot.features.settings_transfer import SettingsTransfer
from bot.features.statistics import Statistics
from bot.features.welcomes.greeter import Greeter
from bot.features.welcomes.welcome_command import WelcomeCommand
from bot.pictures.gallery import Gallery
from bot.runtime.clock import Clock
from bot.runtime.content_setup import matcher_of, page_values, settings_document
from bot.runtime.maintenance import Maintenance
from bot.runtime.telemetry import Metrics, counting
from bot.store.question_log import QuestionLog
from bot.store.store import Store

_log = logging.getLogger(__name__)

_LIFETIME: Final = 60.0  # seconds that settings stay cached at most, when other processes may change them


@final
class Container:
    """The parts of one bot process.

    `platforms` maps names to adapters: the playground's, and those that `Adapters` adds later. `paces` limit how fast
    pins are edited, by platform.
    """

    def __init__(
        self,
        settings: Settings,
        content: LiveContent,
        store: Store,
        *,
        metrics: Metrics,
        paces: Mapping[str, EditIntervals],
        clock: Clock,
    ) -> None:
        self.settings, self.content, self.store = settings, content, store
        self.metrics, self.clock = metrics, clock
        lifetime = _lifetime if store.shared else lambda: inf
        self.communities = KnownCommunities(store.communities, clock.seconds, clock.today, _log_error, lifetime)
        self._statistics = Statistics(
            store.counts, counting(metrics.replies), counting(metrics.ratings), clock.today, clock.seconds
        )
        self._matcher = matcher_of(lambda: content.edition.catalog, settings.folders[0])
        self.pictures, self._channel_locks = Gallery(), ChannelLocks()
        self.responder = Responder(
            self._edition,
            self.communities.of,
            self._matcher,
            page_values,
            access=Access(clock.seconds),
            counted=self._statistics.count,
            rate=self._statistics.rate,
            on_store_error=_log_error,
            unanswered=QuestionLog(settings.question_log).note if settings.question_log else None,
        )
        self.forums = Forums(
            self._edition, self.communities, self.responder.questions, self._statistics.count, clock.seconds
        )
        self.platforms: dict[str, Platform] = {}
        self.refresh = self._pin_refresh(paces)
        self.greeter = self._greeter(clock.seconds, clock.sleep, now=clock.past, counted=counting(metrics.greetings))
        self.playground = self._add_playground() if settings.serves_playground else None
        self._learn_commands()
        self.maintenance = self._maintenance()

    def _maintenance(self) -> Maintenance:
        known, clock = self.communities, self.clock
        return Maintenance(
            self.store.counts,
            known.forget_left,
            clock.trusted_day,
            clock.sleep,
            _log_error,
            recheck=known.recheck,
            keep=self.content.keep,
        )

    def warm(self) -> None:
        """Load the models and language names in advance, so that no user waits for them. Blocks for 0.6 s."""
        self._matcher.warm()
        self._edition().catalog.language_names()

    def _edition(self) -> SealedCatalog:
        return self.content.edition

    def _learn_commands(self) -> None:
        """Register the handlers of the moderators' commands."""
        pins = PinCommands(
            content=self._edition,
            records=self.store.pins,
            communities=self.communities,
            platforms=self.platforms,
            locks=self._channel_locks,
            now=self.clock.moment,
            wake=self.refresh.wake,
        )
        moderation = SettingsCommand(
            self._edition, self.communities, self.clock.moment, self.greeter.posting.problem, self.platforms
        )
        welcome = WelcomeCommand(self.communities, self.greeter, self.clock.past, self._matcher.why_line_refused)
        file = SettingsTransfer(self.communities, self.platforms, moderation, welcome, settings_document)
        log = ChangeLog(self._edition, self.communities, self.platforms, self._matcher.why_name_hidden)
        problems = (self._store_problem, self.greeter.posting.problem, log.problem)
        diagnosis = Diagnosis(
            self.store.pins, lambda: self.content.stale, lambda at: tuple(one for of in problems for one in of(at))
        )
        handlers: dict[str, Handler] = {
            "pin": pins.pin,
            "post": pins.post,
            "unpin": pins.unpin,
            "pins": pins.pins,
            "welcome": welcome.welcome,
            "settings": file.settings,
            "privacy": moderation.privacy,
            "stats": self._statistics.stats,
            "diagnose": diagnosis.diagnose,
            "log": log.log,
        }
        for command, handler in handlers.items():
            self.responder.learn(command, log.announcing(handler))

    def _store_problem(self, _: Place) -> tuple[Notice, ...]:
        """A problem for /diagnose if the last write to the database failed."""
        return (Notice("storage-problem"),) if self.store.database.failing else ()

    def _pin_refresh(self, paces: Mapping[str, EditIntervals]) -> PinRefresh:
        refresh = PinRefresh(
            content=self._edition,
            records=self.store.pins,
            communities=self.communities,
            platforms=self.platforms,
            locks=self._channel_locks,
            newest=self._newest,
            clock=self.clock.seconds,
            sleep=self.clock.sleep,
            paces=paces,
            counted=counting(self.metrics.pins),
        )
        self.content.listen(refresh.content_changed)
        self.communities.listen(refresh.community_changed)
        return refresh

    async def _newest(self, content: SealedCatalog) -> bool:
        """Whether this content is the newest that any process uses."""
        return await self.store.editions.leads(fingerprint(content), self.clock.moment())

    def _greeter(self, clock: Callable[[], float], sleep: Callable[[float], Any], **more: Any) -> Greeter:
        fault = self._matcher.why_name_hidden
        return Greeter(self._edition, self.communities, self.platforms, fault, clock=clock, sleep=sleep, **more)

    def _add_playground(self) -> PlaygroundAdapter:
        """Build the playground. It has its own clock and greeter, because simulated joins are greeted sooner."""
        playground = PlaygroundAdapter(
            self.responder,
            self.content,
            [*map(str, self.settings.folders)],
            match=self.responder.questions.look_up,
            quote=partial(quoted, self.settings.folders),
            pictures=self.pictures,
            ratings=self._statistics.ratings,
            titles=self.forums.on_post,
        )
        self.platforms[playground.name] = playground
        self.content.watch_problems(playground.changed)
        playground.greet(self._greeter(playground.clock.now, playground.clock.sleep, now=self.clock.moment).joined)
        return playground


def _lifetime() -> float:
    """A random cache lifetime, so that settings that were read together do not all expire together."""
    return random.uniform(_LIFETIME / 2, _LIFETIME)


def _log_error(error: StoreError) -> None:
    _log.error("%s", error)
