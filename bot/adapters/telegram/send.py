"""The only module that sends, changes, pins or removes messages. It takes only sealed Replies, and raises our own
errors.
"""

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, final

import orjson
from telegram import (
    Bot,
    InlineQueryResultArticle,
    InputFile,
    InputTextMessageContent,
    LinkPreviewOptions,
    MessageEntity,
)
from telegram.ext import ExtBot

from bot.adapters.telegram.errors import translated
from bot.adapters.telegram.render import render
from bot.adapters.telegram.transport import encoded, parameters
from bot.core.disclaimer import Reply
from bot.core.errors import MessageGone, PlatformError, Unauthorised
from bot.core.model import Attachment, MessageRef, Place, Right
from bot.core.reply_cache import kept
from bot.core.settings_file import NAME, exported

GENERAL: Final = "1"  # the thread id of a forum's first topic, which Telegram refuses when it is sent
MOST_RESULTS: Final = 50
_CACHE: Final = 60  # seconds that Telegram may show the same inline results
_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)

_SAME: Final = ("message is not modified", "chat_not_modified")  # nothing was to be changed
_LATE: Final = ("query is too old", "query_id_invalid", "query id is invalid")


@final
@dataclass(frozen=True, slots=True)
class Reader:
    """Who alone is to see a message, and which message of theirs it answers (empty: none).

    The press of a button (its `query`) and an ephemeral message entitle the bot to an answer for 15 seconds. Otherwise
    it must be an administrator of the group.
    """

    user: int
    query: str | None = None
    answers: Mapping[str, int] = field(default_factory=dict)


async def post(
    bot: "ExtBot[None]", place: Place, reply: Reply, attach: MessageRef | None = None, *, silent: bool = False
) -> MessageRef:
    """Send the reply there, as an answer to the message `reply.to` or else `attach`, if that still exists; `silent`
    makes no sound.

    If Telegram's answer is lost, the error is permanent: the message may be there already, so it is not sent again.
    """
    said = {**_where(place), **_wire(reply, shared=place.community is not None)}
    to = reply.to if isinstance(reply.to, MessageRef) else attach
    if to is not None and to.place.channel == place.channel:
        said["reply_parameters"] = {"message_id": int(to.message), "allow_sending_without_reply": True}
    if silent:
        said["disable_notification"] = True
    sent = await translated(_send(bot, said, reply), Right.SEND, once=True)
    return MessageRef(place, str(sent["message_id"]))


async def show_alone(
    bot: "ExtBot[None]", place: Place, reply: Reply, reader: Reader, *, once: bool = False
) -> MessageRef | None:
    """Show the reply only to that reader; Telegram does not promise that it arrives.

    Returns None, or the message if the server has shown it to all. Raises PlatformError, permanent only where Telegram
    refused it (after 15 seconds, or to a bot that is no administrator) or, with `once`, its answer was lost.
    """
    told: dict[str, Any] = {"receiver_user_id": reader.user}
    told |= {"callback_query_id": reader.query} if reader.query else {}
    said = {**_where(place), **_wire(reply, shared=False), "ephemeral_message_parameters": told}
    if reader.answers:
        said["reply_parameters"] = dict(reader.answers)
    sent = await translated(_send(bot, said, reply), Right.SEND, once=once)
    is_for_all = sent["message_id"] and not sent.get("ephemeral_message_id")
    return MessageRef(place, str(sent["message_id"])) if is_for_all else None


async def edit_alone(bot: "ExtBot[None]", place: Place, reply: Reply, user: int, message: int) -> None:
    """Replace the words and buttons of an ephemeral message, which only that user sees."""
    said = {"chat_id": _where(place)["chat_id"], "receiver_user_id": user, "ephemeral_message_id": message}
    said |= _wire(reply, shared=False)
    await _unless(_SAME, translated(_call(bot, "editEphemeralMessageText", said), Right.SEND))


async def knows_ephemeral(bot: "ExtBot[None]") -> bool:
    """Whether the server knows ephemeral messages: it is asked to delete one that cannot exist, by a method that a
    server from before Bot API 10.2 lacks. Raises PlatformError when there is no answer.
    """
    nothing = {"chat_id": bot.id, "receiver_user_id": bot.id, "ephemeral_message_id": 1}
    try:
        await translated(_call(bot, "deleteEphemeralMessage", nothing))
    except Unauthorised:
        return False  # the library's error for 404 too, which is what a method that is not there gets
    except PlatformError as failure:
        if not failure.permanent:
            raise
    return True


async def edit(bot: "ExtBot[None]", ref: MessageRef, reply: Reply) -> None:
    """Replace the message's words and buttons; equal ones are no error."""
    said = {"chat_id": _chat(ref), "message_id": int(ref.message)}
    said |= _wire(reply, shared=ref.place.community is not None)
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


