"""Shards: parts of about equal size of the guilds that a Discord bot is in."""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import final


@final
@dataclass(frozen=True, slots=True)
class Shard:
    """One of `count` shards; ids start at 0. Direct chats belong to the first."""

    id: int
    count: int


@final
@dataclass(frozen=True, slots=True)
class Size:
    """How many shards Discord recommends for a bot, and how many sessions may begin at once."""

    shards: int
    together: int


def shard_of(guild: str | None, count: int) -> int:
    """Return the shard that gets the events of that guild (by Discord's rule), or of direct chats (None)."""
    return (int(guild) >> 22) % count if guild else 0


def account(token: str) -> str:
    """Return the bot's id, with which a token of Discord or Telegram begins, or a hash of a token that has no id."""
    head = token.partition(".")[0] if "." in token else token.partition(":")[0]
    try:
        decoded = base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)).decode("ascii") if "." in token else head
    except (binascii.Error, ValueError):
        decoded = ""
    if decoded.isascii() and decoded.isdigit() and len(decoded) <= 20:
        return decoded
    return hashlib.sha256(token.encode()).hexdigest()[:16]
