"""The only module that makes Telegram say, change, pin or remove something. Its law: what goes out was rendered from
a sealed Reply, and what comes back as an error is one of ours, without the token and without anybody's words.
"""

from collections.abc import Awaitable, Sequence
from datetime import timedelta
from typing import Any, Final, TypeVar

import orjson
from telegram import (
    Bot,
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
    MessageEntity,
)
from telegram import error as sdk
from telegram.ext import ExtBot

from bot.adapters.telegram.error_text import bounded
from bot.adapters.telegram.pacing import seconds
from bot.adapters.telegram.render import render, units
from bot.adapters.telegram.transport import encoded, ready
from bot.core.disclaimer import Reply
from bot.core.errors import Closed, Forbidden, MessageGone, Moved, PlatformError, Unauthorised
from bot.core.model import MessageRef, Place, Right
from bot.core.reply_cache import kept

T = TypeVar("T")

GENERAL: Final = "1"  # the thread id of a forum's first topic, which Telegram refuses when it is sent
MOST_RESULTS: Final = 50
BUBBLE: Final = 200  # UTF-16 units that answerCallbackQuery shows
_CACHE = 60  # seconds that Telegram may show the same inline results
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

_SAME = ("message is not modified", "chat_not_modified")  # it already is as it was to become
_LATE = ("query is too old", "query_id_invalid", "query id is invalid")
_GONE = (
    "message to edit not found",
    "message to delete not found",
    "message to pin not found",
    "message to unpin not found",
    "message to be replied not found",
    "message_id_invalid",
    "message thread not found",
    "topic_deleted",
    "topic_id_invalid",
    "chat not found",
    "group chat was deactivated",
    "channel_invalid",
    "peer_id_invalid",
)
_CLOSED = "topic_closed"
_MUTED = ("chat_write_forbidden", "chat_restricted", "no rights to send", "rights to send")
_LACKING = ("not enough rights", "chat_admin_required", "administrator rights", "message can't be deleted")


async def post(bot: "ExtBot[None]", place: Place, reply: Reply, *, silent: bool = False) -> MessageRef:
    """Send the reply there, attached to `reply.to` where that is a message that still exists; `silent` makes no
    sound.

    An answer that did not come is a permanent error: the message may stand there already, so it is not sent again.
    """
    if place.channel is None:
        raise PlatformError("an inline query has no chat to answer in", permanent=True)
    to, said = reply.to, {"chat_id": int(place.channel), **_wire(reply)}
    if isinstance(to, MessageRef) and to.place.channel == place.channel:
        said["reply_parameters"] = {"message_id": int(to.message), "allow_sending_without_reply": True}
    if place.thread not in {None, GENERAL}:
        said["message_thread_id"] = int(place.thread or 0)
    if silent:
        said["disable_notification"] = True
    sent = await told(_call(bot, "sendMessage", said), Right.SEND, once=True)
    return MessageRef(place, str(sent["message_id"]))


async def edit(bot: "ExtBot[None]", ref: MessageRef, reply: Reply) -> None:
    """Put the reply in place of the message's words and buttons; equal ones are no error."""
    said = {"chat_id": _chat(ref), "message_id": int(ref.message), **_wire(reply)}
    await _unless(_SAME, told(_call(bot, "editMessageText", said), Right.SEND))


async def delete(bot: Bot, ref: MessageRef) -> None:
    """Remove the message. Telegram lets a bot remove even its own only for 48 hours, unless it may delete."""
    await told(bot.delete_message(_chat(ref), int(ref.message)), Right.DELETE)


async def pin(bot: Bot, ref: MessageRef) -> None:
    """Pin it silently; a pinned one is no error."""
    call = bot.pin_chat_message(_chat(ref), int(ref.message), disable_notification=True)
    await _unless(_SAME, told(call, Right.PIN))


async def unpin(bot: Bot, ref: MessageRef) -> None:
    """Take that pin off, also when it is off; without the id Telegram would take off the newest."""
    await _unless(_SAME, told(bot.unpin_chat_message(_chat(ref), int(ref.message)), Right.PIN))


async def acknowledge(bot: Bot, query: str, notice: Reply | None = None) -> None:
    """Stop the button's spinner, with a notice that fits its bubble; too late is no error."""
    words = render(notice).text if notice is not None and notice.warning is None else None
    shown = words if words and units(words) <= BUBBLE else None
    await _unless(_LATE, told(bot.answer_callback_query(query, shown)))


