"""The platforms that have a token: their adapters, and who of the processes serves them. Its law: an adapter runs
while its lease is held, and never otherwise.
"""

import logging
import random
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final, final

from bot.adapters.discord import shards
from bot.adapters.discord.adapter import DiscordAdapter
from bot.adapters.discord.shard_count import size
from bot.adapters.discord.shards import Shard
from bot.adapters.telegram.adapter import TelegramAdapter
from bot.adapters.telegram.webhook import Webhook
from bot.config import Settings
from bot.core.errors import PlatformError, StoreError
from bot.core.faults import Fault
from bot.core.leases import Leases
from bot.core.model import DISCORD, TELEGRAM
from bot.core.ports import CommunityEvents, Newcomers, Offers, Pictures, Platform
from bot.core.sealed_catalog import SealedCatalog
from bot.features.answers import Responder
from bot.runtime.clock import Clock
from bot.runtime.discord_shards import DiscordShards
from bot.runtime.leased import Held, beside
from bot.runtime.supervisor import Runs, Supervisor
from bot.runtime.telemetry import Metrics

_log = logging.getLogger(__name__)


# Seconds without a word from Discord after which its connection is made anew. Every 41.25 s it is sent a heartbeat and
# answers it, so a line that lives is never silent for much longer than that.
SILENCE: Final = 50.0


def supervisor_of(metrics: Metrics, clock: Clock) -> Supervisor:
    """One whose waits differ from process to process."""
    return Supervisor(metrics, clock.seconds, clock.sleep, lambda: random.uniform(0.5, 1.5))


@final
@dataclass(frozen=True, slots=True)
class Connected:
    """By platform its adapter, and why it is not ready though it runs; and what is to be kept running."""

    platforms: dict[str, Platform]
    runs: list[Runs]
    troubles: dict[str, Callable[[], Fault | None]]


@final
@dataclass(frozen=True, slots=True)
class Connections:
    """What both adapters are made of. `along` is done by whoever serves a platform: it keeps the pins.
    `silence` counts the seconds without a word from Discord after which its connection is made anew.
    """

    settings: Settings
    metrics: Metrics
    leases: Leases
    responder: Responder
    offers: Offers
    comings: CommunityEvents
    newcomers: Newcomers
    along: Callable[[str], Coroutine[Any, Any, None]]
    clock: Clock
    silence: float = SILENCE
    pictures: Pictures | None = None

    def made(self) -> Connected:
        """An adapter for every platform that has a token."""
        made = Connected({}, [], {})
        for name, token in self.settings.tokens.items():
            if name == DISCORD:
                self._discord(made, token.get_secret_value())
            else:
                self._telegram(made, token.get_secret_value())
        self.metrics.leases_reachable.set_function(lambda: self.leases.reachable)
        return made

    def _discord(self, made: Connected, token: str) -> None:
        served: dict[Shard, DiscordAdapter] = {}
        proxy = self.settings.proxy(DISCORD)

        def serving(shard: Shard) -> DiscordAdapter:
            served[shard] = DiscordAdapter(
                token,
                self.responder,
                self.offers,
                joins=True,
                options={"shard_id": shard.id, "shard_count": shard.count, "heartbeat_timeout": self.silence},
                proxy=proxy,
                comings=self.comings,
                newcomers=self.newcomers,
                now=self.clock.moment,
                pictures=self.pictures,
                wire=self.metrics.wire(DISCORD),
            )
            return served[shard]

        wanted = self.settings.shards
        fleet = DiscordShards(
            shards.account(token),
            self.leases,
            serving,
            lambda: size(token, proxy),
            supervisor_of(self.metrics, self.clock).keep,
            number=None if wanted == "auto" else wanted,
            most=self.settings.shard_leases,
            along=lambda: self._along(DISCORD),
            sleep=self.clock.sleep,
        )
        made.platforms[DISCORD] = fleet
        made.runs.append(fleet)
        made.troubles[DISCORD] = lambda: self._trouble(*(one.trouble for one in served.values()))
        self.metrics.waiting.labels(DISCORD).set_function(lambda: sum(one.waiting for one in served.values()))
        self.metrics.leases.labels(DISCORD).set_function(lambda: fleet.held)

    def _telegram(self, made: Connected, token: str) -> None:
        """Telegram has one receiver a token."""
        telegram = TelegramAdapter(
            token,
            self.responder,
            self.offers,
            base_url=f"{self.settings.telegram_api_url}/bot",
            webhook=_webhook(self.settings),
            proxy=self.settings.proxy(TELEGRAM),
            comings=self.comings,
            newcomers=self.newcomers,
            clock=self.clock.seconds,
            wire=self.metrics.wire(TELEGRAM),
        )
        held = Held(
            telegram.name,
            self.leases,
            (f"telegram:{shards.account(token)}:receiver",),
            lambda _: beside(telegram.run(), self._along(telegram.name)),
            lambda: telegram.ready,
        )
        made.platforms[TELEGRAM] = telegram
        made.runs.append(held)
        made.troubles[TELEGRAM] = lambda: self._trouble(telegram.trouble)
        self.metrics.waiting.labels(TELEGRAM).set_function(lambda: telegram.waiting)
        self.metrics.leases.labels(TELEGRAM).set_function(lambda: held.lease is not None)

    def _along(self, name: str) -> Coroutine[Any, Any, None]:
        keeping = supervisor_of(self.metrics, self.clock)
        return keeping.last(f"the pins on {name}", lambda: self.along(name))

    def _trouble(self, *troubles: Fault | None) -> Fault | None:
        """Why a platform is not ready: without the database nobody knows whose it is, else what its line suffers."""
        found = [one for one in troubles if one]
        worse = [one for one in found if one is not Fault.STARTING]
        if not worse and not self.leases.reachable:
            return Fault.NO_LEASE
        return next(iter([*worse, *found]), None)


def _webhook(settings: Settings) -> Webhook | None:
    if settings.webhook_url is None or settings.webhook_secret is None:
        return None
    return Webhook(settings.webhook_url, settings.webhook_secret.get_secret_value())


def offering(platform: Platform) -> Callable[[SealedCatalog], Coroutine[Any, Any, None]]:
    """Offer the commands again after the content changed; the adapter sends them only if they changed."""

    async def offer(edition: SealedCatalog) -> None:
        if platform.ready:
            try:
                await platform.offer(edition.catalog.commands)
            except (PlatformError, StoreError) as error:
                _log.warning("%s: the commands could not be offered (%s)", platform.name, error.reason)

    return offer
