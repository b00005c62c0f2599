"""What Discord refuses, as our errors. The law: each tells whether trying again helps, and the right that it takes."""

from collections.abc import Awaitable
from datetime import timedelta
from typing import TypeVar

import aiohttp
import discord

from bot.core.errors import Closed, Forbidden, Full, MessageGone, PlatformError, Unauthorised
from bot.core.model import Right

_T = TypeVar("_T")

_GONE = frozenset({10003, 10004, 10008})  # unknown channel, guild, message
_NO_ACCESS, _NO_RIGHT, _NO_DIRECT = 50001, 50013, frozenset({50007, 50278})
_LASTING = {
    10062: "Discord waited more than three seconds for an answer",
    40060: "the interaction is answered already",
}
_FULL, _CLOSED = 30003, 50083
_OLD_EDITS = 30046  # too many edits of messages older than an hour; Discord publishes no number
_OLD_EDITS_REST = timedelta(minutes=1)


async def sent(call: Awaitable[_T], needs: Right | None = None) -> _T:
    """Await a call of the SDK; whatever Discord refuses becomes one of our errors, `needs` the right it takes."""
    try:
        return await call
    except discord.RateLimited as error:
        raise PlatformError(
            "Discord asks to wait", permanent=False, retry_after=timedelta(seconds=error.retry_after)
        ) from error
    except discord.HTTPException as error:
        raise _refusal(error, needs) from error
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise PlatformError(f"Discord cannot be reached ({type(error).__name__})", permanent=False) from error


def _refusal(error: discord.HTTPException, needs: Right | None) -> PlatformError:
    code = error.code
    if code in _GONE:
        return MessageGone(f"Discord: it no longer exists ({code})")
    if code == _FULL:
        return Full("this channel has 250 pins, which is Discord's limit")
    if code == _CLOSED:
        return Closed("the thread is archived")
    if code in _LASTING:
        return PlatformError(_LASTING[code], permanent=True)
    if code == _OLD_EDITS:
        return PlatformError("too many edits of old messages", permanent=False, retry_after=_OLD_EDITS_REST)
    if code == _NO_ACCESS:
        return Forbidden("the bot cannot see that channel")
    if code == _NO_RIGHT:
        return Forbidden("the bot lacks a right in that channel", needs)
    if code in _NO_DIRECT:
        return Forbidden("the member takes no direct messages", Right.SEND)
    if error.status == 401:
        return Unauthorised("Discord refuses the token")
    temporary = error.status == 429 or error.status >= 500
    return PlatformError(f"Discord refused: HTTP {error.status}, code {code}", permanent=not temporary)
