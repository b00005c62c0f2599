"""What the pretend Discord of the benchmarks sends, in the shape and size of the real one's. Its law: plain JSON."""

import time
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]

BOT, APPLICATION = 1_000_000_000_000_000_001, 1_000_000_000_000_000_002
_EPOCH = 1_420_070_400_000  # of Discord's ids, in milliseconds
_GUILDS, _CHANNELS = 1_100_000_000_000_000_000, 1_200_000_000_000_000_000
_ROLES, _MEMBERS = 1_300_000_000_000_000_000, 1_400_000_000_000_000_000
MODERATOR = str(1 << 3)
# View, send, history, links and commands: what a member has; pictures may not be attached, so none is drawn.
_RIGHTS = str(1 << 10 | 1 << 11 | 1 << 14 | 1 << 16 | 1 << 31 | 1 << 38)


def snowflake(number: int) -> int:
    """An id of now; `number` keeps those of one millisecond apart."""
    return (int(time.time() * 1000) - _EPOCH) << 22 | number & 0x3FFFFF


def user(number: int, name: str = "member", *, bot: bool = False) -> Json:
    """An account."""
    return {
        "id": str(number),
        "username": f"{name}{number % 100_000}",
        "global_name": f"{name.title()} {number % 100_000}",
        "discriminator": "0",
        "avatar": "a" * 32,
        "avatar_decoration_data": None,
        "banner": None,
        "accent_color": None,
        "clan": None,
        "primary_guild": None,
        "collectibles": None,
        "display_name_styles": None,
        "public_flags": 0,
        "bot": bot,
    }


def member(account: Json, joined: str = "2026-01-01T00:00:00.000000+00:00", **more: Any) -> Json:
    """An account in a guild."""
    return {
        "user": account,
        "nick": None,
        "avatar": None,
        "banner": None,
        "roles": [],
        "joined_at": joined,
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "communication_disabled_until": None,
        "unusual_dm_activity_until": None,
    } | more


def guild_id(number: int) -> int:
    """The id of the guild of that number; channels and roles follow from it likewise."""
    return _GUILDS + number


def channel_id(guild: int, number: int) -> int:
    """The id of a channel of the guild of that number."""
    return _CHANNELS + guild * 1000 + number


def channel(guild: int, number: int) -> Json:
    """A text channel with two overwrites."""
    roles = (_GUILDS + guild, _ROLES + guild * 1000 + number % 10)
    return {
        "id": str(channel_id(guild, number)),
        "type": 0,
        "name": f"channel-{number}",
        "topic": f"What is spoken of in channel {number} of guild {guild}",
        "position": number,
        "parent_id": None,
        "nsfw": False,
        "flags": 0,
        "rate_limit_per_user": 0,
        "last_message_id": str(_MEMBERS + number),
        "version": 1_700_000_000_000 + number,
        "permission_overwrites": [{"id": str(role), "type": 0, "allow": "0", "deny": "2048"} for role in roles],
    }


