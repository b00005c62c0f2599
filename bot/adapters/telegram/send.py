"""The only module that sends, changes, pins or removes messages. It takes only sealed Replies, and raises our own
errors.
"""

from collections.abc import Sequence
from typing import Any, Final

from telegram import InputFile
from telegram.ext import ExtBot

from bot.adapters.telegram.errors import translated
from bot.adapters.telegram.render import render
from bot.adapters.telegram.updates import ALLOWED, CallbackQuery, Message
from bot.core.disclaimer import Reply
from bot.core.errors import PlatformError, Unauthorised
from bot.core.model import Attachment, MessageRef, Place, Right
from bot.core.reply_cache import kept
from bot.core.settings_file import NAME, exported

Json = dict[str, Any]
Bot = ExtBot[None]

GENERAL: Final = "1"  # the thread id of a forum's first topic, which Telegram refuses when it is sent
MOST_RESULTS: Final = 50
_CACHE: Final = 60  # seconds that Telegram may show the same inline results

_SAME: Final = ("message is not modified", "chat_not_modified")  # nothing was to be changed
_LATE: Final = ("query is too old", "query_id_invalid", "query id is invalid")


async def post(
    bot: Bot, place: Place, reply: Reply, attach: MessageRef | None = None, *, silent: bool = False
) -> MessageRef:
    """Send the reply there, as an answer to the message `reply.to` or else `attach`, if that still exists; `silent`
    makes no sound.

    If Telegram's answer is lost, the error is permanent: the message may be there already, so it is not sent again.
    """
    said = _where(place) | _wire(reply, shared=place.community is not None)
    to = reply.to if isinstance(reply.to, MessageRef) else attach
    if to is not None and to.place.channel == place.channel:
        said["reply_parameters"] = {"message_id": int(to.message), "allow_sending_without_reply": True}
    if silent:
        said["disable_notification"] = True
    sent = await _send(bot, said, reply, once=True)
    return MessageRef(place, str(sent["message_id"]))


async def show_alone(
    bot: Bot,
    place: Place,
    reply: Reply,
    user: int,
    answers: Message | CallbackQuery | None = None,
    *,
    once: bool = False,
) -> MessageRef | None:
    """Show the reply only to that user; Telegram does not promise that it arrives. A press or an ephemeral message that
    it answers entitles the bot to this for 15 seconds. Otherwise it must be an administrator of the group.

    Returns None, or the message if the server has shown it to all. Raises PlatformError, permanent only where Telegram
    refused it (too late, or to a bot that is no administrator) or, with `once`, its answer was lost.
    """
    alone: Json = {"receiver_user_id": user}
    said = _where(place) | _wire(reply, shared=False) | {"ephemeral_message_parameters": alone}
    if isinstance(answers, CallbackQuery):
        alone["callback_query_id"] = answers.id
    elif answers is not None and answers.ephemeral_message_id is not None:
        said["reply_parameters"] = {"ephemeral_message_id": answers.ephemeral_message_id}
    elif answers is not None:
        said["reply_parameters"] = {"message_id": answers.message_id}
    sent = await _send(bot, said, reply, once=once)
    is_for_all = sent["message_id"] and not sent.get("ephemeral_message_id")
    return MessageRef(place, str(sent["message_id"])) if is_for_all else None


async def edit_alone(bot: Bot, place: Place, reply: Reply, user: int, message: int) -> None:
    """Replace the words and buttons of an ephemeral message, which only that user sees."""
    said = {"chat_id": int(place.channel or 0), "receiver_user_id": user, "ephemeral_message_id": message}
    await _call(bot, "editEphemeralMessageText", said | _wire(reply, shared=False), Right.SEND, harmless=_SAME)


async def knows_ephemeral(bot: Bot) -> bool:
    """Whether the server knows ephemeral messages: it is asked to delete one that cannot exist, by a method that a
    server from before Bot API 10.2 lacks. Raises PlatformError when there is no answer.
    """
    nothing = {"chat_id": bot.id, "receiver_user_id": bot.id, "ephemeral_message_id": 1}
    try:
        await _call(bot, "deleteEphemeralMessage", nothing)
    except Unauthorised:
        return False  # the library's error for 404 too, which is what a method that is not there gets
    except PlatformError as failure:
        if not failure.permanent:
            raise
    return True


async def edit(bot: Bot, ref: MessageRef, reply: Reply) -> None:
    """Replace the message's words and buttons; equal ones are no error."""
    said = _message(ref) | _wire(reply, shared=ref.place.community is not None)
    await _call(bot, "editMessageText", said, Right.SEND, harmless=_SAME)


async def delete(bot: Bot, ref: MessageRef) -> None:
    """Remove the message. Telegram lets a bot remove even its own only for 48 hours, unless it may delete."""
    await _call(bot, "deleteMessage", _message(ref), Right.DELETE)


async def pin(bot: Bot, ref: MessageRef) -> None:
    """Pin it silently; a message that is pinned already is no error."""
    said = _message(ref) | {"disable_notification": True}
    await _call(bot, "pinChatMessage", said, Right.PIN, harmless=_SAME)


async def unpin(bot: Bot, ref: MessageRef) -> None:
    """Unpin it; a message that is not pinned is no error. Without the id Telegram would unpin the newest."""
    await _call(bot, "unpinChatMessage", _message(ref), Right.PIN, harmless=_SAME)


