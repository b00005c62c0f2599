"""Checks the bot's account on Discord for the operator. It only reads, and does not connect to the gateway."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any, Final

import aiohttp
import discord

from bot.adapters.discord import menu, requests
from bot.adapters.discord.gateway import log_in
from bot.adapters.discord.shards import Size
from bot.core.commands import CommandInfo
from bot.core.errors import PlatformError, Unauthorised
from bot.core.faults import OFFERED, Finding, State
from bot.features.diagnosis import missing
from bot.runtime.proxy import Proxy, describe_failure

_MOST_GUILDS: Final = 200  # one page of Discord's list
INVITED: Final = discord.Permissions(
    view_channel=True,
    send_messages=True,
    attach_files=True,
    read_message_history=True,
    send_messages_in_threads=True,
    pin_messages=True,
).value
_PORTAL: Final = "https://discord.com/developers/applications"
_NAMES: Final = {"SEND": "Send Messages", "PIN": "Pin Messages", "HISTORY": "Read Message History"}


async def examine(token: str, commands: Sequence[CommandInfo], *, proxy: Proxy | None = None) -> AsyncIterator[Finding]:
    """Log in and yield findings about the token, the application's settings, the commands (if they are known), and the
    bot's rights in its guilds.
    """
    async with discord.Client(
        intents=discord.Intents.none(), max_ratelimit_timeout=30.0, proxy=proxy and proxy.url
    ) as client:
        try:
            await log_in(client, token)
            yield Finding("discord token", State.FINE, f"logged in as {client.user}")
            application = await client.application_info()
            for finding in _application(application):
                yield finding
            if commands:
                offered = await client.http.get_global_commands(application.id)
                yield _commands(offered, menu.menu(commands))
            for guild in await client.http.get_guilds(_MOST_GUILDS, with_counts=False):
                if missing_rights := _missing_rights(guild):
                    yield missing_rights
        except Unauthorised as error:
            fix = f"reset the token at {_PORTAL} and set DISCORD_TOKEN"
            yield Finding("discord token", State.BROKEN, error.reason, fix)
        except PlatformError as error:
            yield Finding("discord", State.BROKEN, error.reason, "try again later")
        except discord.HTTPException as error:
            yield Finding("discord", State.BROKEN, f"Discord answered HTTP {error.status}", "try again later")
        except (aiohttp.ClientError, OSError) as error:
            fix = "let this machine reach https://discord.com"
            yield Finding("discord", State.BROKEN, f"it cannot be reached ({describe_failure(error, proxy)})", fix)


def _application(info: discord.AppInfo) -> Iterator[Finding]:
    """The application's settings, and the links that add the bot to a server, with the rights it needs there, and to a
    user's account.
    """
    if info.flags.gateway_guild_members or info.flags.gateway_guild_members_limited:
        yield Finding("discord intents", State.FINE, "the bot may learn of new members")
    else:
        fix = f"switch on the Server Members Intent at {_PORTAL}, Bot"
        yield Finding("discord intents", State.NOTE, "without the members intent nobody can be greeted", fix)
    if info.interactions_endpoint_url:
        fix = f"clear the Interactions Endpoint URL at {_PORTAL}, General Information"
        yield Finding("discord interactions", State.BROKEN, "they are sent to another address", fix)
    base = f"https://discord.com/oauth2/authorize?client_id={info.id}"
    whole = f"{base}&scope=bot+applications.commands&permissions={INVITED}&integration_type=0"
    yield Finding("discord server invite", State.FINE, whole)
    if info.user_integration_config is None:
        fix = f"tick User Install at {_PORTAL}, Installation, if you want that"
        yield Finding("discord installs", State.NOTE, "nobody can add the bot to their own account", fix)
    else:
        own = f"{base}&scope=applications.commands&integration_type=1"
        yield Finding("discord user install", State.FINE, own)


def _commands(offered: Sequence[Mapping[str, Any]], wanted: Sequence[Mapping[str, Any]]) -> Finding:
    """Whether Discord has the bot's commands, compared by kind, name and description."""
    current = {(one.get("type", 1), one["name"], one.get("description", "")) for one in offered}
    ours = {(one["type"], one["name"], one.get("description", "")) for one in wanted}
    if current == ours:
        return Finding("discord commands", State.FINE, f"the {len(ours)} commands are offered")
    new, old = (sorted({name for _, name, _ in some}) for some in (ours - current, current - ours))
    what = f"missing or outdated: {', '.join(new) or 'none'}; no longer the bot's: {', '.join(old) or 'none'}"
    return Finding("discord commands", State.NOTE, what, OFFERED)


def _missing_rights(guild: Mapping[str, Any]) -> Finding | None:
    """The rights that the bot's roles in a guild do not give it; None if it has all. A channel may still deny some."""
    held = requests.rights(int(guild["permissions"]), thread=False)
    names = [name for right in missing(held, greets=False) if (name := _NAMES.get(str(right.name)))]
    if not names:
        return None
    fix = "give them to the bot's role there; /diagnose in a channel shows more"
    return Finding(f"discord guild {guild['id']}", State.NOTE, f"the bot lacks {', '.join(names)}", fix)


async def recommended_size(token: str, proxy: Proxy | None = None) -> Size:
    """Ask Discord how many shards it recommends for the bot, and how many sessions may begin at once.

    Raises:
        PlatformError: Unauthorised if Discord refuses the token.
    """
    try:
        async with discord.Client(intents=discord.Intents(guilds=True), proxy=proxy and proxy.url) as client:
            await log_in(client, token)
            recommended, _, limit = await client.http.get_bot_gateway()
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        raise PlatformError(f"Discord: {describe_failure(error, proxy)}", permanent=False) from error
    return Size(max(1, int(recommended)), max(1, int(limit["max_concurrency"])))
