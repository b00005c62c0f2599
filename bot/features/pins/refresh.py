"""Keeps pins up to date in the background. What to do follows from the stored digests alone: nothing is lost by a
crash, and what has not changed is never edited. While an edit is under way its digest is UNKNOWN, so that an edit with
an unknown outcome is repeated with the text of that time.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import replace

from bot.core.community import UNKNOWN, Community, Pin, PinKind, PinState
from bot.core.disclaimer import Reply
from bot.core.errors import Moved, PlatformError, StoreError, Unauthorised
from bot.core.ports import Communities, PinRecords, Platform
from bot.core.sealed_catalog import SealedCatalog
from bot.features.pins.contents import FIRST, is_contents, next_step
from bot.features.pins.pace import MOST_REFUSALS, PACES, Figures, Pace, Round, Turns, chat
from bot.features.pins.state import edited_and_pinned, posted, state_after, wanted

_log = logging.getLogger(__name__)

_EVERY = 60.0  # seconds between two rounds: settings that another process changed, chats that rested
_UNREADY = 2.0  # seconds until a platform that is not connected is looked at again
_LEAST = 5.0  # seconds between two rounds while some chats rest
_HOPELESS = 10  # failures in a row after which the platform is left alone until the next round

_CURRENT_AGAIN = (PinState.STALE, PinState.ORPHANED)


class PinRefresh:
    """Edits the pins of every platform. `platforms` is read in every round, so adapters may be added later.

    `newest` says whether no other process uses newer content: pins must not change to and fro between two versions.
    `clock` gives monotonic seconds, `sleep` waits. `turns` are shared with the commands. `counted` is called with
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
        self._rounds: dict[str, Round] = {}

    async def content_changed(self, _: SealedCatalog) -> None:
        """Look at every pin soon; cancel the edits to the version before that still wait."""
        for event in self._woken.values():
            event.set()
        for task in [task for round_ in self._rounds.values() for task in round_.waiting if task]:
            task.cancel()

    def wake(self, name: str) -> None:
        """Look at that platform's pins soon."""
        self._woken[name].set()

    def community_changed(self, old: Community, new: Community) -> None:
        """Look at the platform's pins soon if the community's now have to show something else."""
        before, after = ((one.locale, one.languages, one.risk_floor) for one in (old, new))
        if before != after and new.platform in self._woken:
            self.wake(new.platform)

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
                    _log.error("could not check the pins on %s: %s", name, error)
                except Exception:  # the next round begins from what is stored
                    _log.exception("could not check the pins on %s", name)
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
        round_ = self._rounds[name] = Round(self._platforms[name], content, pace)
        pace.begin()
        async with asyncio.TaskGroup() as group, aclosing(self._due(name, content)) as due:
            async for pin, reply in due:
                await round_.room.acquire()
                if round_.over or self._content() is not content:
                    break
                task = group.create_task(self._work(round_, pin, reply))
                round_.waiting.add(task)
                task.add_done_callback(round_.done)
        if round_.updated or round_.troubled:
            _log.info("%s: %d pin(s) updated, %d in trouble", name, round_.updated, round_.troubled)
        soonest = pace.settled() or _EVERY
        if self._content() is not content or (pace.left and not round_.over):
            return 0.0
        return _EVERY if round_.over else min(_EVERY, max(_LEAST, soonest))

    async def _due(self, name: str, content: SealedCatalog) -> AsyncGenerator[tuple[Pin, Reply | None]]:
        """The pins that need a call, each with the reply that it has to show; the first part of a table of contents has
        None instead. All pins of a kind are compared at once.
        """
        for kind in await self._records.kinds(name):
            if is_contents(kind.command):
                async for pin in self._records.alike(kind):
                    if pin.command == FIRST and pin.followed:
                        yield pin, None
                continue
            reply = wanted(content, kind.command, kind.locale, kind.floor, pinned=kind.pinned)
            if reply is None:
                await self._record(kind, PinState.ORPHANED)
            elif kind.digest == reply.digest and kind.state is not PinState.POSTED:
                if kind.state in _CURRENT_AGAIN:
                    await self._record(kind, PinState.CURRENT)
            elif kind.state.followed or kind.state in (PinState.ORPHANED, PinState.FORBIDDEN):
                async for pin in self._records.alike(kind):
                    if pin.followed or pin.state is PinState.ORPHANED:
                        yield pin, reply

    async def _record(self, kind: PinKind, state: PinState) -> None:
        """Give all pins of a kind that are followed another state, without a call to the platform."""
        if kind.state is state or not (kind.state.followed or kind.state is PinState.ORPHANED):
            return
        async for pin in self._records.alike(kind):
            await self._records.update(replace(pin, state=state))

    async def _work(self, round_: Round, pin: Pin, reply: Reply | None) -> None:
        """Edit the pin; for a table of contents, post what its channel lacks."""
        try:
            await self._take_turns(round_, pin, reply)
        except StoreError as error:
            round_.over = True
            _log.error("pins on %s could not be recorded: %s", pin.ref.place.platform, error)
        except Exception:  # one pin's error must not end the round
            _log.exception("a pin on %s could not be updated", pin.ref.place.platform)
            round_.pace.rest(chat(pin.ref.place), None)

    async def _take_turns(self, round_: Round, pin: Pin, reply: Reply | None) -> None:
        """Edit the pin in its chat's turn, unless the round is over by then. Below a table of contents post what is
        missing, in order, then edit these: one message in each turn.
        """
        place, pace = pin.ref.place, round_.pace
        while not (round_.over or pace.closed(chat(place))):
            await pace.turn(chat(place))
            round_.waiting.discard(asyncio.current_task())
            async with self._turns.of(place), round_.calls:
                if round_.over or pace.resting(chat(place)) or self._content() is not round_.content:
                    return
                if reply:
                    await self._edit(round_, pin, reply)
                    return
                community, pins = await self._communities.of(place), await self._records.of(place)
                locale, floor = community.language_of(place), community.risk_floor
                step = next_step(round_.content, place, pins, locale, floor)
                if step is None or self._content() is not round_.content:
                    return
                await (self._edit(round_, *step) if step[0].ref.message else self._post(round_, pin, *step))

    async def _post(self, round_: Round, first: Pin, pin: Pin, reply: Reply) -> None:
        """Post what is missing. One whose outcome is unknown is not repeated by itself, or it might stand there twice:
        the error is kept with the contents, until a moderator asks again.
        """
        try:
            await posted(round_.platform, self._records, pin, reply)
        except PlatformError as error:
            return await self._failed(round_, first, error)
        round_.updated += 1
        return None

    async def _edit(self, round_: Round, pin: Pin, reply: Reply) -> None:
        place = pin.ref.place
        if pin.digest not in (reply.digest, UNKNOWN) and not await self._records.update(replace(pin, digest=UNKNOWN)):
            return None
        try:
            updated = await edited_and_pinned(round_.platform, pin, reply)
        except Moved as moved:
            await self._communities.moved(place, moved.new)
            place = replace(place, community=moved.new, channel=moved.new)
            return await self._edit(round_, replace(pin, ref=replace(pin.ref, place=place)), reply)
        except PlatformError as error:
            return await self._failed(round_, pin, error)
        round_.failures = 0
        round_.pace.went_well(chat(place))
        self._counted(place.platform, "updated")
        round_.updated += await self._records.update(updated)
        return None

    async def _failed(self, round_: Round, pin: Pin, error: PlatformError) -> None:
        platform = pin.ref.place.platform
        if found := state_after(error):
            state, missing = found
            self._counted(platform, state.value)
            if state is PinState.FORBIDDEN:
                round_.refused += 1
                round_.over = round_.over or round_.refused >= MOST_REFUSALS
            round_.troubled += await self._records.update(replace(pin, state=state, missing=missing))
            return
        self._counted(platform, "waits")
        _log.info("%s: an edit of a pin is postponed: %s", platform, error.reason)
        round_.pace.rest(chat(pin.ref.place), error.retry_after)
        if error.retry_after is None:
            round_.failures += 1
        round_.over = round_.over or isinstance(error, Unauthorised) or round_.failures >= _HOPELESS
