"""Telegram's updates as the core's own values. What an update does not say is left out, never guessed."""

import re
from typing import Final

from telegram import User as Account

from bot.adapters.telegram.updates import PRIVATE, CallbackQuery, Chat, Message, User
from bot.core.model import TELEGRAM, Member, MessageRef, Place, Request

_DATA: Final = re.compile(r"v1:([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})?):([a-z0-9]+(?:-[a-z0-9]+)*)")
_AFTER_MENTION: Final = " \t\n,:;.!?–—-"


def from_message(message: Message, bot: Account) -> Request | None:
    """What the message asks of this bot; None if another bot is meant, or if it comes from a bot, from an inline
    result or, forwarded automatically, from a channel. The rights stay empty: an update does not tell them.
    """
    author = _author(message)
    if not message.text or author is None or message.via_bot or message.is_automatic_forward:
        return None
    typed = _typed(message.text, bot, private=message.chat.type == PRIVATE)
    if typed is None:
        return None
    command, words = typed
    here, replied, about = place(message), message.reply_to_message, None
    # Every message in a topic replies to the topic's first message: that is no reply.
    if replied is not None and not (message.is_topic_message and replied.message_id == message.message_thread_id):
        about = MessageRef(here, str(replied.message_id))
        if not words and command.casefold() == "ask":
            words = (message.quote.text if message.quote else replied.text or replied.caption) or ""
    locale = message.from_user.language_code if message.from_user else None
    return Request(here, author, command, words, locale, about)


def from_press(query: CallbackQuery) -> Request | None:
    """What the pressed button asks for; None if its data is forged or too old, or its message is an inline result."""
    found = _DATA.fullmatch(query.data or "")
    if found is None or query.message is None:
        return None
    return Request(place(query.message), _member(query.from_user), found[2], locale=found[1])


def unknown_press(query: CallbackQuery) -> Request:
    """A request without a command, so that a notice is in the language of the person who pressed the button."""
    where = place(query.message) if query.message else Place(TELEGRAM)
    return Request(where, _member(query.from_user), "", locale=query.from_user.language_code)


def place(message: Message) -> Place:
    """Where the message stands. A chain of replies has a thread id too: only a topic's counts."""
    topic = str(message.message_thread_id) if message.is_topic_message and message.message_thread_id else None
    channel = str(message.chat.id)
    return Place(TELEGRAM, None if message.chat.type == PRIVATE else channel, channel, topic)


def community(chat: Chat) -> Place:
    """The group as a whole."""
    return Place(TELEGRAM, str(chat.id), str(chat.id))


def _member(user: User) -> Member:
    return Member(str(user.id), user.full_name)


def _author(message: Message) -> Member | None:
    """The channel or group that the message is sent as, else its user; None for a bot. An anonymous administrator
    sends as the group itself, so their id is the group's.
    """
    if (chat := message.sender_chat) is not None:
        return Member(str(chat.id), chat.title or "")
    user = message.from_user
    return None if user is None or user.is_bot else _member(user)


def _typed(text: str, bot: Account, *, private: bool) -> tuple[str, str] | None:
    """The command and the words behind it; None if the text is not for this bot.

    Telegram's own command entity ends at a hyphen, so the first word is taken as it was typed.
    """
    name = f"@{bot.username}".casefold()
    mentioned = text[: len(name)].casefold() == name and not re.match(r"\w", text[len(name) :])
    words = text[len(name) :].lstrip(_AFTER_MENTION) if mentioned else text
    if not words.startswith("/"):
        return ("ask", words.strip()) if mentioned or private else None
    word, *rest = words.split(None, 1)
    command, at, whom = word[1:].partition("@")
    if at and f"@{whom}".casefold() != name:
        return None
    return command, rest[0].rstrip() if rest else ""
