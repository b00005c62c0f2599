"""Which part of Discord is whose: shards, and the names of the leases on them. Its law: pure, and no name holds a
token.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Final, final

BETWEEN: Final = 5.0  # seconds between two sessions that begin in one bucket (Discord's gateway documentation)


@final
@dataclass(frozen=True, slots=True)
class Shard:
    """One of `count` equal parts of all guilds, counted from 0. Direct chats come to the first."""

    id: int
    count: int

    @property
    def first(self) -> bool:
        """Whether it is the one whose holder also does what is done once: pins and the menu of commands."""
        return self.id == 0


@final
@dataclass(frozen=True, slots=True)
class Size:
    """What Discord says of a bot: how many shards it should have, and how many sessions may begin at once."""

    shards: int
    together: int


def of(guild: str | None, count: int) -> int:
    """The shard that is told what happens in that guild (Discord's rule), or in a direct chat (None)."""
    return (int(guild) >> 22) % count if guild else 0


def account(token: str) -> str:
    """The bot's id, which a token of either platform begins with, or a fingerprint of one that does not."""
    head = token.partition(".")[0] if "." in token else token.partition(":")[0]
    try:
        decoded = base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)).decode("ascii") if "." in token else head
    except (binascii.Error, ValueError):
        decoded = ""
    if decoded.isascii() and decoded.isdigit() and len(decoded) <= 20:
        return decoded
    return hashlib.sha256(token.encode()).hexdigest()[:16]


def leases(bot: str, count: int) -> tuple[str, ...]:
    """The leases on all shards, the first shard's first."""
    return tuple(f"discord:{bot}:shard:{shard}" for shard in range(count))


def leased(name: str, count: int) -> Shard:
    """The shard that a lease is on."""
    return Shard(int(name.rpartition(":")[2]), count)


def turn(bot: str, shard: Shard, together: int) -> str:
    """The lease on beginning a session: shards whose ids are alike modulo `together` begin one after another."""
    return f"discord:{bot}:begin:{shard.id % max(1, together)}"
