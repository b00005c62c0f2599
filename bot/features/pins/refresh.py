"""Keeps pins up to date in the background. What to do follows from the stored digests alone: nothing is lost by a
crash, and what has not changed is never edited. While an edit is under way its digest is UNKNOWN, so that one whose
outcome nobody knows is made again, whatever the message has to show by then.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any

from bot.core.community import UNKNOWN, Community, Pin, PinKind, PinState
from bot.core.disclaimer import Reply
from bot.core.errors import Moved, PlatformError, StoreError, Unauthorised
from bot.core.model import Right
from bot.core.ports import Communities, PinRecords, Platform
from bot.core.sealed_catalog import SealedCatalog
from bot.features.pins.pace import PACES, Figures, Pace, Turns, chat
from bot.features.pins.state import state_after, wanted

_log = logging.getLogger(__name__)

_EVERY = 60.0  # seconds between two rounds: settings that another process changed, chats that rested
_UNREADY = 2.0  # seconds until a platform that is not connected is looked at again
_LEAST = 5.0  # seconds between two rounds while some chats rest
_HOPELESS = 10  # failures in a row after which the platform is left alone until the next round
_MOST_AT_ONCE = 500  # pins of a round; most of them wait for their chat's turn
_MOST_CALLS = 100  # pins being edited and not yet recorded: as many may be edited again after a crash

_CURRENT_AGAIN = (PinState.STALE, PinState.ORPHANED)


@dataclass(slots=True)
class _Round:
    """One look at all pins of a platform, for one content version."""

    platform: Platform
    content: SealedCatalog
    pace: Pace
    room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_MOST_AT_ONCE))
    calls: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_MOST_CALLS))
    waiting: set[asyncio.Task[Any] | None] = field(default_factory=set)  # for their turn
    failures: int = 0  # in a row
    updated: int = 0
    troubled: int = 0
    over: bool = False

    def done(self, task: asyncio.Task[Any]) -> None:
        """A task ended, perhaps cancelled before it began."""
        self.waiting.discard(task)
        self.room.release()


class PinRefresh:
    """Edits the pins of every platform. `platforms` is read in every round, so adapters may be added later.

    `newest` says whether no other process uses newer content: pins must not change to and fro between two versions.
    `clock` gives seconds that only grow, `sleep` waits. `turns` are shared with the commands. `counted` is called with
    the platform and what became of a pin: updated, waits, or its new state.
    """

    def __init__(
        self,
        *,
        content: Callable[[], SealedCatalog],
        records: PinRecords,
        communities: Communities,
        platforms: Mapping[str, Platform],
        turns: Turns,
        newest: Callable[[SealedCatalog], Awaitable[bool]],
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]],
        paces: Mapping[str, Figures] = PACES,
        counted: Callable[[str, str], None] = lambda _platform, _result: None,
    ) -> None:
        self._counted = counted
        self._content, self._records, self._communities, self._newest = content, records, communities, newest
        self._platforms, self._turns, self._sleep = platforms, turns, sleep
        self._paces = {name: Pace(figures, clock, sleep) for name, figures in paces.items()}
        self._woken = {name: asyncio.Event() for name in paces}
        self._rounds: dict[str, _Round] = {}

    async def content_changed(self, _: SealedCatalog) -> None:
        """Look at every pin soon; drop the edits to the content before that still wait for their turn."""
        for event in self._woken.values():
            event.set()
        for task in [task for round_ in self._rounds.values() for task in round_.waiting if task]:
            task.cancel()

    def community_changed(self, old: Community, new: Community) -> None:
        """Look at the platform's pins soon if the community's now have to show something else."""
        if (old.locale, old.risk_floor) != (new.locale, new.risk_floor) and new.platform in self._woken:
            self._woken[new.platform].set()

    async def keep(self, name: str) -> None:
        """Keep that platform's pins up to date until cancelled. Errors are logged, and the next round tries again."""
        while True:
            self._woken[name].clear()
            pause = _UNREADY
            if self._platforms[name].ready:
                pause = _EVERY
                try:
                    pause = await self.round(name)
                except StoreError as error:
                    _log.error("pins on %s could not be looked at: %s", name, error)
                except Exception:  # the next round begins from what is stored
                    _log.exception("pins on %s could not be looked at", name)
            await self._pause(self._woken[name], pause)

    async def _pause(self, woken: asyncio.Event, seconds: float) -> None:
        waits = {asyncio.ensure_future(woken.wait()), asyncio.ensure_future(self._sleep(seconds))}
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)

    async def round(self, name: str) -> float:
        """Update every pin of that platform that can be updated now; returns in how many seconds to look again.

        Raises:
            StoreError: the pins cannot be read or recorded.
        """
        content, pace = self._content(), self._paces[name]
        if not await self._newest(content):
            return _EVERY
        round_ = self._rounds[name] = _Round(self._platforms[name], content, pace)
        async with asyncio.TaskGroup() as group, aclosing(self._due(name, content)) as due:
            async for pin, reply in due:
                await round_.room.acquire()
                if round_.over or self._content() is not content:
                    break
                task = group.create_task(self._update(round_, pin, reply))
                round_.waiting.add(task)
                task.add_done_callback(round_.done)
        if round_.updated or round_.troubled:
            _log.info("%s: %d pin(s) updated, %d in trouble", name, round_.updated, round_.troubled)
        soonest = pace.settled() or _EVERY
        return 0.0 if self._content() is not content else min(_EVERY, max(_LEAST, soonest))

    async def _due(self, name: str, content: SealedCatalog) -> AsyncGenerator[tuple[Pin, Reply]]:
        """The pins that need a call, each with what it has to show. All pins of a kind are compared at once."""
        for kind in await self._records.kinds(name):
            reply = wanted(content, kind.command, kind.locale, kind.floor)
            if reply is None:
                await self._record(kind, PinState.ORPHANED)
            elif kind.digest == reply.digest and kind.state is not PinState.POSTED:
                if kind.state in _CURRENT_AGAIN:
                    await self._record(kind, PinState.CURRENT)
            elif kind.state.followed or kind.state in (PinState.ORPHANED, PinState.FORBIDDEN):
                async for page in self._records.alike(kind):
                    for pin in page:
                        if pin.followed or pin.state is PinState.ORPHANED:
                            yield pin, reply

    async def _record(self, kind: PinKind, state: PinState) -> None:
        """Give all pins of a kind that are followed another state, without a call to the platform."""
        if kind.state is state or not (kind.state.followed or kind.state is PinState.ORPHANED):
            return
        async for page in self._records.alike(kind):
            for pin in page:
                await self._records.update(replace(pin, state=state))

    async def _update(self, round_: _Round, pin: Pin, reply: Reply) -> None:
        """Wait for the chat's turn, then edit the pin, unless the round is over by then."""
        where = chat(pin.ref.place)
        try:
            if round_.pace.resting(where):
                return
            await round_.pace.turn(where)
            round_.waiting.discard(asyncio.current_task())
            async with self._turns.of(pin.ref.place), round_.calls:
                if not (round_.over or round_.pace.resting(where) or self._content() is not round_.content):
                    await self._edit(round_, pin, reply)
        except StoreError as error:
            round_.over = True
            _log.error("pins on %s could not be recorded: %s", pin.ref.place.platform, error)
        except Exception:  # one pin's error must not end the round
            _log.exception("a pin on %s could not be updated", pin.ref.place.platform)
            round_.pace.rest(where, None)

    async def _edit(self, round_: _Round, pin: Pin, reply: Reply) -> None:
        place = pin.ref.place
        if pin.digest not in (reply.digest, UNKNOWN) and not await self._records.update(replace(pin, digest=UNKNOWN)):
            return None
        try:
            shown = await _shown(round_.platform, pin, reply)
        except Moved as moved:
            await self._communities.moved(place, moved.new)
            place = replace(place, community=moved.new, channel=moved.new)
            return await self._edit(round_, replace(pin, ref=replace(pin.ref, place=place)), reply)
        except PlatformError as error:
            return await self._failed(round_, pin, error)
        round_.failures = 0
        round_.pace.went_well(chat(place))
        self._counted(place.platform, "updated")
        round_.updated += await self._records.update(shown)
        return None

    async def _failed(self, round_: _Round, pin: Pin, error: PlatformError) -> None:
        platform = pin.ref.place.platform
        if found := state_after(error):
            state, missing = found
            self._counted(platform, state.value)
            round_.troubled += await self._records.update(replace(pin, state=state, missing=missing))
            return
        self._counted(platform, "waits")
        _log.info("%s: a pin waits: %s", platform, error.reason)
        round_.pace.rest(chat(pin.ref.place), error.retry_after)
        if error.retry_after is None:
            round_.failures += 1
        round_.over = round_.over or isinstance(error, Unauthorised) or round_.failures >= _HOPELESS


async def _shown(platform: Platform, pin: Pin, reply: Reply) -> Pin:
    """Edit the message, and pin it if that was still to be done; returns what has to be recorded."""
    pinned = None if pin.digest == reply.digest else await platform.edit(pin.ref, reply)
    state = pin.state
    if state is PinState.POSTED:
        await platform.pin(pin.ref)
        state = PinState.CURRENT
    elif pinned or state not in (PinState.UNPINNED, PinState.FULL, PinState.FORBIDDEN):
        # Somebody who unpinned it meant it: that is recorded, not undone.
        state = PinState.UNPINNED if pinned is False else PinState.CURRENT
    missing = pin.missing if state is PinState.FORBIDDEN else Right.NONE
    return replace(pin, digest=reply.digest, state=state, missing=missing)
