"""What Discord sends, as far as the bot reads it. Unknown fields are ignored; a payload with a wrong type is refused.

https://docs.discord.com/developers/events/gateway-events
"""

from datetime import datetime
from typing import Annotated, Final

from msgspec import Meta, Struct

APPLICATION_COMMAND: Final = 2  # types of interactions
MESSAGE_COMPONENT: Final = 3
AUTOCOMPLETE: Final = 4
MESSAGE_COMMAND: Final = 3  # a type of application command: an entry of a message's menu
PIN_NOTE: Final = 6  # a type of message: Discord's own, about a pin
EPHEMERAL: Final = 1 << 6  # a flag of messages that only one user sees
THREADS: Final = (10, 11, 12)  # types of channels
FORUM: Final = 15

# Discord writes numbers of 64 bits, such as ids and permissions, as digits in a string.
Number = Annotated[str, Meta(pattern=r"\A[0-9]{1,20}\Z")]


class User(Struct, frozen=True):
    """A user. `global_name` is the name shown where a guild has no other."""

    id: Number
    username: str = ""
    global_name: str | None = None
    bot: bool = False


class Member(Struct, frozen=True):
    """Somebody in a guild. Only in interactions are there `permissions`, which hold for that very channel."""

    user: User | None = None
    nick: str | None = None
    permissions: Number = "0"


class Channel(Struct, frozen=True):
    """A channel, or a thread with its parent."""

    id: Number
    type: int = 0
    parent_id: Number | None = None


class Embed(Struct, frozen=True):
    """A box under a message, such as a bot's or a link's preview."""

    title: str | None = None
    description: str | None = None


class Question(Struct, frozen=True):
    text: str | None = None


class Poll(Struct, frozen=True):
    question: Question = Question()


class Snapshot(Struct, frozen=True):
    """A message that was forwarded, as it was then."""

    message: "Pointed"


class Pointed(Struct, frozen=True):
    """The message whose menu was opened. A forward has its words in a snapshot."""

    content: str = ""
    author: User | None = None
    message_snapshots: tuple[Snapshot, ...] = ()
    embeds: tuple[Embed, ...] = ()
    poll: Poll | None = None

    @property
    def words(self) -> str:
        """All that it says, wherever that stands."""
        said = [self.content, *(one.message.words for one in self.message_snapshots)]
        said += [part or "" for one in self.embeds for part in (one.title, one.description)]
        said.append((self.poll and self.poll.question.text) or "")
        return "\n".join(filter(str.strip, said))


class Attachment(Struct, frozen=True):
    """A file that was put into an option; it is fetched from `url`."""

    url: str
    size: int


class Resolved(Struct, frozen=True):
    """What options and menus point at, by id. Members have no `user` here."""

    users: dict[str, User] = {}
    members: dict[str, Member] = {}
    messages: dict[str, Pointed] = {}
    attachments: dict[str, Attachment] = {}


class Option(Struct, frozen=True):
    """An option that was filled in; while somebody types into it, it is `focused`."""

    name: str
    value: str | int | float | bool | None = None
    focused: bool = False


class Data(Struct, frozen=True):
    """What was called, typed into or pressed; which fields there are depends on that."""

    name: str = ""
    type: int = 0
    options: tuple[Option, ...] = ()
    resolved: Resolved = Resolved()
    target_id: Number | None = None
    custom_id: str | None = None

    @property
    def typed(self) -> str | None:
        """What was typed so far into the option that asks for completion; None if no option does."""
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
    """Somebody called a command, typed into an option or pressed a button. In direct chats there is no `member`.

    `authorizing_integration_owners` says by whom the bot was installed: key "0" for the guild (or the bot's direct
    chat), "1" for a user.
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
        """Whether the bot is not installed in that place, but came with its user."""
        return bool(self.authorizing_integration_owners) and "0" not in self.authorizing_integration_owners

    @property
    def is_for_one(self) -> bool:
        """Whether nobody but its user reads the message whose button was pressed."""
        hidden = self.message is not None and bool(self.message.flags & EPHEMERAL)
        return hidden or (self.guild_id is None and not self.guest)


class Message(Struct, frozen=True):
    """A message. Without the content intent, `content` is empty where the bot is not mentioned."""

    id: Number
    channel_id: Number
    author: User
    content: str = ""
    type: int = 0
    guild_id: Number | None = None
    member: Member | None = None
    webhook_id: Number | None = None


class NewThread(Struct, frozen=True):
    """A thread, which a post in a forum is too. It is `newly_created` unless the bot was only let into it."""

    id: Number
    guild_id: Number | None = None
    parent_id: Number | None = None
    owner_id: Number | None = None
    name: str = ""
    newly_created: bool = False


class GuildMember(Struct, frozen=True):
    """Somebody joined, or something about a member changed. `pending` members have not passed the screening."""

    guild_id: Number
    user: User
    joined_at: Annotated[datetime, Meta(tz=True)] | None = None
    nick: str | None = None
    pending: bool = False


class Guild(Struct, frozen=True):
    """A guild. In an outage it is `unavailable`."""

    id: Number
    unavailable: bool = False
