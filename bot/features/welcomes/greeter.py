"""Newcomers to one greeting a window. Its law: what is greeted is noted before it is posted, so that nobody is greeted
twice, whatever breaks.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import final

from bot.core.community import Community
from bot.core.disclaimer import Reply
from bot.core.errors import Moved, PlatformError, StoreError
from bot.core.greeting import greeting
from bot.core.join_window import RULES, Gathered, Join, JoinWindow
from bot.core.model import MessageRef, Place
from bot.core.ports import Platform
from bot.core.recent_members import RecentMembers
from bot.core.sealed_catalog import SealedCatalog
from bot.features.communities import KnownCommunities
from bot.runtime.clock import MACHINE

_log = logging.getLogger(__name__)

_ATTEMPTS = 3
_PAUSE = 5.0  # seconds before another attempt, where the platform names none
_PATIENCE = 120.0  # seconds; a platform that asks for more gets no greeting this time
_REST = 600.0  # seconds without any attempt after a platform refused for good, unless a moderator says `/welcome on`

_AHEAD = timedelta(minutes=10)  # what the platforms' clocks may differ from the machine's

_Key = tuple[str, str]


@final
@dataclass(slots=True)
class _Hall:
    """Where the newcomers of one community wait. `busy` while they are greeted, which is not to be broken off."""

    place: Place
    window: JoinWindow
    task: asyncio.Task[None] | None = None
    busy: bool = False


@final
@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the last greeting was not posted, and until when (on the clock) none is tried."""

    error: PlatformError
    until: float


