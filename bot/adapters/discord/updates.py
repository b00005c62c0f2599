"""What Discord sends, as far as the bot reads it. Unknown fields are ignored; a payload with a wrong type is refused.

https://docs.discord.com/developers/events/gateway-events
"""

import logging
from datetime import datetime
from typing import Annotated, Final, TypeVar, final

from msgspec import Meta, Struct, ValidationError, convert

_log = logging.getLogger(__name__)
_T = TypeVar("_T")

APPLICATION_COMMAND: Final = 2  # types of interactions
MESSAGE_COMPONENT: Final = 3
AUTOCOMPLETE: Final = 4
MESSAGE_COMMAND: Final = 3  # a type of application command: an entry of a message's menu
PIN_NOTE: Final = 6  # a type of message: Discord's own, about a pin
THREADS: Final = (10, 11, 12)  # types of channels

# Discord writes numbers of 64 bits, such as ids and permissions, as digits in a string.
Number = Annotated[str, Meta(pattern=r"\A[0-9]{1,20}\Z")]


@final
class User(Struct, frozen=True):
    """A user. `global_name` is the name shown where a guild has no other."""

    id: Number
    username: str = ""
    global_name: str | None = None
    bot: bool = False


@final
class Member(Struct, frozen=True):
    """Somebody in a guild. Only in interactions are there `permissions`, which hold for that very channel."""

    user: User | None = None
    nick: str | None = None
    permissions: Number = "0"


@final
class Channel(Struct, frozen=True):
    """A channel, or a thread with its parent."""

    id: Number
    type: int = 0
    parent_id: Number | None = None


@final
class TargetMessage(Struct, frozen=True):
    """The message whose menu was opened."""

    content: str = ""


@final
class Resolved(Struct, frozen=True):
    """What options and menus point at, by id. Members have no `user` here."""

    users: dict[str, User] = {}
    members: dict[str, Member] = {}
    messages: dict[str, TargetMessage] = {}


@final
class Option(Struct, frozen=True):
    """An option that was filled in; while somebody types into it, it is `focused`."""

    name: str
    value: str | int | float | bool | None = None
    focused: bool = False


@final
class Data(Struct, frozen=True):
    """What was called, typed into or pressed; which fields there are depends on that."""

    name: str = ""
    type: int = 0
    options: tuple[Option, ...] = ()
    resolved: Resolved = Resolved()
    target_id: Number | None = None
    custom_id: str | None = None


@final
class Interaction(Struct, frozen=True):
    """Somebody called a command, typed into an option or pressed a button. In direct chats there is no `member`."""

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


@final
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


@final
class GuildMember(Struct, frozen=True):
    """Somebody joined, or something about a member changed. `pending` members have not passed the screening."""

    guild_id: Number
    user: User
    joined_at: Annotated[datetime, Meta(tz=True)] | None = None
    nick: str | None = None
    pending: bool = False


@final
class Guild(Struct, frozen=True):
    """A guild. In an outage it is `unavailable`."""

    id: Number
    unavailable: bool = False


def read(sent: object, type_: type[_T]) -> _T | None:
    """A decoded JSON value as one of the types above; None, and a line in the log, if it is of another kind."""
    try:
        return convert(sent, type_)
    except (ValidationError, ValueError, RecursionError) as error:
        reason = error if isinstance(error, ValidationError) else type(error).__name__  # the first shows no values
        _log.warning("Discord sent something that is no %s: %s", type_.__name__, reason)
        return None


def display_name(user: User, nick: str | None) -> str:
    """The name that the guild shows, or an empty one."""
    return nick or user.global_name or user.username