async def acknowledge(bot: Bot, query: str, notice: Reply | None = None, topic: str | None = None) -> None:
    """Stop the button's spinner, with a notice that fits the bubble if there is one, and with the address that asks for
    `topic` in the direct chat. Being too late is no error.
    """
    text = render(notice).text if notice else None
    said = {"text": f"{text}\n{_chat_link(bot, topic)}", "show_alert": True} if topic else {"text": text}
    await _call(bot, "answerCallbackQuery", {"callback_query_id": query, **said}, harmless=_LATE)


async def open_chat(bot: Bot, query: str, command: str) -> None:
    """Have the app of whoever pressed the button open the direct chat with the bot, which is asked for the command
    there (https://core.telegram.org/bots/features#deep-linking). Being too late is no error.
    """
    said = {"callback_query_id": query, "url": _chat_link(bot, command)}
    await _call(bot, "answerCallbackQuery", said, harmless=_LATE)


async def results(bot: Bot, query: str, replies: Sequence[Reply]) -> None:
    """Answer an inline query. Each result sends the whole message, warning inside, and shows the warning in the
    list already. It has no buttons: a press under an inline message names no chat to answer in.
    """
    articles = {reply.digest: _article(reply) for reply in replies[:MOST_RESULTS]}
    said = {"inline_query_id": query, "results": [*articles.values()], "cache_time": _CACHE, "is_personal": True}
    await _call(bot, "answerInlineQuery", said, harmless=_LATE)


async def answer_guest(bot: Bot, query: str, reply: Reply) -> None:
    """Answer in a chat where the bot is no member. The message is like an inline result: it has no buttons."""
    await _call(bot, "answerGuestQuery", {"guest_query_id": query, "result": _article(reply)}, harmless=_LATE)


async def read(bot: Bot, file: Attachment) -> bytes:
    """What is in a file that was sent to the bot: Telegram gives an address for it, which holds the token."""
    found = await _call(bot, "getFile", {"file_id": file.source})
    return await translated(bot.request.retrieve(f"{bot.base_file_url}/{found['file_path']}"))


async def updates(bot: Bot, offset: int, wait: int) -> Any:
    """The updates from that number on. Telegram waits so many seconds for one to come."""
    return await _call(bot, "getUpdates", {"offset": offset, "timeout": wait, "allowed_updates": ALLOWED})


def _chat_link(bot: Bot, command: str) -> str:
    return f"https://t.me/{bot.username}?start={command}"


def _where(place: Place) -> Json:
    """The chat and topic of a new message. Telegram refuses the 0 of a place without a channel: no chat has it."""
    topic = {"message_thread_id": int(place.thread)} if place.thread and place.thread != GENERAL else {}
    return {"chat_id": int(place.channel or 0), **topic}


def _message(ref: MessageRef) -> Json:
    return {"chat_id": int(ref.place.channel or 0), "message_id": int(ref.message)}


async def _send(bot: Bot, said: Json, reply: Reply, *, once: bool) -> Any:
    """Send what was said, as the caption of the reply's file if it has one."""
    if reply.settings is None:
        return await _call(bot, "sendMessage", said, Right.SEND, once=once)
    del said["link_preview_options"]
    said |= {"caption": said.pop("text"), "caption_entities": said.pop("entities")}
    said["document"] = InputFile(exported(reply.settings), NAME)
    return await _call(bot, "sendDocument", said, Right.SEND, once=once)


async def _call(
    bot: Bot,
    method: str,
    said: Json,
    right: Right | None = None,
    *,
    once: bool = False,
    harmless: tuple[str, ...] = (),
) -> Any:
    """Telegram's answer as plain JSON, by the way that all of the library's methods go. Those make objects of the whole
    message that Telegram sends back, of which the id alone is wanted: that took as long as all the rest.

    Raises PlatformError, but not for words among the `harmless`; `right` and `once` are those of `errors.problem`.
    """
    try:
        return await translated(bot._post(method, said), right, once=once)
    except PlatformError as failure:
        if not any(part in failure.reason.casefold() for part in harmless):
            raise


@kept(1024)
def _wire(reply: Reply, *, shared: bool) -> Json:
    """The message as JSON, not to be changed. `shared` says whether several people read it."""
    message = render(reply, shared=shared)
    entities = [
        {"type": one.kind, "offset": one.offset, "length": one.length} | ({"url": one.url} if one.url else {})
        for one in message.entities
    ]
    rows = [[{"text": label, "callback_data": data} for label, data in row] for row in message.keyboard]
    said: Json = {"text": message.text, "entities": entities, "link_preview_options": {"is_disabled": True}}
    return said | ({"reply_markup": {"inline_keyboard": rows}} if rows else {})


def _article(reply: Reply) -> Json:
    """The reply as an inline result, without its buttons."""
    said = _wire(reply, shared=False)
    content = {"message_text": said["text"]} | {name: said[name] for name in ("entities", "link_preview_options")}
    article = {"type": "article", "id": reply.digest, "title": reply.title or "·", "input_message_content": content}
    return article | ({"description": reply.warning} if reply.warning else {})  # a notice has no warning