@final
class Greeter:
    """Gathers joins per community, and greets.

    `platforms` is read whenever somebody is greeted, so adapters may be put there later. `clock` gives seconds that
    never go back, `sleep` waits some, `now` tells the time with its zone. `counted` is told the platform and what
    became of a greeting: posted, raid (it was posted without names), failed, left-out. `fault_in_name` gives what in a
    name is a scam's or advice (None: nothing); a name with such a fault is not shown.
    """

    def __init__(
        self,
        edition: Callable[[], SealedCatalog],
        communities: KnownCommunities,
        platforms: Mapping[str, Platform],
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        now: Callable[[], datetime] = MACHINE.moment,
        counted: Callable[[str, str], None] = lambda _platform, _result: None,
        fault_in_name: Callable[[str], Awaitable[str | None]],
    ) -> None:
        self._counted, self._fault_in_name = counted, fault_in_name
        self._recent = RecentMembers(secrets.token_bytes(32))
        self._edition, self._communities, self._platforms = edition, communities, platforms
        self._clock, self._sleep, self._now = clock, sleep, now
        self._halls: dict[_Key, _Hall] = {}
        self._troubles: dict[_Key, Trouble] = {}
        self._closed = False

    async def greets(self, place: Place) -> bool:
        """Whether newcomers of that community are greeted at all."""
        return (await self._communities.of(place)).welcome is not None

    async def joined(self, place: Place, joins: Sequence[Join]) -> None:
        """People came to the community of that place; those up to `greeted_until` are known already.

        Raises:
            StoreError: it cannot be told whether the community greets.
        """
        community = await self._communities.of(place)
        known = self._known(community)
        new = [join for join in joins if known is None or join.at > known]
        if self._closed or community.welcome is None or not new:
            return
        hall, now = self._hall(place), self._clock()
        for join in new:  # in a raid nobody is named, and its thousands would push others out of what is remembered
            if not self._recent.returns((*_key(place), join.member), now, remember=not hall.window.raid):
                hall.window.add(join, now)

    async def greeting(self, community: Community, gathered: Gathered) -> Reply:
        """The greeting for those who were gathered. Whose name has a fault is counted among the others."""
        names = [name for name in gathered.names if await self._fault_in_name(name.text) is None]
        return greeting(self._edition(), community, replace(gathered, names=tuple(names)))

    def _known(self, community: Community) -> datetime | None:
        """Until when joins were greeted. What lies ahead was noted when the machine's date was wrong, and would keep
        everybody from being greeted until that day has come.
        """
        noted = community.greeted_until
        return noted if noted is None or noted <= self._now() + _AHEAD else None

    def _noted(self, community: Community, until: datetime) -> Community:
        known = self._known(community)
        return replace(community, greeted_until=until if known is None else max(known, until))

    def trouble(self, place: Place) -> PlatformError | None:
        """Why the last greeting in the community of that place could not be posted; None if all is well."""
        found = self._troubles.get(_key(place))
        return found and found.error

    def forgive(self, place: Place) -> None:
        """Try again at the next greeting: somebody may have mended what was wrong."""
        self._troubles.pop(_key(place), None)

    async def close(self) -> None:
        """Take in nobody more, and greet those who wait. What is being posted is posted; call it once."""
        self._closed = True
        halls = list(self._halls.values())
        for hall in halls:
            if hall.task and not hall.busy:
                hall.task.cancel()
        await asyncio.gather(*(hall.task for hall in halls if hall.task), return_exceptions=True)
        await asyncio.gather(*map(self._greet_all, halls))

    def _hall(self, place: Place) -> _Hall:
        key = _key(place)
        if key not in self._halls:
            hall = self._halls[key] = _Hall(Place(*key), JoinWindow())
            hall.task = asyncio.create_task(self._keep(key, hall))
        return self._halls[key]

    async def _keep(self, key: _Key, hall: _Hall) -> None:
        """Greet whenever it is time, until the community has been quiet for a while."""
        try:
            while not self._closed and (wake := hall.window.wake) is not None:
                if (left := wake - self._clock()) > 0:
                    # Nobody who comes meanwhile is to be greeted any sooner than after `quiet` seconds.
                    await self._sleep(min(left, RULES.quiet))
                elif hall.window.due is None:
                    break
                else:
                    await self._greet_all(hall)
        finally:
            del self._halls[key]

    async def _greet_all(self, hall: _Hall) -> None:
        gathered = hall.window.take()
        if gathered is None:
            return
        hall.busy = True
        try:
            await self._greet(hall.place, gathered)
        except StoreError as error:
            self._counted(hall.place.platform, "left-out")
            _log.error("a greeting was left out: %s", error)
        except Exception as error:  # the shell: one community's greeting never takes another's with it
            _log.error("a greeting failed: %s", type(error).__name__, exc_info=error)
        finally:
            hall.busy = False

    async def _greet(self, place: Place, gathered: Gathered) -> None:
        if not await self.greets(place):  # turned off meanwhile, or the group has moved: nothing is noted of it
            return
        community = await self._communities.change(place, lambda one: self._noted(one, gathered.until))
        trouble = self._troubles.get(_key(place))
        if community.welcome is None:
            return
        if trouble and self._clock() < trouble.until:
            self._counted(place.platform, "left-out")
            return
        reply = await self.greeting(community, gathered)
        once = f"greet-{int(gathered.until.timestamp())}-{gathered.count}"[:25]
        ref = await self._posted(community.welcome, reply, once)
        self._counted(place.platform, "failed" if ref is None else "raid" if gathered.raid else "posted")
        if ref is None:
            return
        old = community.last_greeting
        here = Place(place.platform, ref.place.community)
        await self._communities.change(here, lambda one: replace(one, last_greeting=ref))
        if old and community.remove_greetings:
            await self._removed(old)

    async def _posted(self, place: Place, reply: Reply, once: str) -> MessageRef | None:
        """The message, or None with the trouble noted."""
        for left in reversed(range(_ATTEMPTS)):
            try:
                ref = await self._platform(place).post(place, reply, once)
            except Moved as moved:
                await self._communities.moved(Place(place.platform, place.community), moved.new)
                place = replace(place, community=moved.new, channel=moved.new)
                continue
            except PlatformError as error:
                pause = error.retry_after.total_seconds() if error.retry_after else _PAUSE
                if error.permanent or not left or self._closed or pause > _PATIENCE:
                    self._note(place, error, pause)
                    return None
                await self._sleep(pause)
            else:
                self.forgive(place)
                return ref
        return None

    def _note(self, place: Place, error: PlatformError, pause: float) -> None:
        rest = _REST if error.permanent else pause
        self._troubles[_key(place)] = Trouble(error, self._clock() + rest)
        _log.warning("%s: a greeting could not be posted: %s", place.platform, error.reason)

    async def _removed(self, ref: MessageRef) -> None:
        """Take the previous greeting away. One that stays is no harm: somebody else may have deleted it."""
        try:
            await self._platform(ref.place).delete(ref)
        except PlatformError as error:
            _log.info("%s: the previous greeting was not removed: %s", ref.place.platform, error.reason)

    def _platform(self, place: Place) -> Platform:
        if platform := self._platforms.get(place.platform):
            return platform
        raise PlatformError(f"{place.platform} is not connected", permanent=False)


def _key(place: Place) -> _Key:
    return place.platform, place.community or ""
