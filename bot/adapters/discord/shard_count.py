"""What Discord recommends for a bot. The law: it asks, and connects nowhere."""

import aiohttp
import discord

from bot.adapters.discord.shards import Size
from bot.core.errors import PlatformError
from bot.runtime.proxy import Proxy, told


async def size(token: str, proxy: Proxy | None = None) -> Size:
    """How many shards the bot should have, and how many sessions may begin at once.

    Raises PlatformError: permanent when Discord refuses the token.
    """
    if not (token.isascii() and token.strip().isprintable()):
        raise PlatformError("the Discord token holds characters no token has", permanent=True)
    try:
        async with discord.Client(intents=discord.Intents(guilds=True), proxy=proxy and proxy.url) as client:
            await client.login(token)
            recommended, _, limit = await client.http.get_bot_gateway()
    except discord.LoginFailure as error:
        raise PlatformError("Discord refuses the token: check DISCORD_TOKEN", permanent=True) from error
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        raise PlatformError(f"Discord: {told(error, proxy)}", permanent=False) from error
    return Size(max(1, int(recommended)), max(1, int(limit["max_concurrency"])))
