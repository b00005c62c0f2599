"""Who came to a guild, from Discord's own member events. Its law: a join counts once, when the member may speak, and a
change of somebody who has long been there never looks like one.

What counts:
- GUILD_MEMBER_ADD of a member who is not `pending`;
- GUILD_MEMBER_UPDATE to not pending of a member who was seen pending by this process;
- GUILD_MEMBER_UPDATE of a member not pending who came before this session began, so that the process cannot have seen
  it, but within the last day. Whoever was greeted before is then known by the time of joining (`greeted_until`).
Every other update (a role, a nickname) is of somebody who was told of already.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import final

from bot.adapters.discord import updates
from bot.adapters.discord.batcher import Gathered
from bot.adapters.discord.updates import Json
from bot.core.errors import StoreError
from bot.core.join_window import Join
from bot.core.model import DISCORD, Place
from bot.core.ports import Newcomers

_log = logging.getLogger(__name__)

_DAY = timedelta(days=1)  # how long somebody may take to pass the screening while the bot is away


@final
class Arrivals:
    """Tells `newcomers` of joins, in the order in which they came. Remembers the latest `most` members and no more, in
    this process alone. `now` gives date and time with their zone, and runs on evenly where somebody sets the machine's
    date: else joins would be lost.
    """

    def __init__(self, newcomers: Newcomers, now: Callable[[], datetime], most: int = 16_384) -> None:
        self._newcomers, self._now = newcomers, now
        self._pending = _Latest(most)
        self._told = _Latest(most)
        self._since = now()
        self._waiting = Gathered(self._hand_on, most)

    def heard(self, event: str, data: Json) -> None:
        """READY, or one of the members' events, as Discord sent it. Never raises."""
        if event == "READY":
            self._since = self._now()
            return
        try:
            came = self._came(event, data)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            _log.warning("a member event could not be read: %s", type(error).__name__)
            return
        if came is None:
            return
        self._waiting.put(came)

    async def _hand_on(self, batch: Sequence[tuple[Place, Join]]) -> None:
        by_place = dict[Place, list[Join]]()
        for place, join in batch:
            by_place.setdefault(place, []).append(join)
        for place, joins in by_place.items():
            try:
                await self._newcomers.joined(place, joins)
            except StoreError as error:
                _log.warning("newcomers were not noted: %s", error.reason)

    def _came(self, event: str, data: Json) -> tuple[Place, Join] | None:
        user, joined = data["user"], data.get("joined_at")
        if user.get("bot") or not joined:
            return None
        guild, now = int(data["guild_id"]), self._now()
        who = guild << 64 | int(user["id"])
        at = datetime.fromisoformat(joined).astimezone(UTC)
        if data.get("pending"):
            self._pending.put(who, at.timestamp())
            return None
        if self._pending.pop(who) is not None:
            # Others who joined later may have been greeted before: it is the passing that counts.
            return self._once(guild, who, at, _join(data, max(at, now)))
        if event == "GUILD_MEMBER_UPDATE" and not now - _DAY < at < self._since:
            return None
        return self._once(guild, who, at, _join(data, at))

    def _once(self, guild: int, who: int, joined: datetime, join: Join) -> tuple[Place, Join] | None:
        second = joined.timestamp()
        if self._told.get(who) == second:
            return None
        self._told.put(who, second)
        return Place(DISCORD, str(guild)), join


def _join(data: Json, at: datetime) -> Join:
    user = data["user"]
    return Join(str(user["id"]), updates.name(data, user), at)


@final
class _Latest:
    """The latest members, `most` at most and half as many at least, each with the second when they joined: 100 bytes a
    member, so that a raid fills a megabyte or two.
    """

    def __init__(self, most: int) -> None:
        self._half = max(1, most // 2)
        self._young: dict[int, float] = {}
        self._old: dict[int, float] = {}

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def get(self, who: int) -> float | None:
        return self._young.get(who, self._old.get(who))

    def put(self, who: int, joined: float) -> None:
        if len(self._young) >= self._half:
            self._old, self._young = self._young, {}
        self._young[who] = joined

    def pop(self, who: int) -> float | None:
        old = self._old.pop(who, None)
        return self._young.pop(who, old)