async def results(bot: Bot, query: str, replies: Sequence[Reply]) -> None:
    """Answer an inline query. Each result sends the whole message, warning inside, and shows the warning in the
    list already. No buttons: a press under an inline message names no chat to answer in.
    """
    articles = {reply.digest: _article(reply) for reply in replies[:MOST_RESULTS]}
    call = bot.answer_inline_query(query, tuple(articles.values()), cache_time=_CACHE, is_personal=True)
    await _unless(_LATE, told(call))


def problem(error: sdk.TelegramError, right: Right | None = None, *, once: bool = False) -> PlatformError:
    """The library's error as one of ours. `right` is what the call needs, `once` that it must not be repeated when
    its outcome is unknown.
    """
    words = "; ".join([bounded(error.message), *getattr(error, "__notes__", ())])  # notes are the transport's
    match error:
        case sdk.RetryAfter():
            return PlatformError("flood control", permanent=False, retry_after=timedelta(seconds=seconds(error)))
        case sdk.ChatMigrated():
            return Moved(str(error.new_chat_id))
        case sdk.Forbidden():
            return Forbidden(words)
        case sdk.InvalidToken():  # its own words may hold the token
            return Unauthorised("Telegram does not know this token")
        case sdk.BadRequest():  # a kind of NetworkError, so it stands before that
            return _refused(error.message.casefold(), words, right)
        case sdk.Conflict():
            return PlatformError("another process receives this bot's updates", permanent=False)
        case sdk.NetworkError():
            unknown = once and "nothing was sent" not in error.message
            return PlatformError(words, permanent=unknown)
    return PlatformError(words, permanent=False)


def _refused(text: str, words: str, right: Right | None) -> PlatformError:
    """A 400, told apart by its text: Telegram has no codes for these."""
    if any(part in text for part in _GONE):
        return MessageGone(words)
    if _CLOSED in text:
        return Closed(words)
    if any(part in text for part in _MUTED):
        return Forbidden(words, Right.SEND)
    if any(part in text for part in _LACKING):
        return Forbidden(words, right)
    return PlatformError(words, permanent=True)


async def told(call: Awaitable[T], right: Right | None = None, *, once: bool = False) -> T:
    """What the library's call gives, with its errors as ours. The other modules ask Telegram through this too."""
    try:
        return await call
    except sdk.TelegramError as error:
        failure = problem(error, right, once=once)
    raise failure  # out here, so that the library's error, which may hold the token, is not its context


async def _unless(harmless: tuple[str, ...], call: Awaitable[object]) -> None:
    try:
        await call
    except PlatformError as failure:
        if not any(part in failure.reason.casefold() for part in harmless):
            raise


def _chat(ref: MessageRef) -> int:
    if ref.place.channel is None:
        raise MessageGone("an inline message belongs to no chat")
    return int(ref.place.channel)


async def _call(bot: "ExtBot[None]", method: str, said: dict[str, Any]) -> Any:
    """What Telegram answers, as it comes, when a chat is told something. The library's own methods make objects of the
    whole message that Telegram shows us back, of which the id alone is wanted: that took as long as all the rest.
    """
    call, pace = (f"{bot.base_url}/{method}", ready(said)), bot.rate_limiter
    if pace is None:
        return await bot.request.post(*call)
    return await pace.process_request(bot.request.post, call, {}, method, said, None)


@kept(512)
def _wire(reply: Reply) -> dict[str, Any]:
    """The message as JSON, made once for each explainer, which is sent over and over."""
    message = render(reply)
    entities = [{"type": one.kind, "offset": one.offset, "length": one.length} for one in message.entities]
    rows = [[{"text": label, "callback_data": data} for label, data in row] for row in message.keyboard]
    wire: dict[str, Any] = {"text": message.text, "entities": entities, "link_preview_options": {"is_disabled": True}}
    wire |= {"reply_markup": {"inline_keyboard": rows}} if rows else {}
    return {name: orjson.Fragment(encoded(value)) for name, value in wire.items()}


def _article(reply: Reply) -> InlineQueryResultArticle:
    message = render(reply)
    entities = [MessageEntity(one.kind, one.offset, one.length) for one in message.entities]
    content = InputTextMessageContent(message.text, entities=entities, link_preview_options=_NO_PREVIEW)
    return InlineQueryResultArticle(reply.digest, reply.title or "·", content, description=reply.warning)
