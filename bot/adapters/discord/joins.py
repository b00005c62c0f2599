"""Reports who joined and left guilds, from Discord's events about members. A join counts once the member may speak:

- GUILD_MEMBER_ADD of a member who is not `pending`;
- GUILD_MEMBER_UPDATE of a member who is no longer pending, and whom this process saw pending;
- GUILD_MEMBER_UPDATE of a member who is not pending and joined less than a day ago, but before this session began. This
  process may have missed that join. The greeter knows by the time of joining whom it has greeted before.

All other updates (a role, a nickname) are of members who were reported before.
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

_DAY = timedelta(days=1)  # how long ago a member may have joined who passed the screening while the bot was away


@final
class Batcher(Generic[_T]):
    """Passes all items that arrive while a batch is being handled to `handle` as the next batch. If there are more than
    `most`, the oldest are dropped. `handle` must not raise.
    """

    def __init__(self, handle: Callable[[Sequence[_T]], Awaitable[None]], most: int | None = None) -> None:
        self._handle = handle
        self._waiting: deque[_T] = deque(maxlen=most)
        self._task: asyncio.Task[None] | None = None

    def put(self, item: _T) -> None:
        """Add the item to the next batch."""
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
    """Reports joins and leaves to `newcomers` in the order in which they arrive. Remembers in memory the latest `most`
    members who are pending. `now` returns the time with its zone. It must not jump when the machine's date is changed,
    or joins would be lost.
    """

    def __init__(self, newcomers: Newcomers, now: Callable[[], datetime], most: int = 16_384) -> None:
        self._newcomers, self._now = newcomers, now
        self._pending: LRUCache[int, bool] = LRUCache(most)
        self._batcher = Batcher(self._report, most)
        self._session_began = now()

    def on_session(self) -> None:
        """Record that a new session begins. Joins from before it may have been missed."""
        self._session_began = self._now()

    def on_join(self, member: GuildMember) -> None:
        """Handle GUILD_MEMBER_ADD."""
        self._on_member(member, member.joined_at)

    def on_update(self, member: GuildMember) -> None:
        """Handle GUILD_MEMBER_UPDATE."""
        at = member.joined_at
        self._on_member(member, at if at and self._now() - _DAY < at < self._session_began else None)

    def on_leave(self, member: GuildMember) -> None:
        """Handle GUILD_MEMBER_REMOVE: the member left or was removed."""
        self._pending.pop(_id(member), None)
        self._batcher.put((Place(DISCORD, member.guild_id), member.user.id))

    def _on_member(self, member: GuildMember, at: datetime | None) -> None:
        """Report that the member joined at `at`, or now if they have just passed the screening. If `at` is None, report
        only the latter.
        """
        if member.user.bot or member.joined_at is None:
            return
        id_ = _id(member)
        if member.pending:
            self._pending[id_] = True
            return
        if self._pending.pop(id_, None):
            # The time of passing counts, because members who joined later may have been greeted already.
            at = max(member.joined_at, self._now())
        if at is not None:
            join = Join(member.user.id, display_name(member.user, member.nick), at.astimezone(UTC))
            self._batcher.put((Place(DISCORD, member.guild_id), join))

    async def _report(self, batch: Sequence[tuple[Place, Join | str]]) -> None:
        """Report the leaves before the joins. A member who joined and then left within the batch is not reported."""
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
