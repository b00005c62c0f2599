"""Converts the library's errors to ours. Their text is one short line of ASCII, without the token and without anything
that a member wrote.
"""

import re
from collections.abc import Awaitable
from datetime import timedelta
from typing import Final, TypeVar

from telegram import error as sdk

from bot.core.errors import Closed, Forbidden, MessageGone, PlatformError, Unauthorised
from bot.core.errors import Moved as ChatMoved
from bot.core.faults import Fault
from bot.core.model import Right

T = TypeVar("T")

LONGEST: Final = 120  # characters of an error's text that are logged
NOTHING_SENT: Final = "nothing was sent"

_QUOTED: Final = re.compile(r"[\"“”„«»`][^\"“”„«»`]*(?:[\"“”„«»`]|$)")
_NAMED: Final = re.compile(r"://|@|t\.me/|\d{5,}")  # a word that contains this is an address, a handle or an id
_ODD: Final = re.compile(r"[^A-Za-z0-9 _.,:;()'/=-]+")

# Parts of Telegram's error texts.
_GONE: Final = (
    *("message to edit not found", "message to delete not found", "message to pin not found"),
    *("message to unpin not found", "message to be replied not found", "message_id_invalid"),
    *("message thread not found", "topic_deleted", "topic_id_invalid", "chat not found"),
    *("group chat was deactivated", "channel_invalid", "peer_id_invalid"),
)
_CLOSED: Final = ("topic_closed",)
_MUTED: Final = ("chat_write_forbidden", "chat_restricted", "no rights to send", "rights to send")
_LACKING: Final = ("not enough rights", "chat_admin_required", "administrator rights", "message can't be deleted")


async def translated(call: Awaitable[T], right: Right | None = None, *, once: bool = False) -> T:
    """Return the result of the library's call, and raise its errors as ours. `right` and `once` are as in `problem`."""
    try:
        return await call
    except sdk.TelegramError as error:
        failure = problem(error, right, once=once)
    raise failure  # outside the except, so that the library's error, which may hold the token, is not its context


def problem(error: sdk.TelegramError, right: Right | None = None, *, once: bool = False) -> PlatformError:
    """Return the library's error as one of ours. `right` is the right that the call needs. With `once`, the call must
    not be repeated when its outcome is unknown, so such an error is permanent.
    """
    words = "; ".join([logged(error.message), *getattr(error, "__notes__", ())])  # the transport adds the notes
    match error:
        case sdk.RetryAfter():
            return PlatformError("flood control", permanent=False, retry_after=wait_of(error))
        case sdk.ChatMigrated():
            return ChatMoved(str(error.new_chat_id))
        case sdk.Forbidden():
            return Forbidden(words)
        case sdk.InvalidToken():  # the library's text contains the token
            return Unauthorised("Telegram does not know this token")
        case sdk.BadRequest():  # before NetworkError, its base class
            return _refused(error.message.casefold(), words, right)
        case sdk.Conflict():
            return PlatformError("another process receives this bot's updates", permanent=False, fault=Fault.CONFLICT)
        case sdk.NetworkError():
            return PlatformError(words, permanent=once and NOTHING_SENT not in error.message)
    return PlatformError(words, permanent=False)


def wait_of(flood: sdk.RetryAfter) -> timedelta:
    """Return how long Telegram asks to wait. The library gives seconds or, if so configured, a timedelta."""
    asked = flood.retry_after
    return asked if isinstance(asked, timedelta) else timedelta(seconds=asked)


def logged(words: str) -> str:
    """Return Telegram's description of an error for the log: without quoted words, addresses, handles and ids, and at
    most `LONGEST` characters long.
    """
    own = _QUOTED.sub(" ", words[: 8 * LONGEST]).split()
    plain = _ODD.sub(" ", " ".join(word for word in own if not _NAMED.search(word)))
    line = " ".join(plain.split()) or "refused without a description"
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def _refused(text: str, words: str, right: Right | None) -> PlatformError:
    """The error for a status 400, chosen by its text because Telegram gives these no codes."""

    def says(parts: tuple[str, ...]) -> bool:
        return any(part in text for part in parts)

    if says(_GONE):
        return MessageGone(words)
    if says(_CLOSED):
        return Closed(words)
    if says(_MUTED):
        return Forbidden(words, Right.SEND)
    return Forbidden(words, right) if says(_LACKING) else PlatformError(words, permanent=True)
