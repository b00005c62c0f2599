"""Who joined and left guilds, from Discord's events about members. A join counts when the member may speak:

- GUILD_MEMBER_ADD of a member who is not `pending`;
- GUILD_MEMBER_UPDATE to not pending of a member whom this process saw pending;
- GUILD_MEMBER_UPDATE of a member not pending who joined within a day before this session began, so that the process
  cannot have seen it. The greeter knows by the time of joining whom it greeted before.

Every other update (a role, a nickname) is of somebody who was reported already.
"""

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar, final

from cachetools import LRUCache

from bot.adapters.discord.requests import display_name
from bot.adapters.discord.updates import GuildMember
from bot.core.errors import StoreError
from bot.core.join_window import Join
from bot.core.model import DISCORD, Place
from bot.core.ports import Newcomers

_log = logging.getLogger(__name__)
_T = TypeVar("_T")

_DAY = timedelta(days=1)  # how long somebody may take to pass the screening while the bot is away


@final
class Batcher(Generic[_T]):
    """Hands on, as one batch, everything that came while the batch before was handled; of more than `most` the latest.
    `handle` must not raise.
    """

    def __init__(self, handle: Callable[[Sequence[_T]], Awaitable[None]], most: int | None = None) -> None:
        self._handle = handle
        self._waiting: deque[_T] = deque(maxlen=most)
        self._task: asyncio.Task[None] | None = None

    def put(self, item: _T) -> None:
        """Add to the next batch."""
        self._waiting.append(item)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())

    async def _work(self) -> None:
        while self._waiting:
            batch = tuple(self._waiting)
            self._waiting.clear()
            await self._handle(batch)


@final
class Joins:
    """Reports joins and leaves to `newcomers`, in the order in which they came. Remembers the latest `most` members who
    are pending, in this process alone. `now` gives date and time with their zone; it must not jump when somebody sets
    the machine's date, or joins would be lost.
    """

    def __init__(self, newcomers: Newcomers, now: Callable[[], datetime], most: int = 16_384) -> None:
        self._newcomers, self._now = newcomers, now
        self._pending: LRUCache[int, bool] = LRUCache(most)
        self._batcher = Batcher(self._report, most)
        self._session_began = now()

    def on_session(self) -> None:
        """A new session began: what happened before it was missed."""
        self._session_began = self._now()

    def on_join(self, member: GuildMember) -> None:
        """GUILD_MEMBER_ADD."""
        self._on_member(member, member.joined_at)

    def on_update(self, member: GuildMember) -> None:
        """GUILD_MEMBER_UPDATE."""
        at = member.joined_at
        self._on_member(member, at if at and self._now() - _DAY < at < self._session_began else None)

    def on_leave(self, member: GuildMember) -> None:
        """GUILD_MEMBER_REMOVE: somebody left or was removed."""
        self._pending.pop(_id(member), None)
        self._batcher.put((Place(DISCORD, member.guild_id), member.user.id))

    def _on_member(self, member: GuildMember, at: datetime | None) -> None:
        """Report the member as of `at`, if that is a time, or as of now if the member has just passed the screening."""
        if member.user.bot or member.joined_at is None:
            return
        id_ = _id(member)
        if member.pending:
            self._pending[id_] = True
            return
        if self._pending.pop(id_, None):
            # Others who joined later may have been greeted before, so the time of passing counts.
            at = max(member.joined_at, self._now())
        if at is not None:
            join = Join(member.user.id, display_name(member.user, member.nick), at.astimezone(UTC))
            self._batcher.put((Place(DISCORD, member.guild_id), join))

    async def _report(self, batch: Sequence[tuple[Place, Join | str]]) -> None:
        """Report the leaves of each guild before its joins: who joined before leaving in this batch is not reported."""
        joins, left = defaultdict[Place, dict[str, Join]](dict), list[tuple[Place, str]]()
        for place, one in batch:
            if isinstance(one, Join):
                joins[place][one.member] = one
            elif joins[place].pop(one, None) is None:
                left.append((place, one))
        reports = [self._newcomers.left(place, member) for place, member in left]
        reports += [self._newcomers.joined(place, tuple(joined.values())) for place, joined in joins.items() if joined]
        for report in reports:
            try:
                await report
            except StoreError as error:
                _log.warning("could not record joins or leaves: %s", error.reason)


def _id(member: GuildMember) -> int:
    return int(member.guild_id) << 64 | int(member.user.id)
