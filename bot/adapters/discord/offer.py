"""Keeps the registered commands and the application's description up to date, and looks up the commands' ids, with
which texts link to them.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, final

from discord.http import HTTPClient, Route

from bot.adapters.discord import menu
from bot.adapters.discord.connection import Client
from bot.adapters.discord.errors import translated
from bot.adapters.discord.render import Renderer
from bot.core.commands import CommandInfo
from bot.core.disclaimer import Profile
from bot.core.errors import PlatformError, StoreError
from bot.core.model import DISCORD
from bot.core.ports import Offers
from bot.features.offering import Offer, Offering

_log = logging.getLogger(__name__)

_CHECK: Final = 60.0  # seconds between two checks whether another process has registered other commands


@final
class CommandsOffer:
    """Registers the commands if this is the shard that does so (`offers_here`). The other shards, also in other
    processes, see by the stored hash that the commands have changed, and look up the new ids. `connected` returns the
    client, or raises PlatformError before the login.
    """

    def __init__(
        self,
        connected: Callable[[], Client],
        offers: Offers,
        renderer: Renderer,
        profiles: Callable[[], Mapping[str, Profile]],
        sleep: Callable[[float], Awaitable[object]],
        *,
        offers_here: bool,
    ) -> None:
        self._connected, self._renderer, self._profiles, self._sleep = connected, renderer, profiles, sleep
        self.offering, self._offers_here = Offering(DISCORD, offers, sleep), offers_here

    async def begin(self, commands: Sequence[CommandInfo]) -> None:
        """Register the commands if this shard does so, and look up their ids. A failure does not keep the bot from
        serving.
        """
        if self._offers_here:
            await self.offer(commands)
        await self._learn_ids()

    async def offer(self, commands: Sequence[CommandInfo]) -> None:
        """Replace the commands and the application's description where they differ from what Discord accepted last."""
        await self.offering.offer(self._wanted(commands))

    async def keep(self, commands: Callable[[], Sequence[CommandInfo]]) -> None:
        """Try again what Discord has not accepted, and look up new ids, until cancelled."""
        await asyncio.gather(self.offering.keep(lambda: self._wanted(commands())), self._follow())

    async def _follow(self) -> None:
        # The shard that registers the commands gets new ids in the response, so it stops once it knows some.
        while not (self._offers_here and self._renderer.knows):
            await self._sleep(_CHECK)
            await self._learn_ids()

    async def _learn_ids(self) -> None:
        """Look up the commands' ids if they are unknown, or if other commands were registered since."""
        try:
            # The hash is read first: if commands are registered between the two calls, the next check sees that.
            http, application = self._application
            taken = await self.offering.taken(str(application))
            if not self._renderer.knows or taken != self._renderer.offer:
                self._renderer.learn(menu.ids(await translated(http.get_global_commands(application))))
                self._renderer.offer = taken
        except (PlatformError, StoreError) as error:
            _log.warning("Discord: could not look up the ids of the commands: %s", error.reason)

    def _wanted(self, commands: Sequence[CommandInfo]) -> list[Offer]:
        http, application = self._application

        async def offer() -> None:
            await self._replace(menu.menu(commands))
            self._renderer.offer = wanted[0].digest

        async def describe() -> None:
            payload = {"description": wanted[1].shown}
            await translated(http.edit_application_info(reason=None, payload=payload))

        wanted = [Offer(str(application), "the commands", menu.as_text(commands), offer)]
        if profile := next(iter(self._profiles().values()), None):  # Discord has it in one language only
            wanted.append(Offer(f"{application}:description", "the description", profile.description, describe))
        return wanted

    async def _replace(self, commands: list[menu.Json]) -> None:
        """Replace all global commands. Only new names count towards the limit of 200 a day. Commands that Discord
        refuses stay as they are registered; then PlatformError names them with Discord's reasons.
        """
        http, application = self._application
        try:
            await self._put(commands)
        except PlatformError as error:
            wrong = menu.refused(commands, getattr(error.__cause__, "text", ""))
            if not wrong:
                raise
            route = Route("GET", "/applications/{application_id}/commands", application_id=application)
            registered = await translated(http.request(route, params={"with_localizations": "true"}))
            await self._put(menu.instead(commands, wrong, registered))
            raise PlatformError("; ".join(wrong.values()), permanent=True) from error

    async def _put(self, commands: list[menu.Json]) -> None:
        http, application = self._application
        registered = await translated(http.bulk_upsert_global_commands(application, commands))
        self._renderer.learn(menu.ids(registered))

    @property
    def _application(self) -> tuple[HTTPClient, int]:
        """The HTTP client and the application's id. Raises PlatformError before the login."""
        client = self._connected()
        if client.application_id is None:
            raise PlatformError("Discord has not sent the application's id yet", permanent=False)
        return client.http, client.application_id
