"""Greets new members, those who join together in one message.

What is greeted is stored before it is posted: whatever fails, nobody is greeted twice.
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
from bot.core.join_window import QUIET, Gathered, Join, JoinWindow, RecentMembers
from bot.core.model import Place
from bot.core.ports import Communities, Platform
from bot.core.sealed_catalog import SealedCatalog
from bot.features.welcomes.posting import Posting

_log = logging.getLogger(__name__)

_AHEAD = timedelta(minutes=10)  # by which a platform's clock may differ from the machine's


@dataclass(slots=True)
class _Waiting:
    """Those of one community who wait for their greeting. While `busy`, it is posted and must not be cancelled."""

    place: Place
    window: JoinWindow
    task: asyncio.Task[None] | None = None
    busy: bool = False


class Greeter:
    """Gathers joins per community, and greets.

    `platforms` is read for every greeting, so adapters may be added later. `fault_in_name` says why a name is counted
    and not shown, or gives None. `clock` gives monotonic seconds, `sleep` waits, `now` gives the time with its
    zone. `counted` is called with the platform and what became of a greeting: posted, raid (posted without names),
    failed, left-out.
    """

    def __init__(
        self,
        content: Callable[[], SealedCatalog],
        communities: Communities,
        platforms: Mapping[str, Platform],
        fault_in_name: Callable[[str], Awaitable[str | None]],
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]],
        now: Callable[[], datetime],
        counted: Callable[[str, str], None] = lambda _platform, _result: None,
    ) -> None:
        self._content, self._communities, self._fault_in_name = content, communities, fault_in_name
        self._clock, self._sleep, self._now, self._counted = clock, sleep, now, counted
        self._recent = RecentMembers(secrets.token_bytes(32), clock)
        self._waiting: dict[Place, _Waiting] = {}
        self.posting = Posting(communities, platforms, clock, sleep)

    async def greets(self, place: Place) -> bool:
        """Whether new members of that community are greeted at all."""
        return (await self._communities.of(place)).welcome is not None

    async def joined(self, place: Place, joins: Sequence[Join]) -> None:
        """People joined the community of that place; those up to `greeted_until` were greeted before.

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
        for join in new:  # in a raid nobody is named, and thousands would push others out of what is remembered
            if not self._recent.returns((home.platform, home.community or "", join.member), remember=not window.raid):
                window.add(join, now)

    async def left(self, place: Place, member: str) -> None:
        """A member left the community of that place: they are not greeted any more.

        Raises:
            StoreError: the community's settings cannot be read.
        """
        await self._communities.of(place)  # a join reads them too, and stays before this
        if waiting := self._waiting.get(place.home):
            waiting.window.remove(member)

    async def greeting(self, community: Community, gathered: Gathered) -> Reply:
        """The greeting for those who were gathered. Whoever has a name with a fault is counted, not named."""
        names = [name for name in gathered.names if await self._fault_in_name(name.text) is None]
        return greeting(self._content(), community, replace(gathered, names=tuple(names)))

    async def close(self) -> None:
        """Greet those who wait, and nobody more. What is being posted is posted; call it once."""
        self.posting.closed = True
        everybody = list(self._waiting.values())
        for waiting in everybody:
            if waiting.task and not waiting.busy:
                waiting.task.cancel()
        await asyncio.gather(*(waiting.task for waiting in everybody if waiting.task), return_exceptions=True)
        await asyncio.gather(*map(self._greet_all, everybody))

    def _greeted_until(self, community: Community) -> datetime | None:
        """Until when joins were greeted. A time in the future was stored while the machine's date was wrong, and must
        not keep everybody from being greeted until then.
        """
        noted = community.greeted_until
        return noted if noted is None or noted <= self._now() + _AHEAD else None

    async def _greet_when_due(self, waiting: _Waiting) -> None:
        """Greet whenever it is time, until the community has been quiet for a while."""
        try:
            while not self.posting.closed and (wake := waiting.window.wake) is not None:
                if (left := wake - self._clock()) > 0:
                    # Nobody who joins meanwhile has to be greeted sooner than QUIET seconds from now.
                    await self._sleep(min(left, QUIET))
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
            _log.error("a greeting was left out: %s", error)
        except Exception as error:  # one community's error must not end another's greeting
            _log.error("a greeting failed: %s", type(error).__name__, exc_info=error)
        finally:
            waiting.busy = False

    async def _greet(self, place: Place, gathered: Gathered) -> None:
        if not await self.greets(place):  # turned off meanwhile, or the group has moved: nothing is stored
            return

        def noted(one: Community) -> Community:
            known = self._greeted_until(one)
            return replace(one, greeted_until=max(known or gathered.until, gathered.until))

        community = await self._communities.change(place, noted)
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

    async def _greet_each(self, place: Place, community: Community, gathered: Gathered) -> None:
        """Show each the greeting alone, and nobody else; in a raid nobody."""
        if gathered.raid:
            self._counted(place.platform, "left-out")
        for member, name in gathered.members:
            alone = await self.greeting(community, Gathered(1, (name,), gathered.until))
            seen = await self.posting.show(place, member, alone)
            self._counted(place.platform, "failed" if seen is None else "posted" if seen else "left-out")
            if seen is None:  # the others could not be shown it either
                return
