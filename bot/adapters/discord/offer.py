"""Keeps the commands and the description that Discord shows up to date, and learns the commands' ids, which make
them clickable in texts.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Final, final

from bot.adapters.discord import menu
from bot.adapters.discord.render import Renderer
from bot.adapters.discord.send import Sender
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
    stored hash that other commands were offered, and look their ids up.
    """

    def __init__(
        self,
        sender: Sender,
        offers: Offers,
        renderer: Renderer,
        profiles: Callable[[], Mapping[str, Profile]],
        sleep: Callable[[float], Awaitable[object]],
        *,
        offers_here: bool,
    ) -> None:
        self._sender, self._renderer, self._profiles, self._sleep = sender, renderer, profiles, sleep
        self._offering, self._offers_here = Offering(DISCORD, offers, sleep), offers_here

    @property
    def lacking(self) -> str:
        """What Discord did not take yet and why, or nothing."""
        return self._offering.lacking

    async def begin(self, commands: Sequence[CommandInfo]) -> None:
        """Offer the commands if that is done here, and learn their ids. If that fails, the bot serves all the same."""
        if self._offers_here:
            await self.offer(commands)
        await self._learn_ids()

    async def offer(self, commands: Sequence[CommandInfo]) -> None:
        """Replace the menu and the application's description where they differ from what Discord took last."""
        await self._offering.offer(self._wanted(commands))

    async def keep(self, commands: Callable[[], Sequence[CommandInfo]]) -> None:
        """Offer again what Discord did not take, and learn new ids, until cancelled."""
        await asyncio.gather(self._offering.keep(lambda: self._wanted(commands())), self._follow())

    async def _follow(self) -> None:
        while not (self._offers_here and self._renderer.knows):  # what is offered here is learned as it is taken
            await self._sleep(_LOOK)
            await self._learn_ids()

    async def _learn_ids(self) -> None:
        """Look the commands' ids up if they are unknown, or other commands were offered since."""
        try:
            # Read before the look-up: what is offered in between is then seen the next time.
            taken = await self._offering.taken(self._scope)
            if not self._renderer.knows or taken != self._renderer.offer:
                await self._sender.look_up_menu()
                self._renderer.offer = taken
        except (PlatformError, StoreError) as error:
            _log.warning("Discord: the ids of the commands could not be looked up: %s", error.reason)

    @property
    def _scope(self) -> str:
        return str(self._sender.connected.application_id)

    def _wanted(self, commands: Sequence[CommandInfo]) -> list[Offer]:
        async def send() -> None:
            await self._sender.replace_menu(menu.menu(commands))
            self._renderer.offer = shown[0].digest

        shown = [Offer(self._scope, "the commands", menu.as_text(commands), send)]
        if own := next(iter(self._profiles().values()), None):
            describe = partial(self._sender.describe, own)
            shown.append(Offer(f"{self._scope}:description", "the description", own.description, describe))
        return shown
