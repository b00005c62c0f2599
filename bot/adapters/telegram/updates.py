"""Telegram's updates as msgspec structs, with only the fields that this bot reads.

Unknown fields and kinds of updates are ignored. A field of another type than documented makes its update unreadable.
"""

from typing import Annotated, Any, Final

import msgspec
import structlog

log = structlog.get_logger(__name__)

PRIVATE: Final = "private"
CHANNEL: Final = "channel"
GROUPS: Final = ("group", "supergroup")

_Id = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
_Date = Annotated[int, msgspec.Meta(ge=0, lt=2**36)]  # Unix time, in seconds


class User(msgspec.Struct, frozen=True):
    id: _Id
    first_name: str
    is_bot: bool = False
    last_name: str | None = None
    language_code: str | None = None

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}" if self.last_name else self.first_name


class Chat(msgspec.Struct, frozen=True):
    """A direct chat (its id is the user's), a group or a channel."""

    id: _Id
    type: str
    title: str | None = None


class Entity(msgspec.Struct, frozen=True):
    """A marked part of a text, such as a command or code. `offset` and `length` count UTF-16 units."""

    type: str
    offset: _Id
    length: _Id


class Quote(msgspec.Struct, frozen=True):
    """The part of a message that a reply quotes; `is_manual` if the sender chose it."""

    text: str
    is_manual: bool = False


class Poll(msgspec.Struct, frozen=True):
    question: str


class Document(msgspec.Struct, frozen=True):
    """A file. Telegram may leave out its size, which is in bytes."""

    file_id: str
    file_size: _Id | None = None


class ExternalReply(msgspec.Struct, frozen=True):
    """A message of another chat that is replied to. Its text is available only in the message's `quote`."""

    poll: Poll | None = None


class Button(msgspec.Struct, frozen=True):
    """A button. Telegram sends `callback_data` back when it is pressed."""

    callback_data: str | None = None


class Keyboard(msgspec.Struct, frozen=True):
    inline_keyboard: tuple[tuple[Button, ...], ...] = ()


class Message(msgspec.Struct, frozen=True):
    """A message, or a service message about the chat.

    `date` is 0 for a message that is too old to be read. An ephemeral message, which only its author and the bot see,
    has the `message_id` 0. A message with a `guest_query_id` is from a chat where the bot is not a member: the bot can
    answer that query and do nothing else there.
    """

    message_id: _Id
    date: _Date
    chat: Chat
    from_user: User | None = msgspec.field(default=None, name="from")
    sender_chat: Chat | None = None
    ephemeral_message_id: _Id | None = None
    guest_query_id: str | None = None
    text: str | None = None
    entities: tuple[Entity, ...] = ()
    caption: str | None = None
    caption_entities: tuple[Entity, ...] = ()
    document: Document | None = None
    poll: Poll | None = None
    quote: Quote | None = None
    external_reply: ExternalReply | None = None
    forward_origin: Any = None
    message_thread_id: _Id | None = None
    is_topic_message: bool = False
    is_automatic_forward: bool = False
    via_bot: User | None = None
    reply_to_message: "Message | None" = None
    migrate_to_chat_id: _Id | None = None
    new_chat_members: tuple[User, ...] = ()
    left_chat_member: User | None = None
    pinned_message: Any = None
    reply_markup: Keyboard | None = None

    @property
    def words(self) -> str:
        """The text, or the caption of a picture or file."""
        return self.text or self.caption or ""


class CallbackQuery(msgspec.Struct, frozen=True):
    """A press of a button. `message` has the button; it is None for a message sent from an inline query."""

    id: str
    from_user: User = msgspec.field(name="from")
    message: Message | None = None
    data: str | None = None


class InlineQuery(msgspec.Struct, frozen=True):
    """The text that a user types after the bot's name in any chat."""

    id: str
    from_user: User = msgspec.field(name="from")
    query: str


class ChatMember(msgspec.Struct, frozen=True):
    """A user's status in a chat. Telegram sends `is_member` only for restricted users."""

    user: User
    status: str
    is_member: bool = False

    @property
    def is_administrator(self) -> bool:
        return self.status in ("creator", "administrator")

    @property
    def is_present(self) -> bool:
        return self.is_administrator or self.status == "member" or (self.status == "restricted" and self.is_member)


class ChatMemberUpdated(msgspec.Struct, frozen=True):
    chat: Chat
    date: _Date
    old_chat_member: ChatMember
    new_chat_member: ChatMember


class Update(msgspec.Struct, frozen=True):
    """One update. At most one field is set besides `update_id`."""

    update_id: _Id
    message: Message | None = None
    channel_post: Message | None = None
    guest_message: Message | None = None
    callback_query: CallbackQuery | None = None
    inline_query: InlineQuery | None = None
    my_chat_member: ChatMemberUpdated | None = None
    chat_member: ChatMemberUpdated | None = None

    @property
    def home(self) -> int:
        """The id of the update's chat, else of its user; the update's own id if a member's status changed."""
        message = self.message or self.channel_post or self.guest_message
        if self.callback_query:
            message = self.callback_query.message
        if message:
            return message.chat.id
        query = self.callback_query or self.inline_query
        return query.from_user.id if query else self.update_id


ALLOWED: Final = Update.__struct_fields__[1:]
"""The kinds of updates to request. If a call leaves them out, Telegram uses those of the call before."""


class _IdOnly(msgspec.Struct):
    update_id: _Id


def read(value: object) -> Update | None:
    """Convert a decoded JSON value to an update.

    Logs an unreadable update and returns one that has only the id, so that it can be acknowledged and Telegram does not
    send it again. Returns None if the id cannot be read either.
    """
    try:
        return msgspec.convert(value, Update)
    except (msgspec.ValidationError, ValueError, RecursionError) as error:
        log.warning("telegram.unreadable_update", error=type(error).__name__)
    try:
        return Update(msgspec.convert(value, _IdOnly).update_id)
    except (msgspec.ValidationError, ValueError):
        return None
