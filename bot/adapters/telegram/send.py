"""Sends, edits, pins and deletes messages; no other module of this adapter does. It takes only sealed Replies, and
raises our own errors.
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
from bot.core.reply_cache import cache_by_reply
from bot.core.settings_export import NAME, to_yaml

Json = dict[str, Any]
Bot = ExtBot[None]

GENERAL: Final = "1"  # the thread id of a forum's "General" topic; Telegram refuses calls that contain it
MOST_RESULTS: Final = 50
_CACHE: Final = 60  # seconds that Telegram may show the same inline results

# Parts of error texts.
_UNCHANGED: Final = ("message is not modified", "chat_not_modified")
_TOO_LATE: Final = ("query is too old", "query_id_invalid", "query id is invalid")


async def post(
    bot: Bot, place: Place, reply: Reply, attach: MessageRef | None = None, *, silent: bool = False
) -> MessageRef:
    """Send the reply there, replying to the message `reply.to` or else `attach` if that still exists. With `silent`,
    the apps make no sound.

    If Telegram's response is lost, the error is permanent: the message may have been sent, so it must not be sent
    again.
    """
    payload = _target(place) | _content(reply, shared=place.community is not None)
    to = reply.to if isinstance(reply.to, MessageRef) else attach
    if to is not None and to.place.channel == place.channel:
        payload["reply_parameters"] = {"message_id": int(to.message), "allow_sending_without_reply": True}
    if silent:
        payload["disable_notification"] = True
    sent = await _send(bot, payload, reply, once=True)
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
    """Show the reply only to that user. Telegram does not promise that it arrives.

    For 15 seconds after a press or an ephemeral message, the bot may answer it (`answers`) this way. Otherwise the bot
    must be an administrator of the group.

    Returns None, or the message if the server has shown it to all. Raises PlatformError. It is permanent only where
    Telegram refused the message (too late, or the bot is not an administrator) or, with `once`, the response was lost.
    """
    ephemeral: Json = {"receiver_user_id": user}
    payload = _target(place) | _content(reply, shared=False) | {"ephemeral_message_parameters": ephemeral}
    if isinstance(answers, CallbackQuery):
        ephemeral["callback_query_id"] = answers.id
    elif answers is not None and answers.ephemeral_message_id is not None:
        payload["reply_parameters"] = {"ephemeral_message_id": answers.ephemeral_message_id}
    elif answers is not None:
        payload["reply_parameters"] = {"message_id": answers.message_id}
    sent = await _send(bot, payload, reply, once=once)
    is_for_all = sent["message_id"] and not sent.get("ephemeral_message_id")
    return MessageRef(place, str(sent["message_id"])) if is_for_all else None


async def edit_alone(bot: Bot, place: Place, reply: Reply, user: int, message: int) -> None:
    """Replace the text and buttons of an ephemeral message, which only that user sees. No error if they are equal."""
    target = {"chat_id": int(place.channel or 0), "receiver_user_id": user, "ephemeral_message_id": message}
    payload = target | _content(reply, shared=False)
    await _call(bot, "editEphemeralMessageText", payload, Right.SEND, harmless=_UNCHANGED)


async def knows_ephemeral(bot: Bot) -> bool:
    """Whether the Bot API server supports ephemeral messages. Raises PlatformError if it does not answer.

    Asks the server to delete an ephemeral message that cannot exist. Servers older than Bot API 10.2 lack that method.
    """
    target = {"chat_id": bot.id, "receiver_user_id": bot.id, "ephemeral_message_id": 1}
    try:
        await _call(bot, "deleteEphemeralMessage", target)
    except Unauthorised:
        return False  # the library raises the same error for 404, the status of an unknown method
    except PlatformError as failure:
        if not failure.permanent:
            raise
    return True


async def edit(bot: Bot, ref: MessageRef, reply: Reply) -> None:
    """Replace the message's text and buttons. No error if they are equal."""
    payload = _ids(ref) | _content(reply, shared=ref.place.community is not None)
    await _call(bot, "editMessageText", payload, Right.SEND, harmless=_UNCHANGED)


async def delete(bot: Bot, ref: MessageRef) -> None:
    """Delete the message. A bot without the right to delete messages can delete its own for 48 hours only."""
    await _call(bot, "deleteMessage", _ids(ref), Right.DELETE)


async def pin(bot: Bot, ref: MessageRef) -> None:
    """Pin the message silently. No error if it is pinned already."""
    payload = _ids(ref) | {"disable_notification": True}
    await _call(bot, "pinChatMessage", payload, Right.PIN, harmless=_UNCHANGED)


async def unpin(bot: Bot, ref: MessageRef) -> None:
    """Unpin the message. No error if it is not pinned. Without the id, Telegram would unpin the newest message."""
    await _call(bot, "unpinChatMessage", _ids(ref), Right.PIN, harmless=_UNCHANGED)


