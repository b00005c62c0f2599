"""Converts Discord's errors to ours, which tell whether trying again helps and which right is missing."""

from collections.abc import Awaitable
from datetime import timedelta
from typing import TypeVar

import aiohttp
import discord

from bot.core.errors import Closed, Forbidden, Full, MessageGone, PlatformError, Unauthorised
from bot.core.model import Right

_T = TypeVar("_T")

_PAUSE_OF_OLD_EDITS = timedelta(minutes=1)


async def translated(call: Awaitable[_T], needs: Right | None = None) -> _T:
    """Await a call of the SDK. `needs` is the right that it needs.

    Raises:
        PlatformError: or a subclass, for each error of Discord and the network.
    """
    try:
        return await call
    except discord.RateLimited as error:
        wait = timedelta(seconds=error.retry_after)
        raise PlatformError("Discord asks to wait", permanent=False, retry_after=wait) from error
    except discord.HTTPException as error:
        raise _refusal(error.status, error.code, needs) from error
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise PlatformError(f"Discord cannot be reached ({type(error).__name__})", permanent=False) from error
    except ValueError as error:  # invalid JSON
        raise PlatformError("Discord's answer could not be read", permanent=False) from error


def _refusal(status: int, code: int, needs: Right | None) -> PlatformError:
    """The error for a status and one of the codes of
    https://docs.discord.com/developers/topics/opcodes-and-status-codes
    """
    match code:
        case 10003 | 10004 | 10008:  # unknown channel, guild, message
            return MessageGone(f"Discord: it no longer exists ({code})")
        case 30003:
            return Full("this channel has 250 pins, which is Discord's limit")
        case 30034:
            return PlatformError("Discord accepts 200 new commands a day, and these are more", permanent=False)
        case 40058:  # Discord creates the first message of a post a moment after the post
            soon = timedelta(seconds=1)
            return PlatformError("the post has no message yet", permanent=False, retry_after=soon)
        case 50083:
            return Closed("the thread is archived")
        case 10062:
            return PlatformError("Discord waited more than three seconds for an answer", permanent=True)
        case 40060:
            return PlatformError("the interaction is already answered", permanent=True)
        case 30046:  # edits of messages older than an hour; Discord does not publish the limit
            return PlatformError("too many edits of old messages", permanent=False, retry_after=_PAUSE_OF_OLD_EDITS)
        case 50001:
            return Forbidden("the bot cannot see that channel")
        case 50013:
            return Forbidden("the bot lacks a right in that channel", needs)
        case 50007 | 50278:
            return Forbidden("the member takes no direct messages", Right.SEND)
    if status == 401:
        return Unauthorised("Discord refuses the token")
    temporary = status == 429 or status >= 500
    return PlatformError(f"Discord refused: HTTP {status}, code {code}", permanent=not temporary)


def number(text: str) -> int:
    """Return the id as a number. Raises MessageGone if it is not an id of Discord's."""
    if not (text.isascii() and text.isdecimal()):
        raise MessageGone("Discord has no such id")
    return int(text)
