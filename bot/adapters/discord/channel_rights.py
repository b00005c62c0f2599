"""Asks Discord what a member or the bot may do in a channel."""

import asyncio
from collections.abc import Callable
from typing import Final, final
from weakref import WeakValueDictionary

import discord

from bot.adapters.discord.connection import Client
from bot.adapters.discord.dispatcher import Refusals
from bot.adapters.discord.errors import translated
from bot.core.errors import Forbidden, MessageGone, PlatformError
from bot.core.model import Member, Place

_REFUSED_BY_ONE: Final = 80  # the most refusals of one guild in a minute: as many channels as a settings file can name


@final
class ChannelRights:
    """Asks each time, as guilds are not cached. `clock` returns monotonic seconds.

    A command can name dozens of channels, each of which costs several calls. So a guild's channels are asked about one
    at a time, and not at all while too many were refused.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._refusals = Refusals(clock, _REFUSED_BY_ONE)
        self._turns: WeakValueDictionary[str | None, asyncio.Lock] = WeakValueDictionary()  # by guild

    async def ask(self, client: Client, place: Place, member: Member | None) -> tuple[int, bool]:
        """Return the permissions of the member, or of the bot itself (None), and whether the channel has threads or is
        one.

        Raises:
            PlatformError: Forbidden if the bot cannot see the channel.
        """
        async with self._turns.setdefault(place.community, asyncio.Lock()):
            if self._refusals.rests(place):
                raise PlatformError("too many channels were refused within a minute", permanent=False)
            try:
                with self._refusals.trying(place):
                    return await _asked(client, place, member)
            except (MessageGone, discord.ClientException) as error:  # ClientException: a channel of another guild
                raise Forbidden("the bot cannot see that channel") from error


async def _asked(client: Client, place: Place, member: Member | None) -> tuple[int, bool]:
    guild = await translated(client.fetch_guild(int(place.community or 0), with_counts=False))
    if place.thread:  # raises MessageGone if the thread was deleted; its rights are the channel's
        await translated(client.http.get_channel(int(place.thread)))
    channel = await translated(guild.fetch_channel(int(place.channel or 0)))
    is_thread = place.thread is not None or isinstance(channel, discord.Thread | discord.ForumChannel)
    if isinstance(channel, discord.Thread):
        channel = await translated(guild.fetch_channel(channel.parent_id))
    fetched = await translated(guild.fetch_member(int(member.id) if member else client.me))
    return channel.permissions_for(fetched).value, is_thread
