"""Users, roles, members and channels of the pretend Discord. Each knows its own JSON, as the API gives it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.fakes.discord_messages import Message
    from tests.fakes.discord_state import Guild, World

Json = dict[str, Any]

TEXT, DIRECT, GROUP, PUBLIC_THREAD, FORUM = 0, 1, 3, 11, 15


@dataclass
class User:
    """An account; bots are accounts too."""

    id: int
    name: str
    bot: bool = False

    def json(self) -> Json:
        return {
            "id": str(self.id),
            "username": self.name,
            "global_name": None if self.bot else self.name,
            "discriminator": "0",
            "avatar": None,
            "bot": self.bot,
        }


@dataclass
class Role:
    """A named set of rights. The role whose id is the guild's own is everyone's."""

    id: int
    name: str
    permissions: int
    mentionable: bool = False

    def json(self) -> Json:
        return {
            "id": str(self.id),
            "name": self.name,
            "permissions": str(int(self.permissions)),
            "mentionable": self.mentionable,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": False,
            "position": 0,
            "flags": 0,
        }


@dataclass(eq=False)
class Member:
    """A user in a guild. `pending` is true until membership screening is passed."""

    guild: Guild
    user: User
    joined: datetime
    roles: list[Role] = field(default_factory=list)
    nick: str | None = None
    pending: bool = False

    @property
    def id(self) -> int:
        return self.user.id

    def json(self) -> Json:
        return {
            "user": self.user.json(),
            "nick": self.nick,
            "avatar": None,
            "roles": [str(role.id) for role in self.roles],
            "joined_at": self.joined.isoformat(),
            "premium_since": None,
            "deaf": False,
            "mute": False,
            "flags": 0,
            "pending": self.pending,
        }


@dataclass(eq=False)
class Channel:
    """A text channel, a thread, a forum, the bot's direct chat with `recipient` or a group chat that `recipient` is in,
    with its messages and when each pin was set."""

    world: World
    id: int
    name: str
    kind: int
    guild: Guild | None = None
    parent: Channel | None = None
    recipient: User | None = None
    archived: bool = False
    locked: bool = False
    overwrites: dict[int, tuple[int, int]] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    pins: dict[int, datetime] = field(default_factory=dict)

    @property
    def is_thread(self) -> bool:
        return self.kind == PUBLIC_THREAD

    @property
    def has_bot(self) -> bool:
        """Whether the bot is there: added to the guild, or in its own direct chat."""
        return self.guild.id in self.world.guilds if self.guild else self.kind == DIRECT

    def json(self) -> Json:
        if self.recipient is not None:
            return {
                "id": str(self.id),
                "type": self.kind,
                "last_message_id": None,
                "recipients": [self.recipient.json()],
            }
        assert self.guild is not None
        shared = {"id": str(self.id), "type": self.kind, "name": self.name, "guild_id": str(self.guild.id)}
        return shared | (self._thread() if self.is_thread else self._placed())

    def _thread(self) -> Json:
        assert self.guild is not None
        assert self.parent is not None
        return {
            "parent_id": str(self.parent.id),
            "owner_id": str(self.guild.owner_id),
            "message_count": len(self.messages),
            "member_count": 1,
            "rate_limit_per_user": 0,
            "thread_metadata": {
                "archived": self.archived,
                "locked": self.locked,
                "auto_archive_duration": 1440,
                "archive_timestamp": self.world.now.isoformat(),
                "create_timestamp": self.world.now.isoformat(),
            },
        }

    def _placed(self) -> Json:
        placed: Json = {
            "position": 0,
            "topic": None,
            "nsfw": False,
            "parent_id": None,
            "last_message_id": None,
            "rate_limit_per_user": 0,
            "permission_overwrites": [
                {"id": str(target), "type": self._overwrites_a(target), "allow": str(allow), "deny": str(deny)}
                for target, (allow, deny) in self.overwrites.items()
            ],
        }
        return placed | ({"available_tags": [], "flags": 0} if self.kind == FORUM else {})

    def _overwrites_a(self, target: int) -> int:
        assert self.guild is not None
        return 0 if target in self.guild.roles else 1

    def overwrite(self, target: Member | Role, *, allow: int = 0, deny: int = 0) -> None:
        """Gives or takes rights in this channel alone, and tells the gateway."""
        self.overwrites[target.id] = (int(allow), int(deny))
        self.changed()

    def changed(self) -> None:
        """Tells the gateway that the channel (or thread) is not as it was."""
        assert self.guild is not None
        self.world.emit("THREAD_UPDATE" if self.is_thread else "CHANNEL_UPDATE", self.json(), self.guild.id)

    def delete(self) -> None:
        """Removes the channel with all that is in it."""
        assert self.guild is not None
        for message in self.messages:
            self.world.messages.pop(message, None)
        del self.world.channels[self.id], self.guild.channels[self.id]
        self.world.emit("THREAD_DELETE" if self.is_thread else "CHANNEL_DELETE", self.json(), self.guild.id)