async def acknowledge(bot: Bot, query: str, notice: Reply | None = None, topic: str | None = None) -> None:
    """Stop the button's spinner. Shows the notice, which must fit, in the bubble over the button; with `topic` as an
    alert with the link that asks for the topic in the direct chat. No error if it is too late.
    """
    text = render(notice).text if notice else None
    bubble = {"text": f"{text}\n{_chat_link(bot, topic)}", "show_alert": True} if topic else {"text": text}
    await _call(bot, "answerCallbackQuery", {"callback_query_id": query, **bubble}, harmless=_TOO_LATE)


async def open_chat(bot: Bot, query: str, command: str) -> None:
    """Open the direct chat with the bot in the app of the member who pressed the button, with a link that asks for the
    command there (https://core.telegram.org/bots/features#deep-linking). No error if it is too late.
    """
    payload = {"callback_query_id": query, "url": _chat_link(bot, command)}
    await _call(bot, "answerCallbackQuery", payload, harmless=_TOO_LATE)


async def results(bot: Bot, query: str, replies: Sequence[Reply]) -> None:
    """Answer an inline query. Each result sends the whole message with its warning, and the list of results shows the
    warning too. Results have no buttons, because a press on an inline message names no chat to answer in.
    """
    articles = {reply.digest: _article(reply) for reply in replies[:MOST_RESULTS]}
    payload = {"inline_query_id": query, "results": [*articles.values()], "cache_time": _CACHE, "is_personal": True}
    await _call(bot, "answerInlineQuery", payload, harmless=_TOO_LATE)


async def answer_guest(bot: Bot, query: str, reply: Reply) -> None:
    """Answer in a chat where the bot is not a member. Like an inline result, the message has no buttons."""
    await _call(bot, "answerGuestQuery", {"guest_query_id": query, "result": _article(reply)}, harmless=_TOO_LATE)


async def read(bot: Bot, file: Attachment) -> bytes:
    """Download a file that was sent to the bot. The URL of the download contains the token."""
    answer = await _call(bot, "getFile", {"file_id": file.source})
    return await translated(bot.request.retrieve(f"{bot.base_file_url}/{answer['file_path']}"))


async def updates(bot: Bot, offset: int, wait: int) -> Any:
    """Fetch the updates with ids from `offset` on. Telegram waits up to `wait` seconds for the first one."""
    return await _call(bot, "getUpdates", {"offset": offset, "timeout": wait, "allowed_updates": ALLOWED})


def _chat_link(bot: Bot, command: str) -> str:
    return f"https://t.me/{bot.username}?start={command}"


def _target(place: Place) -> Json:
    """The chat and topic of a new message. A place without a channel becomes chat 0, which Telegram refuses."""
    topic = {"message_thread_id": int(place.thread)} if place.thread and place.thread != GENERAL else {}
    return {"chat_id": int(place.channel or 0), **topic}


def _ids(ref: MessageRef) -> Json:
    return {"chat_id": int(ref.place.channel or 0), "message_id": int(ref.message)}


async def _send(bot: Bot, payload: Json, reply: Reply, *, once: bool) -> Any:
    """Send the payload; if the reply has settings, as the caption of the file with them."""
    if reply.settings is None:
        return await _call(bot, "sendMessage", payload, Right.SEND, once=once)
    del payload["link_preview_options"]
    payload |= {"caption": payload.pop("text"), "caption_entities": payload.pop("entities")}
    payload["document"] = InputFile(to_yaml(reply.settings), NAME)
    return await _call(bot, "sendDocument", payload, Right.SEND, once=once)


async def _call(
    bot: Bot,
    method: str,
    payload: Json,
    right: Right | None = None,
    *,
    once: bool = False,
    harmless: tuple[str, ...] = (),
) -> Any:
    """Call a method of the Bot API and return its result as plain JSON.

    `_post` is what all of the library's own methods use. Those build objects of the whole message in the response,
    which took as long as all the rest, and only the id is needed.

    Raises PlatformError, unless its text contains one of `harmless`: then returns None. `right` and `once` are those of
    `errors.problem`.
    """
    try:
        return await translated(bot._post(method, payload), right, once=once)
    except PlatformError as failure:
        if not any(part in failure.reason.casefold() for part in harmless):
            raise


@cache_by_reply(1024)
def _content(reply: Reply, *, shared: bool) -> Json:
    """The rendered reply as JSON. It is cached, so it must not be changed. `shared`: several people read it."""
    message = render(reply, shared=shared)
    entities = [
        {"type": one.kind, "offset": one.offset, "length": one.length} | ({"url": one.url} if one.url else {})
        for one in message.entities
    ]
    rows = [[{"text": label, "callback_data": data} for label, data in row] for row in message.keyboard]
    content: Json = {"text": message.text, "entities": entities, "link_preview_options": {"is_disabled": True}}
    return content | ({"reply_markup": {"inline_keyboard": rows}} if rows else {})


def _article(reply: Reply) -> Json:
    """The reply as an inline result, without its buttons."""
    shown = _content(reply, shared=False)
    content = {"message_text": shown["text"]} | {name: shown[name] for name in ("entities", "link_preview_options")}
    article = {"type": "article", "id": reply.digest, "title": reply.title or "·", "input_message_content": content}
    return article | ({"description": reply.warning} if reply.warning else {})  # a notice has no warning
