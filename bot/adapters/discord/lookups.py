"""What is asked of Discord because nothing of it is kept. The law: it only reads."""

import discord

from bot.adapters.discord.errors import sent
from bot.core.errors import Forbidden, MessageGone
from bot.core.model import DISCORD, Place


async def place(client: discord.Client, guild: str, channel: str) -> Place:
    """Where a channel of the guild stands, asked of Discord: a message does not tell whether it is in a thread."""
    found = await sent(client.fetch_channel(int(channel)))
    parent = str(found.parent_id) if isinstance(found, discord.Thread) else None
    return Place(DISCORD, guild, parent or channel, channel if parent else None)


async def permissions(client: discord.Client, place: Place, member: int) -> int:
    """The member's bits in that channel or thread, asked of Discord."""
    try:
        guild = await sent(client.fetch_guild(int(place.community or 0), with_counts=False))
        where = await sent(guild.fetch_channel(int(place.channel or 0)))
        who = await sent(guild.fetch_member(member))
    except MessageGone as error:
        raise Forbidden("the bot cannot see that channel") from error
    return int(where.permissions_for(who).value)
