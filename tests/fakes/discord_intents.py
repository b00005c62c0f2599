"""Which events a session gets. Nothing reaches a client that did not ask for it and may not have it."""

from __future__ import annotations

from tests.fakes.discord_objects import Json

GUILDS, MEMBERS, PRESENCES, CONTENT = 1 << 0, 1 << 1, 1 << 8, 1 << 15
GUILD_MESSAGES, DIRECT_MESSAGES = 1 << 9, 1 << 12
PRIVILEGED = MEMBERS | PRESENCES | CONTENT
VALID = (1 << 17) - 1 | 1 << 20 | 1 << 21 | 1 << 24 | 1 << 25

_NEEDS = {
    "GUILD_MEMBER_ADD": MEMBERS,
    "GUILD_MEMBER_REMOVE": MEMBERS,
    "CHANNEL_PINS_UPDATE": GUILDS | DIRECT_MESSAGES,
}
_MESSAGES = {"MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE"}
_WORDS = ("content", "components", "embeds", "attachments")


def tailored(event: str, body: Json, intents: int, bot: int) -> Json | None:
    """The event as a session with these intents sees it, or None when it does not see it."""
    if event in _MESSAGES:
        wanted = GUILD_MESSAGES if "guild_id" in body else DIRECT_MESSAGES
        return _without_words(body, intents, bot) if intents & wanted else None
    if event == "GUILD_MEMBER_UPDATE" and int(body["user"]["id"]) != bot:
        return body if intents & MEMBERS else None
    if event.startswith(("GUILD_", "CHANNEL_", "THREAD_")):
        return body if intents & _NEEDS.get(event, GUILDS) else None
    return body


def _without_words(body: Json, intents: int, bot: int) -> Json:
    author = int(body.get("author", {}).get("id", bot))
    mentioned = any(int(one["id"]) == bot for one in body.get("mentions", []))
    if intents & CONTENT or "guild_id" not in body or author == bot or mentioned:
        return body
    return body | {key: "" if key == "content" else [] for key in _WORDS if key in body}
