"""Greets new members; those who join at about the same time get one message together.

The time up to which joins are greeted is stored before the greeting is posted, so nobody is greeted twice even if the
bot stops in between.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.community import Community
from bot.core.disclaimer import Reply
from bot.core.errors import StoreError
from bot.core.greeting import greeting
from bot.core.join_window import QUIET, Join, JoinBatch, JoinWindow, RecentMembers
from bot.core.model import Place
from bot.core.ports import Communities, Platform
from bot.core.sealed_catalog import SealedCatalog
from bot.features.welcomes.posting import Posting

_log = logging.getLogger(__name__)

_AHEAD = timedelta(minutes=10)  # tolerated difference between a platform's clock and this machine's


@dataclass(slots=True)
class _Waiting:
    """The members of one community who wait for a greeting. Do not cancel `task` while `busy`, when it is posting."""

    place: Place
    window: JoinWindow
    task: asyncio.Task[None] | None = None
    busy: bool = False


class Greeter:
    """Collects joins per community and greets the new members. Implements the port `Newcomers`.

    `platforms` is read for every greeting, so adapters may be added later. `why_name_hidden` returns why a name must
    not be shown, None if it may be. `clock` gives monotonic seconds, `sleep` waits for seconds, `now` gives the time
    with a time zone. `counted` is called with the platform and the result of a greeting: posted, raid (posted without
    names), failed, left-out.
    """

    def __init__(
        self,
        content: Callable[[], SealedCatalog],
        communities: Communities,
        platforms: Mapping[str, Platform],
        why_name_hidden: Callable[[str], Awaitable[str | None]],
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]],
        now: Callable[[], datetime],
        counted: Callable[[str, str], None] = lambda _platform, _result: None,
    ) -> None:
        self._content, self._communities, self._why_name_hidden = content, communities, why_name_hidden
        self._clock, self._sleep, self._now, self._counted = clock, sleep, now, counted
        self._recent = RecentMembers(secrets.token_bytes(32), clock)
        self._waiting: dict[Place, _Waiting] = {}
        self.posting = Posting(communities, platforms, clock, sleep)

    async def greets(self, place: Place) -> bool:
        """Whether new members of that community are greeted. Raises StoreError."""
        return (await self._communities.of(place)).welcome is not None

    async def joined(self, place: Place, joins: Sequence[Join]) -> None:
        """Schedule a greeting for members who joined the community of that place.

        Joins up to the community's `greeted_until` are skipped, as are members who also joined within the day before.

        Raises:
            StoreError: the community's settings cannot be read.
        """
        community = await self._communities.of(place)
        known = self._greeted_until(community)
        new = [join for join in joins if known is None or join.at > known]
        if self.posting.closed or community.welcome is None or not new:
            return
        if (home := place.home) not in self._waiting:
            waiting = self._waiting[home] = _Waiting(home, JoinWindow())
            waiting.task = asyncio.create_task(self._greet_when_due(waiting))
        window, now = self._waiting[home].window, self._clock()
        for join in new:  # joins of a raid are not remembered: thousands would push out the others
            if not self._recent.seen((home.platform, home.community or "", join.member), remember=not window.raid):
                window.add(join, now)

    async def left(self, place: Place, member: str) -> None:
        """Do not greet that member, who left the community of that place.

        Raises:
            StoreError: the community's settings cannot be read.
        """
        await self._communities.of(place)  # `joined` awaits this too, so a join and a leave keep their order
        if waiting := self._waiting.get(place.home):
            waiting.window.remove(member)

    async def greeting(self, community: Community, gathered: JoinBatch) -> Reply:
        """Return the sealed greeting. Members whose name has a fault are counted but not named."""
        names = [name for name in gathered.names if await self._why_name_hidden(name.text) is None]
        return greeting(self._content(), community, replace(gathered, names=tuple(names)))

    async def close(self) -> None:
        """Greet everybody who waits and accept no more joins. Greetings under way are finished. Call it once."""
        self.posting.closed = True
        all_waiting = list(self._waiting.values())
        for waiting in all_waiting:
            if waiting.task and not waiting.busy:
                waiting.task.cancel()
        await asyncio.gather(*(waiting.task for waiting in all_waiting if waiting.task), return_exceptions=True)
        await asyncio.gather(*map(self._greet_all, all_waiting))

    def _greeted_until(self, community: Community) -> datetime | None:
        """Return until when joins were greeted, None if unknown.

        A time in the future was stored while the machine's clock was wrong. It is ignored; otherwise nobody would be
        greeted until then.
        """
        stored_until = community.greeted_until
        return stored_until if stored_until is None or stored_until <= self._now() + _AHEAD else None

    async def _greet_when_due(self, waiting: _Waiting) -> None:
        """Post each greeting when it is due. Ends when nobody waits and recent joins no longer count for a raid."""
        try:
            while not self.posting.closed and (wake := waiting.window.wake) is not None:
                if (seconds_left := wake - self._clock()) > 0:
                    # A join meanwhile is due in QUIET seconds at the earliest.
                    await self._sleep(min(seconds_left, QUIET))
                elif waiting.window.due is None:
                    break
                else:
                    await self._greet_all(waiting)
        finally:
            del self._waiting[waiting.place]

    async def _greet_all(self, waiting: _Waiting) -> None:
        gathered = waiting.window.take()
        if gathered is None:
            return
        waiting.busy = True
        try:
            await self._greet(waiting.place, gathered)
        except StoreError as error:
            self._counted(waiting.place.platform, "left-out")
            _log.error("skipped a greeting: %s", error)
        except Exception as error:  # one community's error must not end another's greeting
            _log.error("a greeting failed: %s", type(error).__name__, exc_info=error)
        finally:
            waiting.busy = False

    async def _greet(self, place: Place, gathered: JoinBatch) -> None:
        if not await self.greets(place):  # turned off meanwhile, or the group has moved
            return

        def mark_greeted(one: Community) -> Community:
            known = self._greeted_until(one)
            return replace(one, greeted_until=max(known or gathered.until, gathered.until))

        community = await self._communities.change(place, mark_greeted)
        if community.welcome is None:
            return
        if self.posting.rests(place):
            self._counted(place.platform, "left-out")
            return
        if community.welcome_quiet:
            await self._greet_each(community.welcome, community, gathered)
            return
        once = f"greet-{int(gathered.until.timestamp())}-{gathered.count}"[:25]
        ref = await self.posting.post(community.welcome, await self.greeting(community, gathered), once)
        self._counted(place.platform, "failed" if ref is None else "raid" if gathered.raid else "posted")
        if ref is None:
            return
        await self._communities.change(ref.place, lambda one: replace(one, last_greeting=ref))
        if community.last_greeting and community.remove_greetings:
            await self.posting.remove(community.last_greeting)

    async def _greet_each(self, place: Place, community: Community, gathered: JoinBatch) -> None:
        """Greet each newcomer with a message only they can see. Does nothing during a raid, except to count it."""
        if gathered.raid:
            self._counted(place.platform, "left-out")
        for member, name in gathered.members:
            reply = await self.greeting(community, JoinBatch(1, (name,), gathered.until))
            was_shown = await self.posting.show(place, member, reply)
            self._counted(place.platform, "failed" if was_shown is None else "posted" if was_shown else "left-out")
            if was_shown is None:  # it would fail for the others too
                return