async def acknowledge(bot: "ExtBot[None]", query: str, notice: Reply | None = None, topic: str | None = None) -> None:
    """Stop the button's spinner, with a notice that fits the bubble if there is one, and with the address that asks for
    `topic` in the direct chat. Being too late is no error.
    """
    text = render(notice).text if notice else None
    text = f"{text}\n{_chat_link(bot, topic)}" if topic else text
    await _unless(_LATE, translated(bot.answer_callback_query(query, text, show_alert=bool(topic))))


async def open_chat(bot: "ExtBot[None]", query: str, command: str) -> None:
    """Have the app of whoever pressed the button open the direct chat with the bot, which is asked for the command
    there (https://core.telegram.org/bots/features#deep-linking). Being too late is no error.
    """
    await _unless(_LATE, translated(bot.answer_callback_query(query, url=_chat_link(bot, command))))


async def results(bot: Bot, query: str, replies: Sequence[Reply]) -> None:
    """Answer an inline query. Each result sends the whole message, warning inside, and shows the warning in the
    list already. It has no buttons: a press under an inline message names no chat to answer in.
    """
    articles = {reply.digest: _article(reply) for reply in replies[:MOST_RESULTS]}
    call = bot.answer_inline_query(query, tuple(articles.values()), cache_time=_CACHE, is_personal=True)
    await _unless(_LATE, translated(call))


async def answer_guest(bot: "ExtBot[None]", query: str, reply: Reply) -> None:
    """Answer in a chat where the bot is no member. The message is like an inline result: it has no buttons."""
    await _unless(_LATE, translated(bot.answer_guest_query(query, _article(reply))))


def _chat_link(bot: "ExtBot[None]", command: str) -> str:
    return f"https://t.me/{bot.username}?start={command}"


async def _unless(harmless: tuple[str, ...], call: Awaitable[object]) -> None:
    try:
        await call
    except PlatformError as failure:
        if not any(part in failure.reason.casefold() for part in harmless):
            raise


def _where(place: Place) -> dict[str, Any]:
    """The chat and topic of a new message."""
    if place.channel is None:
        raise PlatformError("an inline query has no chat to answer in", permanent=True)
    topic = {"message_thread_id": int(place.thread)} if place.thread and place.thread != GENERAL else {}
    return {"chat_id": int(place.channel), **topic}


def _chat(ref: MessageRef) -> int:
    if ref.place.channel is None:
        raise MessageGone("an inline message belongs to no chat")
    return int(ref.place.channel)


def _send(bot: "ExtBot[None]", said: dict[str, Any], reply: Reply) -> Awaitable[Any]:
    """Send what was said, as the caption of the reply's file if it has one."""
    if reply.settings is None:
        return _call(bot, "sendMessage", said)
    caption = {"caption": render(reply).text, "caption_entities": said["entities"]}
    rest = {name: value for name, value in said.items() if name not in ("text", "entities", "link_preview_options")}
    return _call(bot, "sendDocument", rest | caption, document=InputFile(exported(reply.settings), NAME))


async def read(bot: "ExtBot[None]", file: Attachment) -> bytes:
    """What is in a file that was sent to the bot: Telegram gives an address for it, which holds the token."""
    found = await translated(_call(bot, "getFile", {"file_id": file.source}))
    return await translated(bot.request.retrieve(f"{bot.base_file_url}/{found['file_path']}"))


def _call(bot: "ExtBot[None]", method: str, said: dict[str, Any], **files: InputFile) -> Awaitable[Any]:
    """Telegram's answer as plain JSON. The library's own methods make objects of the whole message that Telegram sends
    back, of which the id alone is wanted: that took as long as all the rest.
    """
    call, pace = (f"{bot.base_url}/{method}", parameters(said, **files)), bot.rate_limiter
    if pace is None:
        return bot.request.post(*call)
    return pace.process_request(bot.request.post, call, {}, method, said, None)


@kept(1024)
def _wire(reply: Reply, *, shared: bool) -> dict[str, Any]:
    """The message as JSON, made once for each explainer, which is sent over and over. `shared` says whether several
    people read it.
    """
    message = render(reply, shared=shared)
    entities = [
        {"type": one.kind, "offset": one.offset, "length": one.length} | ({"url": one.url} if one.url else {})
        for one in message.entities
    ]
    rows = [[{"text": label, "callback_data": data} for label, data in row] for row in message.keyboard]
    wire: dict[str, Any] = {"text": message.text, "entities": entities, "link_preview_options": {"is_disabled": True}}
    wire |= {"reply_markup": {"inline_keyboard": rows}} if rows else {}
    return {name: orjson.Fragment(encoded(value)) for name, value in wire.items()}


def _article(reply: Reply) -> InlineQueryResultArticle:
    message = render(reply)
    entities = [MessageEntity(one.kind, one.offset, one.length, one.url) for one in message.entities]
    content = InputTextMessageContent(message.text, entities=entities, link_preview_options=_NO_PREVIEW)
    return InlineQueryResultArticle(reply.digest, reply.title or "·", content, description=reply.warning)
