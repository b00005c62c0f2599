"""Who may do what on the pretend Discord. Rights are worked out from roles and overwrites, never stored.

The order is the platform's: everyone's role, then the member's roles, then the channel's overwrites for
everyone, for roles and for the member; an administrator and the owner pass all of them.
"""

from __future__ import annotations

from enum import IntFlag
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.fakes.discord_objects import Channel, Member


class Right(IntFlag):
    """The permission bits that the fake knows by name; any other bit is carried along untouched."""

    NONE = 0
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    SEND_MESSAGES_IN_THREADS = 1 << 38
    USE_EXTERNAL_APPS = 1 << 50
    PIN_MESSAGES = 1 << 51


ALL = (1 << 53) - 1
EVERYONE = int(
    Right.VIEW_CHANNEL
    | Right.SEND_MESSAGES
    | Right.SEND_MESSAGES_IN_THREADS
    | Right.READ_MESSAGE_HISTORY
    | Right.USE_APPLICATION_COMMANDS
    | Right.ADD_REACTIONS
    | Right.USE_EXTERNAL_APPS
)
"""What a new guild lets everyone do, as far as a bot could notice."""

INVITED = 2252074691693568
"""What a bot gets from an invite link that asks for what a pinning bot needs (pinning is its own bit since 2025)."""

GUEST = int(Right.ATTACH_FILES | Right.EMBED_LINKS | Right.MENTION_EVERYONE)
"""What interactions outside of guilds say that an app may do (`app_permissions`)."""


def in_guild(member: Member) -> int:
    """The rights that a member's roles add up to, before any channel has its say."""
    if member.user.id == member.guild.owner_id:
        return ALL
    bits = member.guild.everyone.permissions
    for role in member.roles:
        bits |= role.permissions
    return ALL if bits & Right.ADMINISTRATOR else bits


def in_channel(member: Member, channel: Channel) -> int:
    """The rights of a member in a channel; a thread asks its parent. Without a view there is nothing at all."""
    bits = in_guild(member)
    if bits == ALL:
        return ALL
    overwrites = (channel.parent or channel).overwrites
    for_everyone = overwrites.get(member.guild.id, (0, 0))
    bits = (bits & ~for_everyone[1]) | for_everyone[0]
    allowed = denied = 0
    for role in member.roles:
        allow, deny = overwrites.get(role.id, (0, 0))
        allowed |= allow
        denied |= deny
    bits = (bits & ~denied) | allowed
    own = overwrites.get(member.user.id, (0, 0))
    bits = (bits & ~own[1]) | own[0]
    return bits if bits & Right.VIEW_CHANNEL else 0
