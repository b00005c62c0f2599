"""What Telegram hands over, as the core's own values. Its law: what cannot be told from an update is left out, never
guessed.
"""

import re
from functools import reduce
from typing import Final

from telegram import ChatMember, ChatMemberAdministrator, ChatMemberMember, ChatMemberOwner, ChatMemberRestricted
from telegram import User as Account

from bot.adapters.telegram.updates import PRIVATE, Chat, Message, Press, Update
from bot.core.model import TELEGRAM, Member, MessageRef, Place, Request, Right, Rights

ALLOWED: Final = ("message", "callback_query", "inline_query", "my_chat_member", "chat_member")
"""The kinds of updates to ask for. Left out, Telegram would go on with what was asked for last."""

_DATA = re.compile(r"v1:([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})?):([a-z0-9]+(?:-[a-z0-9]+)*)")
_AFTER_MENTION = " \t\n,:;.!?–—-"


def request(update: Update, bot: Account) -> Request | None:
    """What the update asks of us, or None: another bot is meant, a button is forged or too old, a message was
    edited, is a channel's, a bot's, or one of our own inline results.

    `rights` stay empty: an update does not tell them.
    """
    if update.message is not None:
        return _message(update.message, bot)
    if update.callback_query is not None:
        return _press(update.callback_query)
    return None


def origin(update: Update) -> MessageRef | None:
    """The message that an answer is to be attached to where nothing else is: in a group the one that asked, anywhere
    the one whose button was pressed.
    """
    if (query := update.callback_query) is not None and query.message is not None:
        return MessageRef(_pressed_in(query), str(query.message.message_id))
    message = update.message
    if message is None or message.chat.type == PRIVATE:
        return None
    return MessageRef(place(message), str(message.message_id))


def pin_note(update: Update, bot: Account) -> MessageRef | None:
    """Telegram's own message that this bot pinned something; None for any other."""
    message = update.message
    if message is None or not message.is_pin_note or message.from_user is None:
        return None
    return MessageRef(place(message), str(message.message_id)) if message.from_user.id == bot.id else None


def place(message: Message) -> Place:
    """Where the message stands. A chain of replies has a thread id too: only a topic's counts."""
    topic = message.message_thread_id if message.is_topic_message else None
    return _place(message.chat, topic)


def _place(chat: Chat, topic: int | None) -> Place:
    channel = str(chat.id)
    community = None if chat.type == PRIVATE else channel
    return Place(TELEGRAM, community, channel, None if topic is None else str(topic))


def _message(message: Message, bot: Account) -> Request | None:
    speaker = _speaker(message)
    if not message.text or speaker is None or message.is_via_bot or message.is_automatic_forward:
        return None
    said = _said(message.text, bot, private=message.chat.type == PRIVATE)
    if said is None:
        return None
    command, words = said
    answered = _answered(message)
    if answered is not None and not words and command.casefold() == "ask":
        words = (message.quote or answered.text or answered.caption) or ""
    here = place(message)
    about = None if answered is None else MessageRef(here, str(answered.message_id))
    locale = None if message.from_user is None else message.from_user.language_code
    return Request(here, speaker, command, words, locale, about)


def _speaker(message: Message) -> Member | None:
    """Who speaks: a channel or group that somebody posts as, else the user, unless it is a bot. An anonymous
    administrator speaks as the very chat, so their id is the chat's.
    """
    if (chat := message.sender_chat) is not None:
        return Member(str(chat.id), chat.title or "")
    user = message.from_user
    return None if user is None or user.is_bot else Member(str(user.id), user.full_name)


def _said(text: str, bot: Account, *, private: bool) -> tuple[str, str] | None:
    """The command and the words behind it; None if nobody spoke to this bot.

    Telegram's own command entity ends at a hyphen, so the first word is taken as it was typed.
    """
    name = f"@{bot.username}".casefold()
    mentioned = text[: len(name)].casefold() == name and not re.match(r"\w", text[len(name) :])
    words = text[len(name) :].lstrip(_AFTER_MENTION) if mentioned else text
    if words.startswith("/"):
        return _command(words, name)
    return ("ask", words.strip()) if mentioned or private else None


def _command(text: str, name: str) -> tuple[str, str] | None:
    word, *rest = text.split(None, 1)
    command, at, whom = word[1:].partition("@")
    if at and f"@{whom}".casefold() != name:
        return None
    return command, rest[0].rstrip() if rest else ""


def _answered(message: Message) -> Message | None:
    """The message that this one replies to. Everything in a topic replies to the topic's first message: no reply."""
    answered = message.reply_to_message
    if answered is None or (message.is_topic_message and answered.message_id == message.message_thread_id):
        return None
    return answered


def _pressed_in(query: Press) -> Place:
    return Place(TELEGRAM) if query.message is None else place(query.message)


def _press(query: Press) -> Request | None:
    found = _DATA.fullmatch(query.data or "")
    if found is None or query.message is None:
        return None
    user = query.from_user
    return Request(_pressed_in(query), Member(str(user.id), user.full_name), found[2], locale=found[1])


def unknown(query: Press) -> Request:
    """A press that asks for nothing we know, so that a notice can be in the presser's language."""
    user = query.from_user
    return Request(_pressed_in(query), Member(str(user.id), user.full_name), "", locale=user.language_code)


def rights(member: ChatMember) -> Rights:
    """What that member may do. Pinning and settings are a moderator's: a chat that lets everybody pin makes
    nobody a moderator. Bots read no history here, so nobody lacks that right.
    """
    match member:
        case ChatMemberOwner():
            return ~Right.NONE
        case ChatMemberAdministrator():
            held = Right.SEND | Right.HISTORY | Right.JOINS
            held |= Right.PIN if member.can_pin_messages else Right.NONE
            held |= Right.MANAGE if member.can_change_info else Right.NONE
            return held | (Right.DELETE if member.can_delete_messages else Right.NONE)
        case ChatMemberRestricted(is_member=True, can_send_messages=True) | ChatMemberMember():
            return Right.SEND | Right.HISTORY
        case _:
            return Right.NONE


def anonymous_rights(administrators: tuple[ChatMember, ...]) -> Rights:
    """What somebody who speaks as the chat may surely do: which of the anonymous administrators it is cannot be
    known, so it is what all of them may.
    """
    hidden = [a for a in administrators if isinstance(a, ChatMemberOwner | ChatMemberAdministrator) and a.is_anonymous]
    return reduce(Right.__and__, map(rights, hidden)) if hidden else Right.NONE
