"""Discord's refusals as the bot's errors, which say whether trying again helps and which right is missing."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import aiohttp
import discord

from bot.core.errors import Closed, Forbidden, Full, MessageGone, PlatformError, Unauthorised
from bot.core.model import Right

_T = TypeVar("_T")

# Codes of https://docs.discord.com/developers/topics/opcodes-and-status-codes
_UNKNOWN = frozenset({10003, 10004, 10008})  # channel, guild, message
_NO_ACCESS, _NO_RIGHT, _NO_DIRECT = 50001, 50013, frozenset({50007, 50278})
_TOO_LATE = {
    10062: "Discord waited more than three seconds for an answer",
    40060: "the interaction is already answered",
}
_TOO_MANY_PINS, _ARCHIVED = 30003, 50083
_TOO_MANY_OLD_EDITS = 30046  # of messages older than an hour; Discord publishes no number
_OLD_EDITS_REST = timedelta(minutes=1)


def _ignore(_: int) -> None: ...


async def translated(call: Awaitable[_T], needs: Right | None = None, count: Callable[[int], None] = _ignore) -> _T:
    """Await a call of the SDK, which needs the right `needs`; `count` takes its HTTP status, 0 for no answer.

    Raises:
        PlatformError, or a child of it, for everything that Discord or the network refuses.
    """
    try:
        answer = await call
    except discord.RateLimited as error:
        wait = timedelta(seconds=error.retry_after)
        raise PlatformError("Discord asks to wait", permanent=False, retry_after=wait) from error
    except discord.HTTPException as error:
        count(error.status)
        raise _refusal(error.status, error.code, needs) from error
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        count(0)
        raise PlatformError(f"Discord cannot be reached ({type(error).__name__})", permanent=False) from error
    count(200)
    return answer


def _refusal(status: int, code: int, needs: Right | None) -> PlatformError:
    if code in _UNKNOWN:
        return MessageGone(f"Discord: it no longer exists ({code})")
    if code == _TOO_MANY_PINS:
        return Full("this channel has 250 pins, which is Discord's limit")
    if code == _ARCHIVED:
        return Closed("the thread is archived")
    if code in _TOO_LATE:
        return PlatformError(_TOO_LATE[code], permanent=True)
    if code == _TOO_MANY_OLD_EDITS:
        return PlatformError("too many edits of old messages", permanent=False, retry_after=_OLD_EDITS_REST)
    if code == _NO_ACCESS:
        return Forbidden("the bot cannot see that channel")
    if code == _NO_RIGHT:
        return Forbidden("the bot lacks a right in that channel", needs)
    if code in _NO_DIRECT:
        return Forbidden("the member takes no direct messages", Right.SEND)
    if status == 401:
        return Unauthorised("Discord refuses the token")
    temporary = status == 429 or status >= 500
    return PlatformError(f"Discord refused: HTTP {status}, code {code}", permanent=not temporary)
