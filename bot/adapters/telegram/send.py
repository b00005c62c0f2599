"""The only module that sends, changes, pins or removes messages. It takes sealed Replies alone, and raises our own
errors.
"""

from collections.abc import Awaitable, Sequence
from typing import Any, Final

import orjson
from telegram import Bot, InlineQueryResultArticle, InputTextMessageContent, LinkPreviewOptions, MessageEntity
from telegram.ext import ExtBot

from bot.adapters.telegram.errors import translated
from bot.adapters.telegram.render import render, units
from bot.adapters.telegram.transport import encoded, parameters
from bot.core.disclaimer import Reply
from bot.core.errors import MessageGone, PlatformError
from bot.core.model import MessageRef, Place, Right
from bot.core.reply_cache import kept

GENERAL: Final = "1"  # the thread id of a forum's first topic, which Telegram refuses when it is sent
MOST_RESULTS: Final = 50
BUBBLE: Final = 200  # UTF-16 units that answerCallbackQuery shows
_CACHE: Final = 60  # seconds that Telegram may show the same inline results
_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)

_SAME: Final = ("message is not modified", "chat_not_modified")  # nothing was to be changed
_LATE: Final = ("query is too old", "query_id_invalid", "query id is invalid")


async def post(
    bot: "ExtBot[None]", place: Place, reply: Reply, attach: MessageRef | None = None, *, silent: bool = False
) -> MessageRef:
    """Send the reply there, as an answer to the message `reply.to` or else `attach`, if that still exists; `silent`
    makes no sound.

    If Telegram's answer is lost, the error is permanent: the message may be there already, so it is not sent again.
    """
    if place.channel is None:
        raise PlatformError("an inline query has no chat to answer in", permanent=True)
    said: dict[str, Any] = {"chat_id": int(place.channel), **_wire(reply)}
    to = reply.to if isinstance(reply.to, MessageRef) else attach
    if to is not None and to.place.channel == place.channel:
        said["reply_parameters"] = {"message_id": int(to.message), "allow_sending_without_reply": True}
    if place.thread is not None and place.thread != GENERAL:
        said["message_thread_id"] = int(place.thread)
    if silent:
        said["disable_notification"] = True
    sent = await translated(_call(bot, "sendMessage", said), Right.SEND, once=True)
    return MessageRef(place, str(sent["message_id"]))


async def edit(bot: "ExtBot[None]", ref: MessageRef, reply: Reply) -> None:
    """Replace the message's words and buttons; equal ones are no error."""
    said = {"chat_id": _chat(ref), "message_id": int(ref.message), **_wire(reply)}
    await _unless(_SAME, translated(_call(bot, "editMessageText", said), Right.SEND))


async def delete(bot: Bot, ref: MessageRef) -> None:
    """Remove the message. Telegram lets a bot remove even its own only for 48 hours, unless it may delete."""
    await translated(bot.delete_message(_chat(ref), int(ref.message)), Right.DELETE)


async def pin(bot: Bot, ref: MessageRef) -> None:
    """Pin it silently; a message that is pinned already is no error."""
    call = bot.pin_chat_message(_chat(ref), int(ref.message), disable_notification=True)
    await _unless(_SAME, translated(call, Right.PIN))


async def unpin(bot: Bot, ref: MessageRef) -> None:
    """Unpin it; a message that is not pinned is no error. Without the id Telegram would unpin the newest."""
    await _unless(_SAME, translated(bot.unpin_chat_message(_chat(ref), int(ref.message)), Right.PIN))


async def acknowledge(bot: Bot, query: str, notice: Reply | None = None) -> None:
    """Stop the button's spinner, with a notice if it fits the bubble; being too late is no error."""
    words = render(notice).text if notice is not None and notice.warning is None else None
    shown = words if words and units(words) <= BUBBLE else None
    await _unless(_LATE, translated(bot.answer_callback_query(query, shown)))


async def results(bot: Bot, query: str, replies: Sequence[Reply]) -> None:
    """Answer an inline query. Each result sends the whole message, warning inside, and shows the warning in the
    list already. It has no buttons: a press under an inline message names no chat to answer in.
    """
    articles = {reply.digest: _article(reply) for reply in replies[:MOST_RESULTS]}
    call = bot.answer_inline_query(query, tuple(articles.values()), cache_time=_CACHE, is_personal=True)
    await _unless(_LATE, translated(call))


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


def _call(bot: "ExtBot[None]", method: str, said: dict[str, Any]) -> Awaitable[Any]:
    """Telegram's answer as plain JSON. The library's own methods make objects of the whole message that Telegram sends
    back, of which the id alone is wanted: that took as long as all the rest.
    """
    call, pace = (f"{bot.base_url}/{method}", parameters(said)), bot.rate_limiter
    if pace is None:
        return bot.request.post(*call)
    return pace.process_request(bot.request.post, call, {}, method, said, None)


@kept(1024)
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
