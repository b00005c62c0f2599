"""The login, and one session with Discord's gateway: begun once, resumed whenever its connection breaks.

discord.py's own loop pauses up to 17 minutes between two attempts, and begins new sessions by itself, however many the
bot has left. Here a session that is over ends the run: the next one is begun by a fresh client, after the supervisor's
pause and in the turn of its shard.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, final

import aiohttp
import discord
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

from bot.adapters.discord.connection import Client
from bot.core.errors import PlatformError, Unauthorised
from bot.runtime.proxy import Proxy, describe_failure

_log = logging.getLogger(__name__)

_WRONG_TOKEN, _NO_INTENTS = 4004, 4014  # close codes
_NOT_DISCORD: Final = "the server that answered is not Discord; a proxy or a login page may stand in between"
REFUSED: Final = "Discord refuses the token: check DISCORD_TOKEN"
NO_MEMBERS: Final = (
    "Discord refuses the members intent, so nobody is greeted there. To greet, switch on “Server Members Intent” for "
    "the application in the developer portal (Bot, Privileged Gateway Intents), and start the bot again"
)
PATIENCE: Final = 20.0  # seconds that an attempt to connect may take
_PAUSES: Final = (0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0)  # seconds before each attempt to resume; the last one stays
_RESUMABLE: Final = 4000  # close code after which a session goes on
_NORMAL: Final = 1000  # close code with which Discord also ends connections that it serves again at once
_RESUMED_FOR: Final = 180.0  # seconds after a break; Discord publishes no number, and sessions live some minutes


@final
class MembersRefused(PlatformError):
    """The application may not ask for the members intent."""


async def log_in(client: discord.Client, token: str) -> None:
    """Log in over HTTP, which each session needs once.

    Raises Unauthorised when the token cannot be one or Discord refuses it, PlatformError when somebody else answers,
    and what the SDK and the network raise.
    """
    if not (token.isascii() and token.strip().isprintable()):
        raise Unauthorised("the Discord token holds characters no token has")
    try:
        async with asyncio.timeout(PATIENCE):
            await client.login(token)
    except discord.LoginFailure as error:
        if not getattr(error.__cause__, "text", "").startswith("401: "):  # Discord's own words for it
            raise PlatformError(_NOT_DISCORD, permanent=False) from error
        raise Unauthorised(REFUSED) from error
    except aiohttp.ClientError:  # one is a ValueError too: that of a certificate which is not trusted
        raise
    except (KeyError, TypeError, ValueError) as error:  # somebody else's page, as of a network that wants a login
        raise PlatformError(_NOT_DISCORD, permanent=False) from error


def session_pause(limit: Mapping[str, Any], shards: int) -> float:
    """Seconds to wait before a session is begun, by the `session_start_limit` of GET /gateway/bot.

    Whoever begins more than `total` in a day has the token reset. While a tenth is left there is no pause; then what is
    left is spread over the time until the count starts again.
    """
    left = int(limit["remaining"])
    return 0.0 if left > int(limit["total"]) / 10 else int(limit["reset_after"]) / 1000 * shards / max(left, 1)


async def serve_session(
    client: Client, sleep: Callable[[float], Awaitable[object]], clock: Callable[[], float], proxy: Proxy | None
) -> None:
    """Begin a session and serve it until the client is closed. `sleep` waits seconds, `clock` counts them.

    Raises PlatformError when the session is over, cannot be resumed or is refused (MembersRefused for its intent), and
    what the SDK and the network raise when the first connection fails.
    """
    await _wait_for_session(client, sleep)
    tries, broke = 0, clock()
    while not client.is_closed():
        reason = await _until_broken(client, proxy)
        if client.live:
            tries, broke = 0, clock()
        client.lost(f"Discord: {reason}")
        if clock() - broke > _RESUMED_FOR:
            raise PlatformError(client.reason, permanent=False)
        if pause := _PAUSES[min(tries, len(_PAUSES) - 1)]:
            await sleep(pause * random.uniform(0.5, 1.0))
        tries += 1


async def _until_broken(client: Client, proxy: Proxy | None) -> str:
    """Connect, and read until the connection breaks; returns why in a few words. Raises as `serve_session` does."""
    socket: Any = client.ws  # the connection before, which the next one resumes; None at first
    how: dict[str, Any] = {"initial": True}
    if socket:
        how = {"resume": True, "gateway": socket.gateway, "session": socket.session_id, "sequence": socket.sequence}
    try:
        async with asyncio.timeout(PATIENCE):
            socket = client.ws = await DiscordWebSocket.from_client(client, shard_id=client.shard_id, **how)
        while True:
            await socket.poll_event()
    except ReconnectWebSocket as closed:
        if not (closed.resume and socket and socket.session_id):
            raise PlatformError("Discord ended the session", permanent=False) from None
        return "the connection broke"
    except ValueError:
        reason = "the gateway does not speak JSON"
        if socket is None:
            raise PlatformError(f"Discord: {reason}", permanent=False) from None
        await socket.close(_RESUMABLE)  # ends its thread for heartbeats too
        return reason
    except (aiohttp.ClientError, OSError, discord.ConnectionClosed) as error:
        if isinstance(error, discord.ConnectionClosed) and error.code != _NORMAL:
            raise _refusal(error.code) from error
        if socket is None:
            raise
        return describe_failure(error, proxy)


def _refusal(code: int) -> PlatformError:
    """Why Discord closed the connection, by its close code."""
    if code == _WRONG_TOKEN:
        return Unauthorised(REFUSED)
    if code == _NO_INTENTS:
        return MembersRefused(NO_MEMBERS, permanent=False)
    return PlatformError(f"Discord closed the connection ({code})", permanent=False)


async def _wait_for_session(client: Client, sleep: Callable[[float], Awaitable[object]]) -> None:
    _, _, limit = await client.http.get_bot_gateway()
    if wait := session_pause(limit, client.shard_count or 1):
        left, hours = limit["remaining"], limit["reset_after"] / 3_600_000
        client.reason = f"Discord lets the bot begin {left} more session(s) in {hours:.1f} h, so this one has to wait"
        _log.warning("%s %.0f s", client.reason, wait)
        await sleep(wait)
