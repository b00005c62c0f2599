"""Keeps the commands and the description that Discord shows up to date, and learns the commands' ids, which make
them clickable in texts.
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

_LOOK: Final = 60.0  # seconds between two looks whether another process offered other commands


@final
class CommandsOffer:
    """Registers the commands, on the one shard that `offers_here`; the others, in whatever process, see by the
    stored hash that other commands were offered, and look their ids up. `connected` gives the client, once it is logged
    in, or raises PlatformError.
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
        """Offer the commands if that is done here, and learn their ids. If that fails, the bot serves all the same."""
        if self._offers_here:
            await self.offer(commands)
        await self._learn_ids()

    async def offer(self, commands: Sequence[CommandInfo]) -> None:
        """Replace the menu and the application's description where they differ from what Discord took last."""
        await self.offering.offer(self._wanted(commands))

    async def keep(self, commands: Callable[[], Sequence[CommandInfo]]) -> None:
        """Offer again what Discord did not take, and learn new ids, until cancelled."""
        await asyncio.gather(self.offering.keep(lambda: self._wanted(commands())), self._follow())

    async def _follow(self) -> None:
        while not (self._offers_here and self._renderer.knows):  # what is offered here is learned as it is taken
            await self._sleep(_LOOK)
            await self._learn_ids()

    async def _learn_ids(self) -> None:
        """Look the commands' ids up if they are unknown, or other commands were offered since."""
        try:
            # Read before the look-up: what is offered in between is then seen the next time.
            http, application = self._application
            taken = await self.offering.taken(str(application))
            if not self._renderer.knows or taken != self._renderer.offer:
                self._renderer.learn(menu.ids(await translated(http.get_global_commands(application))))
                self._renderer.offer = taken
        except (PlatformError, StoreError) as error:
            _log.warning("Discord: the ids of the commands could not be looked up: %s", error.reason)

    def _wanted(self, commands: Sequence[CommandInfo]) -> list[Offer]:
        http, application = self._application

        async def offer() -> None:
            await self._replace(menu.menu(commands))
            self._renderer.offer = wanted[0].digest

        async def describe() -> None:
            payload = {"description": wanted[1].shown}
            await translated(http.edit_application_info(reason=None, payload=payload))

        wanted = [Offer(str(application), "the commands", menu.as_text(commands), offer)]
        if own := next(iter(self._profiles().values()), None):  # Discord shows it in one language
            wanted.append(Offer(f"{application}:description", "the description", own.description, describe))
        return wanted

    async def _replace(self, commands: list[menu.Json]) -> None:
        """Replace all global commands; only names that are new count against the limit of 200 a day. Those that Discord
        refuses stay as they are there; PlatformError names them, with what it says of them.
        """
        http, application = self._application
        try:
            await self._put(commands)
        except PlatformError as error:
            wrong = menu.refused(commands, getattr(error.__cause__, "text", ""))
            if not wrong:
                raise
            route = Route("GET", "/applications/{application_id}/commands", application_id=application)
            there = await translated(http.request(route, params={"with_localizations": "true"}))
            await self._put(menu.instead(commands, wrong, there))
            raise PlatformError("; ".join(wrong.values()), permanent=True) from error

    async def _put(self, commands: list[menu.Json]) -> None:
        http, application = self._application
        registered = await translated(http.bulk_upsert_global_commands(application, commands))
        self._renderer.learn(menu.ids(registered))

    @property
    def _application(self) -> tuple[HTTPClient, int]:
        """The way to Discord, and the application's id. Raises PlatformError before the login."""
        client = self._connected()
        if client.application_id is None:
            raise PlatformError("Discord has not sent the application's id yet", permanent=False)
        return client.http, client.application_id
