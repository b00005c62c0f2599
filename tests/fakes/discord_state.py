"""The guilds and direct chats of the pretend Discord. What is made or changed here tells the gateway.

Objects are made through `World` and `Guild`, which hand out ids and emit the event a real server would send.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tests.fakes import discord_rights as rights
from tests.fakes.discord_files import Files
from tests.fakes.discord_objects import DIRECT, FORUM, GROUP, PUBLIC_THREAD, TEXT, Channel, Json, Member, Role, User

if TYPE_CHECKING:
    from tests.fakes.discord_messages import Message

Emit = Callable[[str, Json, int | None], None]

_EPOCH_MS = 1_420_070_400_000


@dataclass(eq=False)
class Guild:
    """A community. Everything in it is made here, so that ids are right and the gateway hears of it."""

    world: World
    id: int
    name: str
    owner_id: int
    locale: str
    roles: dict[int, Role] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    live: bool = False

    @property
    def everyone(self) -> Role:
        return self.roles[self.id]

    @property
    def me(self) -> Member:
        """The bot's own member."""
        return self.members[self.world.bot.id]

    def role(self, name: str, permissions: int = 0, *, mentionable: bool = False) -> Role:
        role = Role(self.world.new_id(), name, int(permissions), mentionable)
        self.roles[role.id] = role
        self._tell("GUILD_ROLE_CREATE", {"guild_id": str(self.id), "role": role.json()})
        return role

    def set_permissions(self, role: Role, permissions: int) -> None:
        """Changes what a role may do."""
        role.permissions = int(permissions)
        self._tell("GUILD_ROLE_UPDATE", {"guild_id": str(self.id), "role": role.json()})

    def bot_permissions(self, permissions: int) -> None:
        """Changes what the bot's own role may do (everyone's role still adds to it)."""
        self.set_permissions(self.me.roles[0], permissions)

    def channel(self, name: str = "general", *, kind: int = TEXT) -> Channel:
        channel = Channel(self.world, self.world.new_id(), name, kind, guild=self)
        return self._add(channel, "CHANNEL_CREATE")

    def forum(self, name: str = "questions") -> Channel:
        return self.channel(name, kind=FORUM)

    def thread(self, parent: Channel, name: str = "thread", *, archived: bool = False, locked: bool = False) -> Channel:
        """A public thread, or a post when the parent is a forum."""
        channel = Channel(
            self.world, self.world.new_id(), name, PUBLIC_THREAD, self, parent, archived=archived, locked=locked
        )
        return self._add(channel, "THREAD_CREATE", {"newly_created": True})

    def _add(self, channel: Channel, event: str, more: Json | None = None) -> Channel:
        self.channels[channel.id] = self.world.channels[channel.id] = channel
        self._tell(event, channel.json() | (more or {}))
        return channel

    def member(self, name: str = "ada", *, permissions: int = 0, bot: bool = False, pending: bool = False) -> Member:
        """Someone who is already here: no event is sent, so a client knows of them only if it asks."""
        user = self.world.user(name, bot=bot)
        member = Member(self, user, self.world.now, pending=pending)
        if permissions:
            member.roles.append(self.role(f"{name}'s", permissions))
        self.members[user.id] = member
        return member

    def json(self) -> Json:
        """The body of GUILD_CREATE: as the platform does without the presence intent, only the bot's own member."""
        placed = [one.json() for one in self.channels.values() if not one.is_thread]
        return {
            "id": str(self.id),
            "name": self.name,
            "owner_id": str(self.owner_id),
            "preferred_locale": self.locale,
            "member_count": len(self.members),
            "large": len(self.members) > 250,
            "unavailable": False,
            "joined_at": self.me.joined.isoformat(),
            "roles": [role.json() for role in self.roles.values()],
            "channels": placed,
            "threads": [one.json() for one in self.channels.values() if one.is_thread and not one.archived],
            "members": [self.me.json()],
            "features": [],
            "emojis": [],
            "stickers": [],
            "voice_states": [],
            "presences": [],
            "verification_level": 0,
            "default_message_notifications": 1,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "premium_tier": 0,
            "system_channel_flags": 0,
            "afk_timeout": 300,
            "icon": None,
        }

    def _tell(self, event: str, body: Json) -> None:
        if self.live:
            self.world.emit(event, body, self.id)


class World:
    """All guilds, direct chats and users of one pretend Discord, under one told clock.

    The clock starts at the true time, because clients work ages out from ids, and moves only when told.
    """

    def __init__(self, emit: Emit, now: datetime | None = None) -> None:
        self.emit = emit
        self.now = now or datetime.now(UTC)
        self._count = 0
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.users: dict[int, User] = {}
        self.messages: dict[int, Message] = {}
        self.installed_by: set[int] = set()
        self.files = Files([], "https://cdn.invalid")
        self.bot = self.user("kusama", bot=True)
        self.application_id = self.bot.id

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def moment(self) -> datetime:
        """The told time, made unlike every other by some microseconds, for what is listed by time."""
        self._count += 1
        return self.now + timedelta(microseconds=self._count)

    def new_id(self) -> int:
        """A snowflake of the told time, larger than every one before it."""
        self._count += 1
        ms = int(self.now.timestamp() * 1000) - _EPOCH_MS
        return (ms << 22) + self._count

    def user(self, name: str, *, bot: bool = False) -> User:
        user = User(self.new_id(), name, bot)
        self.users[user.id] = user
        return user

    def guild(self, name: str, *, locale: str, permissions: int, id: int | None = None) -> Guild:
        """A guild that the bot is in, with a role of its own that has `permissions`, and an owner."""
        guild = Guild(self, id or self.new_id(), name, 0, locale)
        guild.roles[guild.id] = Role(guild.id, "@everyone", rights.EVERYONE)
        guild.owner_id = guild.member("owner").id
        guild.members[self.bot.id] = Member(guild, self.bot, self.now, [guild.role("bot", permissions)])
        self.guilds[guild.id] = guild
        return guild

    def foreign_guild(self, name: str) -> Guild:
        """A guild without the bot. Of what happens there only interactions reach it, by those who installed it."""
        guild = Guild(self, self.new_id(), name, 0, "en-US")
        guild.roles[guild.id] = Role(guild.id, "@everyone", rights.EVERYONE)
        guild.owner_id = guild.member("owner").id
        return guild

    def forget(self, guild: Guild) -> None:
        """The bot is no longer in the guild."""
        del self.guilds[guild.id]
        for channel in guild.channels:
            self.channels.pop(channel, None)
        self.emit("GUILD_DELETE", {"id": str(guild.id)}, guild.id)

    def direct(self, user: User) -> Channel:
        """The direct chat with a user; there is one each."""
        for channel in self.channels.values():
            if channel.recipient is user:
                return channel
        channel = Channel(self, self.new_id(), "", DIRECT, recipient=user)
        self.channels[channel.id] = channel
        return channel

    def group(self, user: User) -> Channel:
        """A group chat that the user is in, without the bot."""
        channel = Channel(self, self.new_id(), "", GROUP, recipient=user)
        self.channels[channel.id] = channel
        return channel
