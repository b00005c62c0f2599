"""Builds the adapter of each platform that has a token. An adapter runs only while this process holds its lease."""

import logging
from collections.abc import Callable, Collection, Coroutine
from functools import partial
from typing import Any, Final, final

from bot.adapters.discord.account_check import recommended_size
from bot.adapters.discord.adapter import DiscordAdapter
from bot.adapters.discord.render import Renderer
from bot.adapters.discord.shards import Shard, account
from bot.adapters.telegram.adapter import TelegramAdapter
from bot.adapters.telegram.connection import Webhook
from bot.core.disclaimer import Profile, profile_of
from bot.core.errors import PlatformError, StoreError
from bot.core.faults import Fault, Trouble
from bot.core.model import DISCORD, TELEGRAM
from bot.core.ports import Leases, Platform
from bot.core.sealed_catalog import SealedCatalog
from bot.runtime.container import Container
from bot.runtime.discord_shards import DiscordShards
from bot.runtime.lease_runner import LeaseRunner, run_beside
from bot.runtime.supervisor import Supervised, Supervisor

_log = logging.getLogger(__name__)

SILENCE: Final = 50.0
"""Seconds without data from Discord after which its connection is replaced. Discord answers a heartbeat every 41.25 s.
"""


@final
class PlatformSetup:
    """The adapters of all platforms with a token, added to `parts.platforms`.

    `supervised` are the platforms that the supervisor keeps running. `troubles` has a function for each platform that
    returns why it is running but not ready, with the cause if known. Discord's connection is replaced after `silence`
    seconds without data.
    """

    def __init__(self, parts: Container, leases: Leases, supervisor: Supervisor, silence: float = SILENCE) -> None:
        self._parts, self._leases, self._supervisor, self._silence = parts, leases, supervisor, silence
        self.supervised: list[Supervised] = []
        self.troubles: dict[str, Callable[[], Trouble | None]] = {}
        parts.metrics.leases_reachable.set_function(lambda: leases.reachable)
        parts.content.listen(self.offer)
        add = {DISCORD: self._discord, TELEGRAM: self._telegram}
        for name, token in parts.settings.tokens.items():
            add[name](token.get_secret_value())

    async def offer(self, edition: SealedCatalog) -> None:
        """Offer the commands again after the content changed. Each adapter sends them only if they differ."""
        for name, platform in self._parts.platforms.items():
            if platform.ready:
                try:
                    await platform.offer(edition.catalog.commands)
                except (PlatformError, StoreError) as error:
                    _log.warning("%s: the commands could not be offered (%s)", name, error.reason)

    def _discord(self, token: str) -> None:
        """Add Discord, in shards: this process serves those whose leases it holds."""
        parts, clock = self._parts, self._parts.clock
        proxy, wanted = parts.settings.proxy(DISCORD), parts.settings.shards
        served: dict[Shard, DiscordAdapter] = {}
        renderer = Renderer()

        def build(shard: Shard) -> DiscordAdapter:
            served[shard] = DiscordAdapter(
                token,
                parts.responder,
                parts.store.offers,
                options={"shard_id": shard.id, "shard_count": shard.count, "heartbeat_timeout": self._silence},
                proxy=proxy,
                events=parts.communities,
                newcomers=parts.greeter,
                titles=parts.forums.on_post,
                now=clock.moment,
                pictures=parts.pictures,
                renderer=renderer,
                wire=parts.metrics.wire(DISCORD),
                clock=clock.seconds,
                sleep=clock.sleep,
                profiles=self._profiles,
            )
            return served[shard]

        all_shards = DiscordShards(
            account(token),
            self._leases,
            build,
            partial(recommended_size, token, proxy),
            self._supervisor.keep,
            number=None if wanted == "auto" else wanted,
            most=parts.settings.shard_leases,
            along=lambda: self._keep_pins(DISCORD),
            sleep=clock.sleep,
        )
        self._add(all_shards, all_shards, served.values, lambda: all_shards.held)

    def _telegram(self, token: str) -> None:
        """Add Telegram. It allows one receiver per token: the process that holds the lease."""
        parts, clock = self._parts, self._parts.clock
        url, secret = parts.settings.webhook_url, parts.settings.webhook_secret
        adapter = TelegramAdapter(
            token,
            parts.responder,
            parts.store.offers,
            base_url=f"{parts.settings.telegram_api_url}/bot",
            webhook=Webhook(url, secret.get_secret_value()) if url and secret else None,
            proxy=parts.settings.proxy(TELEGRAM),
            events=parts.communities,
            newcomers=parts.greeter,
            clock=clock.seconds,
            sleep=clock.sleep,
            profiles=self._profiles,
            now=clock.past,
            wire=parts.metrics.wire(TELEGRAM),
        )
        held = LeaseRunner(
            TELEGRAM,
            self._leases,
            (f"telegram:{account(token)}:receiver",),
            lambda _: run_beside(adapter.run(), self._keep_pins(TELEGRAM)),
            lambda: adapter.ready,
        )
        self._add(adapter, held, lambda: [adapter], lambda: held.lease is not None)

    def _add(
        self,
        platform: Platform,
        supervised: Supervised,
        served: Callable[[], Collection[DiscordAdapter | TelegramAdapter]],
        held: Callable[[], int],
    ) -> None:
        metrics, name = self._parts.metrics, platform.name
        self._parts.platforms[name] = platform
        self.supervised.append(supervised)
        self.troubles[name] = lambda: self._trouble(served())
        metrics.waiting.labels(name).set_function(lambda: sum(one.waiting for one in served()))
        metrics.leases.labels(name).set_function(held)

    def _profiles(self) -> dict[str, Profile]:
        return {one.locale: profile_of(one) for one in self._parts.content.edition.catalog.languages.values()}

    def _keep_pins(self, name: str) -> Coroutine[Any, Any, None]:
        return self._supervisor.run_job(f"pins on {name}", partial(self._parts.refresh.keep, name))

    def _trouble(self, served: Collection[DiscordAdapter | TelegramAdapter]) -> Trouble | None:
        """The most serious trouble, in this order: faults of the adapters, an unreachable database of leases, starting
        adapters, and menus that were not published.
        """
        troubles = [one.trouble for one in served if one.trouble]
        faults = [trouble for trouble in troubles if trouble[0] is not Fault.STARTING]
        if not faults and not self._leases.reachable:
            return Fault.NO_LEASE, ""
        lacking = [(Fault.INCOMPLETE, f"not shown: {one.lacking}") for one in served if one.lacking]
        return next(iter([*faults, *troubles, *lacking]), None)
