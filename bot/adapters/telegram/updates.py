"""Telegram's updates as msgspec structs, as far as this bot reads them.

Unknown fields and kinds of updates are ignored. A field that is not of the documented kind makes its update unreadable.
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
    """A direct chat (its id is its member's), a group or a channel."""

    id: _Id
    type: str
    title: str | None = None


class Entity(msgspec.Struct, frozen=True):
    """A part of a text that Telegram marks, such as a command or code. `offset` and `length` count UTF-16 units."""

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
    """A file; Telegram need not say its size, in bytes."""

    file_id: str
    file_size: _Id | None = None


class ExternalReply(msgspec.Struct, frozen=True):
    """A message of another chat that is replied to. Its words come as the quote alone."""

    poll: Poll | None = None


class Button(msgspec.Struct, frozen=True):
    """A button; `callback_data` is what a press sends back."""

    callback_data: str | None = None


class Keyboard(msgspec.Struct, frozen=True):
    inline_keyboard: tuple[tuple[Button, ...], ...] = ()


class Message(msgspec.Struct, frozen=True):
    """A message, or a service message about the chat. `date` is 0 for a message too old to be shown. An ephemeral one,
    which only its author and the bot see, has the `message_id` 0. One with a `guest_query_id` is of a chat where the
    bot is no member: there it can answer that query and do nothing else.
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
        """Its text, or the caption of its picture."""
        return self.text or self.caption or ""


class CallbackQuery(msgspec.Struct, frozen=True):
    """A button was pressed; `message` carries it, unless it was sent from an inline query."""

    id: str
    from_user: User = msgspec.field(name="from")
    message: Message | None = None
    data: str | None = None


class InlineQuery(msgspec.Struct, frozen=True):
    """What somebody types behind the bot's name in another chat."""

    id: str
    from_user: User = msgspec.field(name="from")
    query: str


class ChatMember(msgspec.Struct, frozen=True):
    """A user's standing in a chat; `is_member` is given only for restricted users."""

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
    """One update; at most one of its parts is set."""

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
        """The chat that it is from, else its member; its own number if it tells who came or left."""
        said = self.message or self.channel_post or self.guest_message
        if self.callback_query:
            said = self.callback_query.message
        if said:
            return said.chat.id
        asked = self.callback_query or self.inline_query
        return asked.from_user.id if asked else self.update_id


ALLOWED: Final = Update.__struct_fields__[1:]
"""The kinds of updates to ask for. If they were left out, Telegram would use those of the last call."""


class _Numbered(msgspec.Struct):
    update_id: _Id


def read(sent: object) -> Update | None:
    """The update in a decoded JSON value. An unreadable one is logged and becomes an update without parts, so that
    Telegram does not send it again; None if it has not even an id.
    """
    try:
        return msgspec.convert(sent, Update)
    except (msgspec.ValidationError, ValueError, RecursionError) as error:
        log.warning("telegram.unreadable_update", error=type(error).__name__)
    try:
        return Update(msgspec.convert(sent, _Numbered).update_id)
    except (msgspec.ValidationError, ValueError):
        return None
