"""Builds the adapter of each platform that has a token. An adapter runs only while its lease is held."""

import logging
import random
from collections.abc import Callable, Collection, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, final

from bot.adapters.discord.account_check import recommended_size
from bot.adapters.discord.adapter import DiscordAdapter
from bot.adapters.discord.dispatcher import Titles
from bot.adapters.discord.render import Renderer
from bot.adapters.discord.shards import Shard, account
from bot.adapters.telegram.adapter import TelegramAdapter
from bot.adapters.telegram.webhook import Webhook
from bot.config import Settings
from bot.core.disclaimer import Profile
from bot.core.errors import PlatformError, StoreError
from bot.core.faults import Fault, Trouble
from bot.core.model import DISCORD, TELEGRAM
from bot.core.ports import CommunityEvents, Leases, Newcomers, Offers, Pictures, Platform
from bot.core.sealed_catalog import SealedCatalog
from bot.features.answers import Responder
from bot.runtime.clock import Clock
from bot.runtime.discord_shards import DiscordShards
from bot.runtime.leased import Leased, beside
from bot.runtime.supervisor import Runs, Supervisor
from bot.runtime.telemetry import Metrics

_log = logging.getLogger(__name__)

SILENCE: Final = 50.0
"""Seconds without a word from Discord after which its connection is replaced: it answers a heartbeat every 41.25 s."""


def supervisor_of(metrics: Metrics, clock: Clock) -> Supervisor:
    """A supervisor whose pauses differ from process to process."""
    return Supervisor(metrics, clock.seconds, clock.sleep, lambda: random.uniform(0.5, 1.0))


@final
@dataclass(slots=True)
class Adapters:
    """The adapters, built at once and added to `platforms`. `runs` is what the supervisor keeps running, `troubles` say
    for each platform why it is running but not ready, with the cause as far as it is known. `keep_pins` runs wherever a
    platform is served.
    """

    settings: Settings
    metrics: Metrics
    leases: Leases
    offers: Offers
    responder: Responder
    events: CommunityEvents
    newcomers: Newcomers
    titles: Titles
    pictures: Pictures
    keep_pins: Callable[[str], Coroutine[Any, Any, None]]
    clock: Clock
    silence: float
    profiles: Callable[[], Mapping[str, Profile]]
    platforms: dict[str, Platform]
    runs: list[Runs] = field(default_factory=list)
    troubles: dict[str, Callable[[], Trouble | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.metrics.leases_reachable.set_function(lambda: self.leases.reachable)
        for name, token in self.settings.tokens.items():
            (self._discord if name == DISCORD else self._telegram)(token.get_secret_value())

    async def offer(self, edition: SealedCatalog) -> None:
        """Offer the commands again, after the content changed; each adapter sends them only if they differ."""
        for name, platform in self.platforms.items():
            if platform.ready:
                try:
                    await platform.offer(edition.catalog.commands)
                except (PlatformError, StoreError) as error:
                    _log.warning("%s: the commands could not be offered (%s)", name, error.reason)

    def _discord(self, token: str) -> None:
        """Discord, in shards: those whose leases this process holds."""
        proxy, wanted = self.settings.proxy(DISCORD), self.settings.shards
        served: dict[Shard, DiscordAdapter] = {}
        renderer = Renderer()

        def serve(shard: Shard) -> DiscordAdapter:
            served[shard] = DiscordAdapter(
                token,
                self.responder,
                self.offers,
                options={"shard_id": shard.id, "shard_count": shard.count, "heartbeat_timeout": self.silence},
                proxy=proxy,
                events=self.events,
                newcomers=self.newcomers,
                titles=self.titles,
                now=self.clock.moment,
                pictures=self.pictures,
                renderer=renderer,
                wire=self.metrics.wire(DISCORD),
                clock=self.clock.seconds,
                sleep=self.clock.sleep,
                profiles=self.profiles,
            )
            return served[shard]

        all_shards = DiscordShards(
            account(token),
            self.leases,
            serve,
            lambda: recommended_size(token, proxy),
            supervisor_of(self.metrics, self.clock).keep,
            number=None if wanted == "auto" else wanted,
            most=self.settings.shard_leases,
            along=lambda: self._keep_pins(DISCORD),
            sleep=self.clock.sleep,
        )
        self._add(all_shards, all_shards, served.values, lambda: all_shards.held)

    def _telegram(self, token: str) -> None:
        """Telegram, which allows one receiver a token: the process that holds its lease."""
        url, secret = self.settings.webhook_url, self.settings.webhook_secret
        adapter = TelegramAdapter(
            token,
            self.responder,
            self.offers,
            base_url=f"{self.settings.telegram_api_url}/bot",
            webhook=Webhook(url, secret.get_secret_value()) if url and secret else None,
            proxy=self.settings.proxy(TELEGRAM),
            events=self.events,
            newcomers=self.newcomers,
            clock=self.clock.seconds,
            sleep=self.clock.sleep,
            profiles=self.profiles,
            now=self.clock.past,
            wire=self.metrics.wire(TELEGRAM),
        )
        held = Leased(
            TELEGRAM,
            self.leases,
            (f"telegram:{account(token)}:receiver",),
            lambda _: beside(adapter.run(), self._keep_pins(TELEGRAM)),
            lambda: adapter.ready,
        )
        self._add(adapter, held, lambda: [adapter], lambda: held.lease is not None)

    def _add(
        self,
        platform: Platform,
        runs: Runs,
        served: Callable[[], Collection[DiscordAdapter | TelegramAdapter]],
        held: Callable[[], int],
    ) -> None:
        self.platforms[platform.name] = platform
        self.runs.append(runs)
        self.troubles[platform.name] = lambda: self._trouble(served())
        self.metrics.waiting.labels(platform.name).set_function(lambda: sum(one.waiting for one in served()))
        self.metrics.leases.labels(platform.name).set_function(held)

    def _keep_pins(self, name: str) -> Coroutine[Any, Any, None]:
        return supervisor_of(self.metrics, self.clock).last(f"pins on {name}", lambda: self.keep_pins(name))

    def _trouble(self, served: Collection[DiscordAdapter | TelegramAdapter]) -> Trouble | None:
        """The most serious trouble: one worse than a start, then the leases' database, then any, then menus not
        published.
        """
        found = [(one.trouble, one.reason) for one in served if one.trouble]
        worse = [one for one in found if one[0] is not Fault.STARTING]
        if not worse and not self.leases.reachable:
            return Fault.NO_LEASE, ""
        lacking = [(Fault.INCOMPLETE, f"not shown: {one.lacking}") for one in served if one.lacking]
        return next(iter([*worse, *found, *lacking]), None)
