"""Keeps pins true to their text. Its law: what to do is read from the digests alone, so that a crash loses nothing
and what has not changed is never edited.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import replace
from typing import final

from bot.core.community import Pin, PinKind, PinState
from bot.core.disclaimer import Reply
from bot.core.errors import Moved, PlatformError, StoreError, Unauthorised
from bot.core.model import Right
from bot.core.ports import PinRecords, Platform
from bot.core.sealed_catalog import SealedCatalog
from bot.features.pins.commands import Homes
from bot.features.pins.fate import fate
from bot.features.pins.pace import PACES, Figures, Pace, Turns, chat
from bot.features.pins.round import Round
from bot.features.pins.wanted import wanted

_log = logging.getLogger(__name__)

_EVERY = 60.0  # seconds between two looks: settings that another process changed, chats that rested
_UNREADY = 2.0  # seconds until a platform that is not connected is looked at again
_LEAST = 5.0  # seconds between two looks while some chats rest
_HOPELESS = 10  # failures in a row after which the platform as a whole is left alone until the next round

_CURRENT_AGAIN = (PinState.STALE, PinState.ORPHANED)


@final
class PinRefresh:
    """Edits the pins of every platform in the background. `platforms` is read whenever pins are looked at, so adapters
    may be put there later. `newest` tells whether no newer edition is in use elsewhere; `clock` gives seconds that only
    grow, `sleep` waits seconds. `turns` are shared with the commands. `counted` is told the platform and what became of
    a pin: updated, waits, or the state it came to.
    """

    def __init__(
        self,
        *,
        edition: Callable[[], SealedCatalog],
        records: PinRecords,
        homes: Homes,
        platforms: Mapping[str, Platform],
        turns: Turns,
        newest: Callable[[SealedCatalog], Awaitable[bool]],
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]],
        paces: Mapping[str, Figures] = PACES,
        counted: Callable[[str, str], None] = lambda _platform, _result: None,
    ) -> None:
        self._counted = counted
        self._edition, self._records, self._homes, self._newest = edition, records, homes, newest
        self._platforms, self._turns, self._sleep = platforms, turns, sleep
        self._paces = {name: Pace(figures, clock, sleep) for name, figures in paces.items()}
        self._woken = {name: asyncio.Event() for name in paces}
        self._rounds: dict[str, Round] = {}

    async def renewed(self, _: SealedCatalog) -> None:
        """There is a new edition: what waits to show the one before need not, and every pin is looked at soon."""
        self.wake()
        for task in [task for round_ in self._rounds.values() for task in round_.waiting if task]:
            task.cancel()

    def wake(self) -> None:
        """Something changed that pins may show: look at every pin soon."""
        for event in self._woken.values():
            event.set()

    async def keep(self, name: str) -> None:
        """Keep that platform's pins up to date until cancelled. Whatever fails is told to the log and tried later."""
        while True:
            self._woken[name].clear()
            pause = _UNREADY
            if self._platforms[name].ready:
                try:
                    pause = await self.round(name)
                except StoreError as error:
                    pause = _EVERY
                    _log.error("pins on %s could not be looked at: %s", name, error)
                except Exception:  # the shell: the next round begins from what is stored
                    pause = _EVERY
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
        """Bring every pin of that platform up to date that can be now; returns in how many seconds to look again.

        Raises:
            StoreError: the pins cannot be read or noted.
        """
        edition, pace = self._edition(), self._paces[name]
        if not await self._newest(edition):
            return _EVERY
        round_ = self._rounds[name] = Round(self._platforms[name], edition, pace)
        async with asyncio.TaskGroup() as group, aclosing(self._due(name, edition)) as due:
            async for pin, reply in due:
                await round_.room.acquire()
                if round_.over or self._edition() is not edition:
                    break
                task = group.create_task(self._taken_up(round_, pin, reply))
                round_.waiting.add(task)
                task.add_done_callback(round_.done)
        if round_.updated or round_.troubled:
            _log.info("%s: %d pin(s) updated, %d in trouble", name, round_.updated, round_.troubled)
        soonest = pace.settled()
        if self._edition() is not edition:
            return 0.0
        return min(_EVERY, max(_LEAST, soonest or _EVERY))

    async def _due(self, name: str, edition: SealedCatalog) -> AsyncGenerator[tuple[Pin, Reply]]:
        """The pins that need a call, each with what it is to show. One comparison settles all that are alike."""
        for kind in await self._records.kinds(name):
            reply = wanted(edition, kind.command, kind.locale, kind.floor)
            if reply is None:
                await self._note(kind, PinState.ORPHANED)
            elif kind.digest == reply.digest and kind.state is not PinState.POSTED:
                if kind.state in _CURRENT_AGAIN:
                    await self._note(kind, PinState.CURRENT)
            elif kind.state.followed or kind.state in (PinState.ORPHANED, PinState.FORBIDDEN):
                async for page in self._records.alike(kind):
                    for pin in page:
                        if pin.followed or pin.state is PinState.ORPHANED:
                            yield pin, reply

    async def _note(self, kind: PinKind, state: PinState) -> None:
        """Give all pins of a kind that are followed another state, without a call to the platform."""
        if kind.state is state or not (kind.state.followed or kind.state is PinState.ORPHANED):
            return
        async for page in self._records.alike(kind):
            for pin in page:
                await self._records.update(replace(pin, state=state))

    async def _taken_up(self, round_: Round, pin: Pin, reply: Reply) -> None:
        where = chat(pin.ref.place)
        try:
            if round_.pace.resting(where):
                return
            await round_.pace.turn(where)
            round_.waiting.discard(asyncio.current_task())
            async with self._turns.of(pin.ref.place), round_.calls:
                if not (round_.over or round_.pace.resting(where) or self._edition() is not round_.edition):
                    await self._renew(round_, pin, reply)
        except StoreError as error:
            round_.over = True
            _log.error("pins on %s could not be noted: %s", pin.ref.place.platform, error)
        except Exception:  # the shell: one pin that cannot even be asked for keeps no other from its turn
            _log.exception("a pin on %s could not be updated", pin.ref.place.platform)
            round_.pace.rest(where, None)

    async def _renew(self, round_: Round, pin: Pin, reply: Reply) -> None:
        where = chat(pin.ref.place)
        try:
            shown = await self._shown(round_.platform, pin, reply)
        except Moved as moved:
            await self._homes.moved(pin.ref.place, moved.new)
            place = replace(pin.ref.place, community=moved.new, channel=moved.new)
            return await self._renew(round_, replace(pin, ref=replace(pin.ref, place=place)), reply)
        except PlatformError as error:
            return await self._failed(round_, pin, error)
        round_.failures = 0
        round_.pace.went_well(where)
        self._counted(pin.ref.place.platform, "updated")
        round_.updated += await self._records.update(shown)
        return None

    async def _shown(self, platform: Platform, pin: Pin, reply: Reply) -> Pin:
        """Edit the message, and pin it if that was still to be done; returns what is to be noted."""
        pinned = None
        if pin.digest != reply.digest:
            pinned = await platform.edit(pin.ref, reply)
        state = _after(pin.state, pinned)
        if pin.state is PinState.POSTED:
            await platform.pin(pin.ref)
            state = PinState.CURRENT
        missing = pin.missing if state is PinState.FORBIDDEN else Right.NONE
        return replace(pin, digest=reply.digest, state=state, missing=missing)

    async def _failed(self, round_: Round, pin: Pin, error: PlatformError) -> None:
        where = chat(pin.ref.place)
        found = fate(error)
        if found:
            state, missing = found
            self._counted(pin.ref.place.platform, state.value)
            round_.troubled += await self._records.update(replace(pin, state=state, missing=missing))
            return
        self._counted(pin.ref.place.platform, "waits")
        _log.info("%s: a pin waits: %s", pin.ref.place.platform, error.reason)
        round_.pace.rest(where, error.retry_after)
        if error.retry_after is None:
            round_.failures += 1
        round_.over = round_.over or isinstance(error, Unauthorised) or round_.failures >= _HOPELESS


def _after(state: PinState, pinned: bool | None) -> PinState:
    """The state after an edit that went well. Somebody who unpinned it by hand meant it: that is noted, not undone."""
    if pinned:
        return PinState.CURRENT
    if state in (PinState.UNPINNED, PinState.FULL, PinState.FORBIDDEN):
        return state
    return PinState.CURRENT if pinned is None else PinState.UNPINNED
