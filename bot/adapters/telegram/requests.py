"""Converts Telegram's updates to the core's values. Whatever an update does not contain stays empty."""

import re
from typing import Final

from telegram import User as Account

from bot.adapters.telegram.updates import CHANNEL, PRIVATE, CallbackQuery, Chat, Message
from bot.core import command_text
from bot.core.buttons import pressed
from bot.core.model import TELEGRAM, Attachment, Member, MessageRef, Place, Request
from bot.core.spans import units

_COMMAND: Final = ("bot_command",)  # kinds of entities
_QUOTED: Final = ("code", "pre", "blockquote", "expandable_blockquote")


def from_message(message: Message, bot: Account, read: command_text.SplitCommand) -> Request | None:
    """Return the request that the message makes to this bot.

    Returns None if the message is not meant for this bot, or if it comes from a bot, from an inline result or from the
    automatic forward of a channel's post. The rights stay empty, as an update does not contain them. `read` finds the
    command in typed words.
    """
    author = _author(message)
    if author is None or message.via_bot or message.is_automatic_forward:
        return None
    addressed = _addressed(message, str(bot.username), read)
    if addressed is None:
        return None
    command, words = addressed
    here, replied, guest = place(message), _replied_to(message, bot.id), message.guest_query_id is not None
    about = MessageRef(here, str(replied.message_id)) if replied and not guest else None
    # The bot replies to the message that the asker replied to, so the answer has to show the asker's question.
    quote = words if command == "ask" and about else None
    if command == "ask" and not words:
        words = _referenced_words(message, replied)
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
    """Return the request that the pressed button makes. Its command is "" if the button's data is forged or outdated,
    or if its message is an inline result.
    """
    button = pressed(query.data or "")
    member, locale = Member(str(query.from_user.id), query.from_user.full_name), query.from_user.language_code
    if button is None or query.message is None:
        return Request(place(query.message) if query.message else Place(TELEGRAM), member, "", locale=locale)
    own = button.translates is not None or button.rating is not None
    rows = query.message.reply_markup.inline_keyboard if query.message.reply_markup else ()
    broadcast, locale = query.message.chat.type == CHANNEL, locale if own else locale or button.locale
    request = Request(place(query.message), member, "", locale=locale, private=own, broadcast=broadcast)
    return request.pressing(button, filter(None, (pressed(one.callback_data or "") for row in rows for one in row)))


def place(message: Message) -> Place:
    """Return the place of the message. A thread id counts only in a topic, as a chain of replies has one too. In a chat
    where the bot is a guest, the place names no community and no channel.
    """
    if message.guest_query_id is not None:
        return Place(TELEGRAM)
    topic = str(message.message_thread_id) if message.is_topic_message and message.message_thread_id else None
    channel = str(message.chat.id)
    return Place(TELEGRAM, None if message.chat.type == PRIVATE else channel, channel, topic)


def community(chat: Chat) -> Place:
    """Return the place of the chat as a whole, without a topic."""
    return Place(TELEGRAM, str(chat.id), str(chat.id))


def _author(message: Message) -> Member | None:
    """The channel or group in whose name the message was sent, else its user; None for a bot. An anonymous
    administrator sends in the name of the group, so their id is the group's. A channel is the author of all its posts,
    signed or not.
    """
    chat = message.chat if message.chat.type == CHANNEL else message.sender_chat
    if chat is not None:
        return Member(str(chat.id), chat.title or "")
    user = message.from_user
    return None if user is None or user.is_bot else Member(str(user.id), user.full_name)


def _addressed(message: Message, name: str, read: command_text.SplitCommand) -> tuple[str, str] | None:
    """The command and the words after it; None if the message is not meant for the bot of that name.

    In a group, a command counts only where Telegram marks one. The mark ends at a hyphen, so the command's name is read
    from the text instead.
    """
    text = message.words.rstrip()
    words, guest = command_text.visible(text), message.guest_query_id is not None
    for_us = guest or message.chat.type == PRIVATE or message.ephemeral_message_id is not None
    mention = re.match(rf"@{re.escape(name)}(?![A-Za-z0-9_])", words, re.IGNORECASE)
    if guest and not mention:  # a guest bot may be mentioned anywhere in the text
        words = re.sub(rf"@{re.escape(name)}(?![A-Za-z0-9_])", "", words, flags=re.IGNORECASE).strip()
    if mention and not _is_marked(message, text, words, _QUOTED):
        words, for_us = command_text.without_separators(words[mention.end() :]), True
    command = command_text.after_slash(words)
    if command is None or _is_marked(message, text, words, _QUOTED):
        return ("ask", words) if for_us else None
    if not for_us and not _is_marked(message, text, words, _COMMAND):
        return None
    ours = command_text.addressed(command, name)
    return None if ours is None else read(ours)


def _is_marked(message: Message, text: str, rest: str, kinds: tuple[str, ...]) -> bool:
    """Whether an entity of one of these kinds covers the place where `rest`, the end of `text`, begins."""
    at = units(text[: len(text) - len(rest)])
    entities = message.entities if message.text else message.caption_entities
    return any(one.type in kinds and one.offset <= at < one.offset + one.length for one in entities)


def _replied_to(message: Message, bot: int) -> Message | None:
    """The message that this one replies to. None if that is one of the bot's own messages, an ephemeral one (which has
    no id to reply to), a channel's post above its comments, or the first message of a topic (which Telegram gives as
    the replied-to message of all others in the topic).
    """
    replied = message.reply_to_message
    if replied is None or replied.is_automatic_forward or not replied.message_id:
        return None
    if message.is_topic_message and replied.message_id == message.message_thread_id:
        return None
    return None if bot in (one.id for one in (replied.from_user, replied.via_bot) if one) else replied


def _referenced_words(message: Message, replied: Message | None) -> str:
    """The words that a reply refers to: its quote, which may be from another chat, else the text, caption or poll
    question of the replied-to message.
    """
    quote, external = message.quote, message.external_reply
    if quote and (replied or external or quote.is_manual):
        return quote.text
    if replied and (words := replied.text or replied.caption):
        return words
    poll = replied.poll if replied else external.poll if external else None
    return poll.question if poll else ""
