"""What updates tell, as far as this bot reads them. Its law: a part that is not of the documented kind makes its update
unreadable; what we do not ask for is not looked at.

The library's own objects hold everything that Telegram could tell, and making them took a fifth of the time of an
answer. Names are the library's, which are Telegram's.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple, TypeVar

import structlog

log = structlog.get_logger(__name__)

PRIVATE: Final = "private"
GROUPS: Final = ("group", "supergroup")
ADMINISTRATORS: Final = ("creator", "administrator")
PRESENT: Final = (*ADMINISTRATORS, "member")
GONE: Final = ("left", "kicked")

Json = Mapping[str, Any]
T = TypeVar("T")
Kind = TypeVar("Kind", int, str)


class User(NamedTuple):
    """An account."""

    id: int
    is_bot: bool
    full_name: str
    language_code: str | None


class Chat(NamedTuple):
    """A direct chat (its id is its member's), a group or a channel."""

    id: int
    type: str
    title: str | None


class Message(NamedTuple):
    """A message, or what Telegram itself notes in a chat."""

    message_id: int
    date: datetime
    chat: Chat
    from_user: User | None
    sender_chat: Chat | None
    text: str | None
    caption: str | None
    quote: str | None
    message_thread_id: int | None
    migrate_to_chat_id: int | None
    is_topic_message: bool
    is_automatic_forward: bool
    is_via_bot: bool
    is_pin_note: bool
    reply_to_message: "Message | None"
    new_chat_members: tuple[User, ...]


class Press(NamedTuple):
    """A button was pressed; `message` carries it, unless it was sent from an inline query."""

    id: str
    from_user: User
    message: Message | None
    data: str | None


class Query(NamedTuple):
    """Somebody types behind our name in another chat."""

    id: str
    from_user: User
    query: str


class Standing(NamedTuple):
    """How an account stands in a chat; `is_member` counts for the restricted alone."""

    user: User
    status: str
    is_member: bool


class Change(NamedTuple):
    """An account's standing changed."""

    chat: Chat
    date: datetime
    old_chat_member: Standing
    new_chat_member: Standing


class Update(NamedTuple):
    """One update, with at most one of its parts."""

    update_id: int
    message: Message | None = None
    callback_query: Press | None = None
    inline_query: Query | None = None
    my_chat_member: Change | None = None
    chat_member: Change | None = None


def readable(told: Json) -> Update | None:
    """The update, or None, told to the log, where it cannot be read: it would be no more so the next time."""
    try:
        return _update(told)
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError, OSError) as error:
        log.warning("telegram.unreadable_update", error=type(error).__name__)
        return None


def _update(told: Json) -> Update:
    return Update(
        _must(told, "update_id", int),
        _part(told, "message", _message),
        _part(told, "callback_query", _press),
        _part(told, "inline_query", _query),
        _part(told, "my_chat_member", _change),
        _part(told, "chat_member", _change),
    )


def _message(told: Json) -> Message:
    return Message(
        _must(told, "message_id", int),
        _date(told),
        _chat(told["chat"]),
        _part(told, "from", _user),
        _part(told, "sender_chat", _chat),
        _may(told, "text", str),
        _may(told, "caption", str),
        _part(told, "quote", lambda quote: _must(quote, "text", str)),
        _may(told, "message_thread_id", int),
        _may(told, "migrate_to_chat_id", int),
        told.get("is_topic_message") is True,
        told.get("is_automatic_forward") is True,
        told.get("via_bot") is not None,
        told.get("pinned_message") is not None,
        _part(told, "reply_to_message", _answered),
        tuple(map(_user, told.get("new_chat_members") or ())),
    )


def _answered(told: Json) -> Message:
    """The message that was replied to; what that one replied to is not told."""
    return _message({**told, "reply_to_message": None})


def _press(told: Json) -> Press:
    return Press(_must(told, "id", str), _user(told["from"]), _part(told, "message", _message), _may(told, "data", str))


def _query(told: Json) -> Query:
    return Query(_must(told, "id", str), _user(told["from"]), _must(told, "query", str))


def _change(told: Json) -> Change:
    old, new = _standing(told["old_chat_member"]), _standing(told["new_chat_member"])
    return Change(_chat(told["chat"]), _date(told), old, new)


def _standing(told: Json) -> Standing:
    return Standing(_user(told["user"]), _must(told, "status", str), told.get("is_member") is True)


def _user(told: Json) -> User:
    first, last = _must(told, "first_name", str), _may(told, "last_name", str)
    name = f"{first} {last}" if last else first
    return User(_must(told, "id", int), told.get("is_bot") is True, name, _may(told, "language_code", str))


def _chat(told: Json) -> Chat:
    return Chat(_must(told, "id", int), _must(told, "type", str), _may(told, "title", str))


def _date(told: Json) -> datetime:
    return datetime.fromtimestamp(_must(told, "date", int), UTC)


def _part(told: Json, name: str, read: Callable[[Any], T]) -> T | None:
    part = told.get(name)
    return None if part is None else read(part)


def _must(told: Json, name: str, kind: type[Kind]) -> Kind:
    value = told[name]
    if not isinstance(value, kind):
        raise TypeError(name)
    return value


def _may(told: Json, name: str, kind: type[Kind]) -> Kind | None:
    return None if told.get(name) is None else _must(told, name, kind)
