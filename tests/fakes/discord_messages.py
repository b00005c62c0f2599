"""Messages of the pretend Discord, and whom they ping. A body is judged here before anything is kept.

Facts: content of at most 2,000 characters; five rows of five buttons; an ordinary message without
`allowed_mentions` parses every mention, an interaction's or a webhook's only those of users.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from tests.fakes import discord_rights as rights
from tests.fakes.discord_objects import Channel, Json, User
from tests.fakes.discord_refusal import Refusal, bad_form
from tests.fakes.discord_rights import Right

DEFAULT, PINNED, CHAT_INPUT, CONTEXT_MENU = 0, 6, 20, 23
EPHEMERAL, LOADING, SUPPRESS_NOTIFICATIONS = 1 << 6, 1 << 7, 1 << 12
_LABEL, _CUSTOM_ID = 80, 100


@dataclass(frozen=True)
class Pings:
    """Who is really notified: worked out from the words, `allowed_mentions` and the author's rights."""

    everyone: bool = False
    users: frozenset[int] = frozenset()
    roles: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return self.everyone or bool(self.users) or bool(self.roles)


@dataclass(eq=False)
class Message:
    """One message. `seen_by` is the one user who sees it when it is ephemeral; `more` are further fields, such as
    those of a forward or a poll."""

    id: int
    channel: Channel
    author: User
    created: datetime
    content: str = ""
    components: list[Json] = field(default_factory=list)
    embeds: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    flags: int = 0
    kind: int = DEFAULT
    pings: Pings = Pings()
    edited: datetime | None = None
    nonce: str | None = None
    reference: Json | None = None
    metadata: Json | None = None
    seen_by: int | None = None
    edits: int = 0
    more: Json = field(default_factory=dict)

    @property
    def pinned(self) -> bool:
        return self.id in self.channel.pins

    @property
    def shown(self) -> str:
        """The content as people read it: a command that can be pressed is shown by its name."""
        return re.sub(r"<(/[^:>]+):\d+>", r"\1", self.content)

    def button(self, custom_id: str) -> Json | None:
        """The button with this id, as it stands under the message."""
        for row in self.components:
            for part in row.get("components", []):
                if part.get("custom_id") == custom_id:
                    return dict(part)
        return None

    @property
    def buttons(self) -> list[tuple[str, str]]:
        """Label and custom id (or address) of each button, in order."""
        parts = [part for row in self.components for part in row.get("components", [])]
        return [(part.get("label", ""), part.get("custom_id") or part.get("url", "")) for part in parts]

    def json(self) -> Json:
        guild = self.channel.guild
        mentioned = [self.channel.world.users[one].json() for one in sorted(self.pings.users)]
        body: Json = {
            "id": str(self.id),
            "channel_id": str(self.channel.id),
            "author": self.author.json(),
            "content": self.content,
            "timestamp": self.created.isoformat(),
            "edited_timestamp": self.edited.isoformat() if self.edited else None,
            "tts": False,
            "mention_everyone": self.pings.everyone,
            "mentions": mentioned,
            "mention_roles": [str(one) for one in sorted(self.pings.roles)],
            "attachments": self.attachments,
            "embeds": self.embeds,
            "components": self.components,
            "pinned": self.pinned,
            "type": self.kind,
            "flags": self.flags,
        }
        optional = {
            "guild_id": str(guild.id) if guild and self.seen_by is None else None,
            "nonce": self.nonce,
            "message_reference": self.reference,
            "interaction_metadata": self.metadata,
            "application_id": str(self.channel.world.application_id) if self.metadata else None,
        }
        return body | {key: value for key, value in optional.items() if value is not None} | self.more


def judge(body: Json, *, partial: bool = False) -> None:
    """Refuses a message body that the platform would refuse; `partial` for an edit, which may leave words out."""
    errors: Json = {}
    content = body.get("content")
    if content is not None and (not isinstance(content, str) or len(content) > 2000):
        errors["content"] = _error("BASE_TYPE_MAX_LENGTH", "Must be 2000 or fewer in length.")
    if len(str(body.get("nonce") or "")) > 25:
        errors["nonce"] = _error("NONCE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    if len(body.get("embeds") or []) > 10:
        errors["embeds"] = _error("BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
    wrong = _components_wrong(body.get("components") or [])
    if wrong:
        errors["components"] = _error("COMPONENT_INVALID", wrong)
    allowed = body.get("allowed_mentions") or {}
    for kind in ("users", "roles"):
        if kind in (allowed.get("parse") or []) and allowed.get(kind):
            errors["allowed_mentions"] = _error(
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", f"parse:[{kind}] and {kind}: [...] exclude each other."
            )
    if errors:
        raise bad_form(errors)
    if not partial and not any(body.get(key) for key in ("content", "embeds", "components", "attachments")):
        raise Refusal(400, 50006, "Cannot send an empty message")


def _error(code: str, message: str) -> Json:
    return {"_errors": [{"code": code, "message": message}]}


def _components_wrong(rows: list[Json]) -> str:
    parts = [part for row in rows for part in row.get("components", [])]
    ids = [part["custom_id"] for part in parts if "custom_id" in part]
    if len(rows) > 5 or any(not 1 <= len(row.get("components", [])) <= 5 for row in rows):
        return "At most five rows, each of one to five components."
    if len(set(ids)) != len(ids):
        return "Component custom id cannot be duplicated."
    if any(not 1 <= len(one) <= _CUSTOM_ID for one in ids):
        return "Custom ids must be between 1 and 100 in length."
    if any(len(part.get("label") or "") > _LABEL for part in parts):
        return "Labels must be 80 or fewer in length."
    link = [part for part in parts if part.get("type") == 2 and ("url" in part) == ("custom_id" in part)]
    return "A button has either a url or a custom id." if link else ""


def pings(body: Json, channel: Channel, author: User, *, interaction: bool = False) -> Pings:
    """Whom this body notifies. Code blocks and escapes are taken for ordinary words: stricter than the platform."""
    words = body.get("content") or ""
    allowed = body.get("allowed_mentions")
    if allowed is None:
        allowed = {"parse": ["users"] if interaction else ["users", "roles", "everyone"]}
    parse = set(allowed.get("parse") or [])
    users = {int(one) for one in re.findall(r"<@!?(\d+)>", words)}
    roles = {int(one) for one in re.findall(r"<@&(\d+)>", words)}
    if "users" not in parse:
        users &= {int(one) for one in allowed.get("users") or []}
    if "roles" not in parse:
        roles &= {int(one) for one in allowed.get("roles") or []}
    known = channel.world.users
    everyone = "everyone" in parse and bool(re.search(r"@(everyone|here)\b", words))
    may = _may_mention_all(channel, author)
    guild_roles = channel.guild.roles if channel.guild else {}
    real = {one for one in roles if one in guild_roles and (may or guild_roles[one].mentionable)}
    users = {one for one in users if one in known} | _replied_to(body, channel, allowed)
    return Pings(everyone and may, frozenset(users), frozenset(real))


def _may_mention_all(channel: Channel, author: User) -> bool:
    if channel.guild is None or author.id not in channel.guild.members:
        return False
    return bool(rights.in_channel(channel.guild.members[author.id], channel) & Right.MENTION_EVERYONE)


def _replied_to(body: Json, channel: Channel, allowed: Json) -> set[int]:
    reference = body.get("message_reference") or {}
    message = channel.messages.get(int(reference.get("message_id") or 0))
    replied = allowed.get("replied_user", body.get("allowed_mentions") is None)
    return {message.author.id} if message and replied else set()
