"""Telegram's updates as the core's own values. What an update does not say is left out, never guessed."""

import re
from typing import Final

from telegram import User as Account

from bot.adapters.telegram.updates import CHANNEL, PRIVATE, CallbackQuery, Chat, Message
from bot.core import typed
from bot.core.buttons import pressed
from bot.core.model import TELEGRAM, Attachment, Member, MessageRef, Place, Request
from bot.core.spans import units

_COMMAND: Final = ("bot_command",)  # kinds of entities
_QUOTED: Final = ("code", "pre", "blockquote", "expandable_blockquote")


def from_message(message: Message, bot: Account, read: typed.Read) -> Request | None:
    """What the message asks of this bot; None if another bot is meant, or if it comes from a bot, from an inline
    result or, forwarded automatically, from a channel. The rights stay empty: an update does not tell them. `read`
    finds the command in typed words.
    """
    author = _author(message)
    if author is None or message.via_bot or message.is_automatic_forward:
        return None
    asked = _asked(message, str(bot.username), read)
    if asked is None:
        return None
    command, words = asked
    here, replied, guest = place(message), _replied(message, bot.id), message.guest_query_id is not None
    about = MessageRef(here, str(replied.message_id)) if replied and not guest else None
    # The answer is attached to the message that was replied to, so it shows the asker's own question.
    quote = words if command == "ask" and about else None
    if command == "ask" and not words:
        words = _pointed_at(message, replied)
    document = message.document or (message.reply_to_message and message.reply_to_message.document)
    return Request(
        here,
        author,
        command,
        words,
        message.from_user.language_code if message.from_user else None,
        about,
        guest=guest,
        broadcast=message.chat.type == CHANNEL,
        quote=quote,
        file=Attachment(document.file_size or 0, document.file_id) if document else None,
    )


def from_press(query: CallbackQuery) -> Request:
    """What the pressed button asks for; without a command if its data is forged or too old, or its message is an inline
    result.
    """
    button = pressed(query.data or "")
    member, locale = Member(str(query.from_user.id), query.from_user.full_name), query.from_user.language_code
    if button is None or query.message is None:
        return Request(place(query.message) if query.message else Place(TELEGRAM), member, "", locale=locale)
    own = button.translates is not None or button.rating is not None
    rows = query.message.reply_markup.inline_keyboard if query.message.reply_markup else ()
    broadcast, locale = query.message.chat.type == CHANNEL, locale if own else locale or button.locale
    asked = Request(place(query.message), member, "", locale=locale, private=own, broadcast=broadcast)
    return asked.pressing(button, filter(None, (pressed(one.callback_data or "") for row in rows for one in row)))


def place(message: Message) -> Place:
    """Where the message stands. A chain of replies has a thread id too: only a topic's counts. A chat where the bot is
    a guest is nowhere.
    """
    if message.guest_query_id is not None:
        return Place(TELEGRAM)
    topic = str(message.message_thread_id) if message.is_topic_message and message.message_thread_id else None
    channel = str(message.chat.id)
    return Place(TELEGRAM, None if message.chat.type == PRIVATE else channel, channel, topic)


def community(chat: Chat) -> Place:
    """The group as a whole."""
    return Place(TELEGRAM, str(chat.id), str(chat.id))


def _author(message: Message) -> Member | None:
    """The channel or group that the message is sent as, else its user; None for a bot. An anonymous administrator
    sends as the group itself, so their id is the group's. A post in a channel is the channel's, whoever signed it.
    """
    chat = message.chat if message.chat.type == CHANNEL else message.sender_chat
    if chat is not None:
        return Member(str(chat.id), chat.title or "")
    user = message.from_user
    return None if user is None or user.is_bot else Member(str(user.id), user.full_name)


def _asked(message: Message, name: str, read: typed.Read) -> tuple[str, str] | None:
    """The command and the words behind it; None if the message is not for the bot of that name.

    In a group, a command is what Telegram marks as one. The mark ends at a hyphen, so the words behind it are read too.
    """
    text = message.words.rstrip()
    words, guest = typed.visible(text), message.guest_query_id is not None
    for_us = guest or message.chat.type == PRIVATE or message.ephemeral_message_id is not None
    mention = re.match(rf"@{re.escape(name)}(?![A-Za-z0-9_])", words, re.IGNORECASE)
    if guest and not mention:  # whoever calls a guest may mention it anywhere
        words = re.sub(rf"@{re.escape(name)}(?![A-Za-z0-9_])", "", words, flags=re.IGNORECASE).strip()
    if mention and not _is_marked(message, text, words, _QUOTED):
        words, for_us = typed.said(words[mention.end() :]), True
    command = typed.command(words)
    if command is None or _is_marked(message, text, words, _QUOTED):
        return ("ask", words) if for_us else None
    if not for_us and not _is_marked(message, text, words, _COMMAND):
        return None
    asked = typed.addressed(command, name)
    return None if asked is None else read(asked)


def _is_marked(message: Message, text: str, rest: str, kinds: tuple[str, ...]) -> bool:
    """Whether an entity of these kinds is where the rest of the text begins."""
    at = units(text[: len(text) - len(rest)])
    entities = message.entities if message.text else message.caption_entities
    return any(one.type in kinds and one.offset <= at < one.offset + one.length for one in entities)


def _replied(message: Message, bot: int) -> Message | None:
    """The message that this one answers. None for one of the bot's own, for an ephemeral one (which has no id to answer
    it by), for a channel's post above its comments, and for the first message of a topic, to which Telegram says every
    other one replies.
    """
    replied = message.reply_to_message
    if replied is None or replied.is_automatic_forward or not replied.message_id:
        return None
    if message.is_topic_message and replied.message_id == message.message_thread_id:
        return None
    return None if bot in (one.id for one in (replied.from_user, replied.via_bot) if one) else replied


def _pointed_at(message: Message, replied: Message | None) -> str:
    """The words that a reply points at: its quote, also of another chat's message, else the whole message's."""
    quote, external = message.quote, message.external_reply
    if quote and (replied or external or quote.is_manual):
        return quote.text
    if replied and (words := replied.text or replied.caption):
        return words
    poll = replied.poll if replied else external.poll if external else None
    return poll.question if poll else ""
