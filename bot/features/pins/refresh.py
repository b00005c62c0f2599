"""Keeps pins and posts up to date in the background.

The stored digests alone decide what to edit: a crash loses nothing, and unchanged messages are not edited. During an
edit the stored digest is UNKNOWN, so that an edit whose outcome is unknown is repeated, with the content of that time.
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
from bot.features.pins.pace import MOST_REFUSALS, PACES, ChannelLocks, EditIntervals, Pace, Round, chat_of
from bot.features.pins.state import edit_and_pin, post_and_record, reply_for, state_after
from bot.features.pins.table_of_contents import FIRST, is_contents, next_step

_log = logging.getLogger(__name__)

_INTERVAL = 60.0  # seconds between two rounds; they pick up other processes' changes and chats that rested
_UNREADY_PAUSE = 2.0  # seconds before checking again whether a platform is connected
_SHORTEST_PAUSE = 5.0  # least seconds between two rounds while some chats rest
_MOST_FAILURES = 10  # consecutive failures that end a round

_RECOVERABLE = (PinState.STALE, PinState.ORPHANED)  # they become CURRENT once the digest matches


class PinRefresh:
    """Edits the pins of every platform. `platforms` is read in every round, so adapters may be added later.

    `newest` returns whether no other process uses newer content; otherwise two processes would edit pins back and
    forth. `clock` gives monotonic seconds, `sleep` waits for seconds. `locks` must be the same object as the commands
    use. `counted` is called with the platform and the result of each pin: updated, waits, or its new state.
    """

    def __init__(
        self,
        *,
        content: Callable[[], SealedCatalog],
        records: PinRecords,
        communities: Communities,
        platforms: Mapping[str, Platform],
        locks: ChannelLocks,
        newest: Callable[[SealedCatalog], Awaitable[bool]],
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]],
        paces: Mapping[str, EditIntervals] = PACES,
        counted: Callable[[str, str], None] = lambda _platform, _result: None,
    ) -> None:
        self._counted = counted
        self._content, self._records, self._communities, self._newest = content, records, communities, newest
        self._platforms, self._locks, self._sleep = platforms, locks, sleep
        self._paces = {name: Pace(intervals, clock, sleep) for name, intervals in paces.items()}
        self._wake_events = {name: asyncio.Event() for name in paces}
        self._rounds: dict[str, Round] = {}

    async def content_changed(self, _: SealedCatalog) -> None:
        """Start a round soon on every platform. Cancels edits to the previous version that wait for their turn."""
        for event in self._wake_events.values():
            event.set()
        for task in [task for round_ in self._rounds.values() for task in round_.waiting if task]:
            task.cancel()

    def wake(self, name: str) -> None:
        """Start a round on that platform soon."""
        self._wake_events[name].set()

    def community_changed(self, old: Community, new: Community) -> None:
        """Start a round on the community's platform soon, if the change affects what its pins show."""
        before, after = ((one.locale, one.languages, one.risk_floor) for one in (old, new))
        if before != after and new.platform in self._wake_events:
            self.wake(new.platform)

    async def keep(self, name: str) -> None:
        """Keep that platform's pins up to date until cancelled. Errors are logged, and the next round retries."""
        while True:
            self._wake_events[name].clear()
            pause = _UNREADY_PAUSE
            if self._platforms[name].ready:
                pause = _INTERVAL
                try:
                    pause = await self.round(name)
                except StoreError as error:
                    _log.error("could not check the pins on %s: %s", name, error)
                except Exception:  # the next round starts again from the stored digests
                    _log.exception("could not check the pins on %s", name)
            await self._pause(self._wake_events[name], pause)

    async def _pause(self, wake_event: asyncio.Event, seconds: float) -> None:
        waits = {asyncio.ensure_future(wake_event.wait()), asyncio.ensure_future(self._sleep(seconds))}
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)

    async def round(self, name: str) -> float:
        """Update every pin of that platform that can be updated now. Returns the seconds until the next round.

        Raises:
            StoreError: the pins cannot be read or recorded.
        """
        content, pace = self._content(), self._paces[name]
        if not await self._newest(content):
            return _INTERVAL
        round_ = self._rounds[name] = Round(self._platforms[name], content, pace)
        pace.begin_round()
        async with asyncio.TaskGroup() as group, aclosing(self._due(name, content)) as due:
            async for pin, reply in due:
                await round_.slots.acquire()
                if round_.over or self._content() is not content:
                    break
                task = group.create_task(self._update(round_, pin, reply))
                round_.waiting.add(task)
                task.add_done_callback(round_.done)
        if round_.updated or round_.failed:
            _log.info("%s: %d pin(s) updated, %d failed", name, round_.updated, round_.failed)
        soonest = pace.end_round() or _INTERVAL
        if self._content() is not content or (pace.overran and not round_.over):
            return 0.0
        return _INTERVAL if round_.over else min(_INTERVAL, max(_SHORTEST_PAUSE, soonest))

    async def _due(self, name: str, content: SealedCatalog) -> AsyncGenerator[tuple[Pin, Reply | None]]:
        """Yield the pins that need a call, each with the reply it must show, or None for a table of contents.

        Pins are compared by kind: those of an unchanged kind are not read. Of a table of contents only the first part
        is yielded. Kinds that need no call, but another state, get that state.
        """
        for kind in await self._records.kinds(name):
            if is_contents(kind.command):
                async for pin in self._records.alike(kind):
                    if pin.command == FIRST and pin.followed:
                        yield pin, None
                continue
            reply = reply_for(content, kind.command, kind.locale, kind.floor, pinned=kind.pinned)
            if reply is None:
                await self._set_state(kind, PinState.ORPHANED)
            elif kind.digest == reply.digest and kind.state is not PinState.POSTED:
                if kind.state in _RECOVERABLE:
                    await self._set_state(kind, PinState.CURRENT)
            elif kind.state.followed or kind.state in (PinState.ORPHANED, PinState.FORBIDDEN):
                async for pin in self._records.alike(kind):
                    if pin.followed or pin.state is PinState.ORPHANED:
                        yield pin, reply

    async def _set_state(self, kind: PinKind, state: PinState) -> None:
        """Set the state of all pins of a kind that are kept up to date or orphaned. Makes no platform call."""
        if kind.state is state or not (kind.state.followed or kind.state is PinState.ORPHANED):
            return
        async for pin in self._records.alike(kind):
            await self._records.update(replace(pin, state=state))

    async def _update(self, round_: Round, pin: Pin, reply: Reply | None) -> None:
        """Edit the pin, or bring the channel of a table of contents up to date. Does not raise."""
        try:
            await self._update_in_turn(round_, pin, reply)
        except StoreError as error:
            round_.over = True
            _log.error("could not record a pin on %s: %s", pin.ref.place.platform, error)
        except Exception:  # one pin's error must not end the round
            _log.exception("could not update a pin on %s", pin.ref.place.platform)
            round_.pace.rest(chat_of(pin.ref.place), None)

    async def _update_in_turn(self, round_: Round, pin: Pin, reply: Reply | None) -> None:
        """Wait for the chat's turn and edit the pin, unless the round is over by then.

        For a table of contents (`reply` is None), post the missing explainers in order, then edit the contents, one
        message per turn.
        """
        place, pace = pin.ref.place, round_.pace
        while not (round_.over or pace.closed(chat_of(place))):
            await pace.wait_turn(chat_of(place))
            round_.waiting.discard(asyncio.current_task())
            async with self._locks.of(place), round_.calls:
                if round_.over or pace.rest_left(chat_of(place)) or self._content() is not round_.content:
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
        """Post a missing message of a table of contents.

        If that fails, the error is recorded for the first part of the contents. After a permanent error (on Telegram
        also if the outcome is unknown, as the message might appear twice) nothing more is posted until a moderator
        uses `/post all` again.
        """
        try:
            await post_and_record(round_.platform, self._records, pin, reply)
        except PlatformError as error:
            return await self._record_failure(round_, first, error)
        round_.updated += 1
        return None

    async def _edit(self, round_: Round, pin: Pin, reply: Reply) -> None:
        place = pin.ref.place
        if pin.digest not in (reply.digest, UNKNOWN) and not await self._records.update(replace(pin, digest=UNKNOWN)):
            return None
        try:
            updated = await edit_and_pin(round_.platform, pin, reply)
        except Moved as moved:
            await self._communities.moved(place, moved.new)
            place = replace(place, community=moved.new, channel=moved.new)
            return await self._edit(round_, replace(pin, ref=replace(pin.ref, place=place)), reply)
        except PlatformError as error:
            return await self._record_failure(round_, pin, error)
        round_.failures = 0
        round_.pace.reset_failures(chat_of(place))
        self._counted(place.platform, "updated")
        round_.updated += await self._records.update(updated)
        return None

    async def _record_failure(self, round_: Round, pin: Pin, error: PlatformError) -> None:
        platform = pin.ref.place.platform
        if outcome := state_after(error):
            state, missing = outcome
            self._counted(platform, state.value)
            if state is PinState.FORBIDDEN:
                round_.refused += 1
                round_.over = round_.over or round_.refused >= MOST_REFUSALS
            round_.failed += await self._records.update(replace(pin, state=state, missing=missing))
            return
        self._counted(platform, "waits")
        _log.info("%s: postponed the edit of a pin: %s", platform, error.reason)
        round_.pace.rest(chat_of(pin.ref.place), error.retry_after)
        if error.retry_after is None:
            round_.failures += 1
        round_.over = round_.over or isinstance(error, Unauthorised) or round_.failures >= _MOST_FAILURES