def _role(guild: int, number: int) -> Json:
    return {
        "id": str(_GUILDS + guild if number == 0 else _ROLES + guild * 1000 + number),
        "name": "@everyone" if number == 0 else f"Role {number}",
        "permissions": _RIGHTS,
        "position": number,
        "color": number,
        "colors": {"primary_color": number, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
        "version": 1_700_000_000_000,
    }


_PLAIN: Json = {
    "banner": None,
    "splash": None,
    "discovery_splash": None,
    "features": ["COMMUNITY", "NEWS"],
    "preferred_locale": "en-US",
    "nsfw_level": 0,
    "nsfw": False,
    "verification_level": 1,
    "explicit_content_filter": 2,
    "default_message_notifications": 1,
    "mfa_level": 0,
    "afk_channel_id": None,
    "afk_timeout": 300,
    "system_channel_flags": 0,
    "rules_channel_id": None,
    "public_updates_channel_id": None,
    "safety_alerts_channel_id": None,
    "max_members": 500_000,
    "max_stage_video_channel_users": 50,
    "max_video_channel_users": 25,
    "premium_tier": 0,
    "premium_subscription_count": 0,
    "premium_progress_bar_enabled": False,
    "vanity_url_code": None,
    "application_id": None,
    "region": "deprecated",
    "hub_type": None,
    "incidents_data": None,
    "joined_at": "2026-01-01T00:00:00.000000+00:00",
    "large": False,
    "lazy": True,
    "unavailable": False,
    "member_count": 240,
    "threads": [],
    "emojis": [],
    "stickers": [],
    "soundboard_sounds": [],
    "presences": [],
    "voice_states": [],
    "stage_instances": [],
    "guild_scheduled_events": [],
    "embedded_activities": [],
    "application_command_counts": {},
    "version": 1_700_000_000_000,
}
"""What all guilds have alike."""


def guild(number: int, channels: int = 20, roles: int = 10) -> Json:
    """A guild as GUILD_CREATE tells of it; roles are counted with @everyone."""
    return _PLAIN | {
        "id": str(guild_id(number)),
        "name": f"Guild {number}",
        "owner_id": str(_MEMBERS + number),
        "icon": "b" * 32,
        "description": "A community that speaks of a network of many chains",
        "system_channel_id": str(channel_id(number, 0)),
        "members": [member(user(BOT, "bot", bot=True))],
        "channels": [channel(number, one) for one in range(channels)],
        "roles": [_role(number, one) for one in range(roles)],
    }


def command(name: str, number: int, guilds: int, channels: int, rights: str = _RIGHTS) -> Json:
    """The interaction of the so-manieth member who calls the command, each in the next guild and channel."""
    home, where = number % guilds, number // guilds % channels
    id_, who = snowflake(number), user(_MEMBERS + number)
    return {
        "id": str(id_),
        "application_id": str(APPLICATION),
        "type": 2,
        "token": f"{id_}:{number:0>150}",
        "version": 1,
        "locale": "en-US",
        "guild_locale": "en-US",
        "guild_id": str(guild_id(home)),
        "guild": {"id": str(guild_id(home)), "locale": "en-US", "features": ["COMMUNITY", "NEWS"]},
        "channel_id": str(channel_id(home, where)),
        "channel": channel(home, where) | {"guild_id": str(guild_id(home)), "permissions": _RIGHTS},
        "member": member(who, permissions=rights),
        "app_permissions": _RIGHTS,
        "attachment_size_limit": 10 << 20,
        "context": 0,
        "authorizing_integration_owners": {"0": str(guild_id(home))},
        "entitlements": [],
        "entitlement_sku_ids": [],
        "data": {"id": str(APPLICATION + 1), "name": name, "type": 1, "options": []},
    }


def joined(number: int, home: int = 0) -> Json:
    """The so-manieth newcomer of a guild, as GUILD_MEMBER_ADD tells of it."""
    stamp = datetime.now(UTC).isoformat(timespec="microseconds")
    return member(user(_MEMBERS + number, "raider"), stamp, guild_id=str(guild_id(home)))


def posted(call: Json, where: int, number: int) -> Json:
    """The message that came of a body of ours, as Discord tells it back."""
    return {
        "id": str(snowflake(number)),
        "channel_id": str(where),
        "type": 20,
        "author": user(BOT, "bot", bot=True),
        "content": call.get("content", ""),
        "components": call.get("components", []),
        "flags": call.get("flags", 0),
        "application_id": str(APPLICATION),
        "webhook_id": str(APPLICATION),
        "timestamp": "2026-11-22T12:00:00.000000+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "pinned": False,
    }


def application() -> Json:
    """What the bot is told of its own application."""
    return {
        "id": str(APPLICATION),
        "name": "bot",
        "description": "",
        "icon": None,
        "bot_public": True,
        "bot_require_code_grant": False,
        "owner": user(BOT + 9, "owner"),
        "verify_key": "0" * 64,
        "flags": 1 << 15,
    }
