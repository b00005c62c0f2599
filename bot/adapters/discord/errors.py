"""Discord's refusals as the bot's errors, which say whether trying again helps and which right is missing."""

from collections.abc import Awaitable
from datetime import timedelta
from typing import TypeVar

import aiohttp
import discord

from bot.core.errors import Closed, Forbidden, Full, MessageGone, PlatformError, Unauthorised
from bot.core.model import Right

_T = TypeVar("_T")

_OLD_EDITS_REST = timedelta(minutes=1)


async def translated(call: Awaitable[_T], needs: Right | None = None) -> _T:
    """Await a call of the SDK, which needs the right `needs`.

    Raises:
        PlatformError, or a child of it, for everything that Discord or the network refuses.
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
    except ValueError as error:  # its JSON is broken
        raise PlatformError("Discord's answer could not be read", permanent=False) from error


def _refusal(status: int, code: int, needs: Right | None) -> PlatformError:
    """By https://docs.discord.com/developers/topics/opcodes-and-status-codes"""
    match code:
        case 10003 | 10004 | 10008:  # unknown channel, guild, message
            return MessageGone(f"Discord: it no longer exists ({code})")
        case 30003:
            return Full("this channel has 250 pins, which is Discord's limit")
        case 30034:
            return PlatformError("Discord takes 200 new commands a day, and these are more", permanent=False)
        case 40058:  # its author's first message, which Discord makes a moment later than the post itself
            soon = timedelta(seconds=1)
            return PlatformError("the post has no message yet", permanent=False, retry_after=soon)
        case 50083:
            return Closed("the thread is archived")
        case 10062:
            return PlatformError("Discord waited more than three seconds for an answer", permanent=True)
        case 40060:
            return PlatformError("the interaction is already answered", permanent=True)
        case 30046:  # of messages older than an hour; Discord publishes no number
            return PlatformError("too many edits of old messages", permanent=False, retry_after=_OLD_EDITS_REST)
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
    """The id as a number. Raises MessageGone for what is no id of Discord's."""
    if not (text.isascii() and text.isdecimal()):
        raise MessageGone("Discord has no such id")
    return int(text)
