"""The login, and one session with Discord's gateway, which is resumed when its connection breaks.

discord.py's own loop pauses up to 17 minutes between two attempts, and begins new sessions by itself, no matter how
many the bot has left. Here, the end of a session ends the run. A new client begins the next session, after the
supervisor's pause and when it is the turn of its shard.
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
_NOT_DISCORD: Final = "the server that answered is not Discord; a proxy or a login page may be in between"
REFUSED: Final = "Discord refuses the token: check DISCORD_TOKEN"
NO_MEMBERS: Final = (
    "Discord refuses the members intent, so nobody is greeted there. To greet, switch on “Server Members Intent” for "
    "the application in the developer portal (Bot, Privileged Gateway Intents), and start the bot again"
)
PATIENCE: Final = 20.0  # seconds that an attempt to connect may take
_PAUSES: Final = (0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0)  # seconds before each attempt to resume; the last one repeats
_RESUMABLE: Final = 4000  # the close code after which the session can be resumed
_NORMAL: Final = 1000  # Discord also uses this close code for connections that can be resumed at once
_RESUMED_FOR: Final = 180.0  # seconds after a break. Discord publishes no limit; sessions stay valid for some minutes


@final
class MembersRefused(PlatformError):
    """The application may not request the members intent."""


async def log_in(client: discord.Client, token: str) -> None:
    """Log in over HTTP, as each session needs once.

    Raises Unauthorised if Discord refuses the token or it has invalid characters, PlatformError if the server that
    answers is not Discord, and the errors of the SDK and the network.
    """
    if not (token.isascii() and token.strip().isprintable()):
        raise Unauthorised("the Discord token has characters that no token has")
    try:
        async with asyncio.timeout(PATIENCE):
            await client.login(token)
    except discord.LoginFailure as error:
        if not getattr(error.__cause__, "text", "").startswith("401: "):  # as Discord's own answer does
            raise PlatformError(_NOT_DISCORD, permanent=False) from error
        raise Unauthorised(REFUSED) from error
    except aiohttp.ClientError:  # before ValueError, which the error for an untrusted certificate also is
        raise
    except (KeyError, TypeError, ValueError) as error:  # another server's page, such as a network's login page
        raise PlatformError(_NOT_DISCORD, permanent=False) from error


def session_pause(limit: Mapping[str, Any], shards: int) -> float:
    """Return how many seconds to wait before a session begins. `limit` is the `session_start_limit` of GET
    /gateway/bot.

    Discord resets the token of a bot that begins more than `total` sessions a day. There is no pause while more than a
    tenth is left. Then the rest is spread over the time until the count starts again.
    """
    left = int(limit["remaining"])
    return 0.0 if left > int(limit["total"]) / 10 else int(limit["reset_after"]) / 1000 * shards / max(left, 1)


async def serve_session(
    client: Client, sleep: Callable[[float], Awaitable[object]], clock: Callable[[], float], proxy: Proxy | None
) -> None:
    """Begin a session and serve it until the client is closed. `sleep` waits seconds, `clock` counts them.

    Raises PlatformError when the session has ended, cannot be resumed or is refused (MembersRefused for its intent),
    and the errors of the SDK and the network when the first connection fails.
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
    """Connect, and read events until the connection breaks. Returns why in a few words; raises like `serve_session`."""
    socket: Any = client.ws  # the connection before, whose session is resumed; None at first
    options: dict[str, Any] = {"initial": True}
    if socket:
        options = {"resume": True, "gateway": socket.gateway, "session": socket.session_id, "sequence": socket.sequence}
    try:
        async with asyncio.timeout(PATIENCE):
            socket = client.ws = await DiscordWebSocket.from_client(client, shard_id=client.shard_id, **options)
        while True:
            await socket.poll_event()
    except ReconnectWebSocket as closed:
        if not (closed.resume and socket and socket.session_id):
            raise PlatformError("Discord ended the session", permanent=False) from None
        return "the connection broke"
    except ValueError:
        reason = "the gateway sent something that is no JSON"
        if socket is None:
            raise PlatformError(f"Discord: {reason}", permanent=False) from None
        await socket.close(_RESUMABLE)  # also ends the thread that sends heartbeats
        return reason
    except (aiohttp.ClientError, OSError, discord.ConnectionClosed) as error:
        if isinstance(error, discord.ConnectionClosed) and error.code != _NORMAL:
            raise _refusal(error.code) from error
        if socket is None:
            raise
        return describe_failure(error, proxy)


def _refusal(code: int) -> PlatformError:
    """The error for the code with which Discord closed the connection."""
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
