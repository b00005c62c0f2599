"""Discord's payloads as msgspec structs, with only the fields that the bot reads. Unknown fields are ignored. A payload
with a field of the wrong type is refused.

https://docs.discord.com/developers/events/gateway-events
"""

from datetime import datetime
from typing import Annotated, Final

from msgspec import Meta, Struct

APPLICATION_COMMAND: Final = 2  # types of interactions
MESSAGE_COMPONENT: Final = 3
AUTOCOMPLETE: Final = 4
MESSAGE_COMMAND: Final = 3  # a type of application command: an entry of a message's menu
PIN_NOTE: Final = 6  # a type of message: Discord's note that a message was pinned
EPHEMERAL: Final = 1 << 6  # the flag of messages that only one user sees
THREADS: Final = (10, 11, 12)  # types of channels
FORUM: Final = 15

# Discord sends 64-bit numbers, such as ids and permissions, as strings of digits.
Number = Annotated[str, Meta(pattern=r"\A[0-9]{1,20}\Z")]


class User(Struct, frozen=True):
    """A user. `global_name` is shown in guilds where the user has no nickname."""

    id: Number
    username: str = ""
    global_name: str | None = None
    bot: bool = False


class Member(Struct, frozen=True):
    """A member of a guild. Discord sends `permissions` only with interactions; they are those in that channel."""

    user: User | None = None
    nick: str | None = None
    permissions: Number = "0"


class Channel(Struct, frozen=True):
    """A channel, or a thread, whose `parent_id` is its channel."""

    id: Number
    type: int = 0
    parent_id: Number | None = None


class Embed(Struct, frozen=True):
    """A box below a message, such as the preview of a link."""

    title: str | None = None
    description: str | None = None


class Question(Struct, frozen=True):
    text: str | None = None


class Poll(Struct, frozen=True):
    question: Question = Question()


class Snapshot(Struct, frozen=True):
    """A copy of a forwarded message, as it was at that time."""

    message: "TargetMessage"


class TargetMessage(Struct, frozen=True):
    """The message whose menu was opened. A forward has its text in a snapshot."""

    content: str = ""
    author: User | None = None
    message_snapshots: tuple[Snapshot, ...] = ()
    embeds: tuple[Embed, ...] = ()
    poll: Poll | None = None

    @property
    def words(self) -> str:
        """All of its text: content, snapshots, embeds and the poll's question."""
        parts = [self.content, *(one.message.words for one in self.message_snapshots)]
        parts += [part or "" for one in self.embeds for part in (one.title, one.description)]
        parts.append((self.poll and self.poll.question.text) or "")
        return "\n".join(filter(str.strip, parts))


class Attachment(Struct, frozen=True):
    """A file that was put into an option: the URL to download it from, and its size in bytes."""

    url: str
    size: int


class Resolved(Struct, frozen=True):
    """What options and menus refer to, by id. Members have no `user` here."""

    users: dict[str, User] = {}
    members: dict[str, Member] = {}
    messages: dict[str, TargetMessage] = {}
    attachments: dict[str, Attachment] = {}


class Option(Struct, frozen=True):
    """An option with its value. It is `focused` while the user types into it."""

    name: str
    value: str | int | float | bool | None = None
    focused: bool = False


class Data(Struct, frozen=True):
    """What was called, typed into or pressed. Which fields are set depends on the kind of interaction."""

    name: str = ""
    type: int = 0
    options: tuple[Option, ...] = ()
    resolved: Resolved = Resolved()
    target_id: Number | None = None
    custom_id: str | None = None

    @property
    def typed(self) -> str | None:
        """The text typed so far into the focused option; None if no option is focused."""
        return next((one.value for one in self.options if one.focused and isinstance(one.value, str)), None)


class Button(Struct, frozen=True):
    custom_id: str | None = None


class Row(Struct, frozen=True):
    components: tuple[Button, ...] = ()


class Pressed(Struct, frozen=True):
    """The message whose button was pressed."""

    components: tuple[Row, ...] = ()
    flags: int = 0


class Interaction(Struct, frozen=True):
    """A user called a command, typed into an option or pressed a button. In direct chats `member` is None.

    The keys of `authorizing_integration_owners` tell who installed the bot: "0" is the guild (Discord also sends
    it for the bot's direct chat), "1" is a user.
    """

    id: Number
    application_id: Number
    token: str
    type: int
    data: Data
    channel_id: Number
    guild_id: Number | None = None
    channel: Channel | None = None
    member: Member | None = None
    user: User | None = None
    app_permissions: Number = "0"
    locale: str | None = None
    message: Pressed | None = None
    authorizing_integration_owners: dict[str, str] = {}

    @property
    def guest(self) -> bool:
        """Whether only the user installed the bot, and not the guild."""
        return bool(self.authorizing_integration_owners) and "0" not in self.authorizing_integration_owners

    @property
    def is_for_one(self) -> bool:
        """Whether only the user sees the message whose button was pressed."""
        hidden = self.message is not None and bool(self.message.flags & EPHEMERAL)
        return hidden or (self.guild_id is None and not self.guest)


class Message(Struct, frozen=True):
    """A message. Without the content intent, `content` is empty in guilds unless the bot is mentioned."""

    id: Number
    channel_id: Number
    author: User
    content: str = ""
    type: int = 0
    guild_id: Number | None = None
    member: Member | None = None
    webhook_id: Number | None = None


class NewThread(Struct, frozen=True):
    """A thread or a post in a forum. It is not `newly_created` if the bot was only added to an existing one."""

    id: Number
    guild_id: Number | None = None
    parent_id: Number | None = None
    owner_id: Number | None = None
    name: str = ""
    newly_created: bool = False


class GuildMember(Struct, frozen=True):
    """A member who joined, left or changed. `pending` members have not passed the membership screening."""

    guild_id: Number
    user: User
    joined_at: Annotated[datetime, Meta(tz=True)] | None = None
    nick: str | None = None
    pending: bool = False


class Guild(Struct, frozen=True):
    """A guild; `unavailable` during an outage."""

    id: Number
    unavailable: bool = False
