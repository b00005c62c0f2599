"""/pin, /unpin and /pins. Their law: the rights are checked at every use, and a message that was sent is recorded by
the very same statement, so that a crash leaves at most one message that nobody remembers.
"""

import hashlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Protocol, final

from bot.core.community import Community, Pin, PinState
from bot.core.disclaimer import Reply
from bot.core.errors import BadInput, Closed, Forbidden, MessageGone, Moved, PlatformError
from bot.core.model import Draft, MessageRef, Notice, Place, Request, Right
from bot.core.permission import require, require_own
from bot.core.ports import Communities, PinRecords, Platform
from bot.core.sealed_catalog import SealedCatalog
from bot.core.spans import CommandRef
from bot.features.pins import spot
from bot.features.pins.fate import fate
from bot.features.pins.pace import Turns
from bot.features.pins.wanted import wanted

_log = logging.getLogger(__name__)

_PINNED = {
    PinState.FULL: "pin-full",
    PinState.CLOSED: "pin-closed",
    PinState.GONE: "pin-not-pinned",
    PinState.FORBIDDEN: "pin-not-pinned",
    PinState.REFUSED: "pin-not-pinned",
}


class Homes(Communities, Protocol):
    """What communities chose, and where they went."""

    async def moved(self, place: Place, new: str) -> None:
        """The community goes on under the id `new`."""
        ...


@final
class PinCommands:
    """The moderators' handlers. `platforms` by name; `turns` are shared with whoever else edits pins."""

    def __init__(
        self,
        edition: Callable[[], SealedCatalog],
        records: PinRecords,
        homes: Homes,
        platforms: Mapping[str, Platform],
        turns: Turns,
    ) -> None:
        self._edition, self._records, self._homes = edition, records, homes
        self._platforms, self._turns = platforms, turns

    async def pin(self, request: Request, community: Community) -> Draft:
        """Post and pin an explainer, or bring the pin that is there up to date."""
        platform = self._platform(request)
        require_own(request, Right.SEND | Right.PIN)
        command = spot.topic(self._edition(), request.text)
        return await self._settled(request, lambda place: self._pin(platform, place, command, community))

    async def unpin(self, request: Request, _: Community) -> Draft:
        """Take a pin off and forget it; its message stays."""
        platform = self._platform(request)
        if not request.text.strip():
            raise BadInput("pin-needs-topic")
        return await self._settled(request, lambda place: self._unpin(platform, place, request.text))

    async def pins(self, request: Request, community: Community) -> Draft:
        """What is pinned in the community, and how it fares; pins in trouble come first."""
        require(request, Right.PIN)
        found = await self._records.of(request.place)
        if not found:
            return Notice("pins-none")
        return spot.told(found, self._edition(), community)

    async def _settled(self, request: Request, act: Callable[[Place], Awaitable[Draft]]) -> Draft:
        """Act where the request came from, one at a time in each channel; a group that moved is followed once."""
        place = request.place
        try:
            try:
                async with self._turns.of(place):
                    return await act(place)
            except Moved as moved:
                await self._homes.moved(place, moved.new)
                place = replace(place, community=moved.new, channel=moved.new)
                async with self._turns.of(place):
                    return await act(place)
        except Forbidden as error:
            raise BadInput("bot-lacks-right", {"right": error.right or Right.SEND}) from error
        except Closed as error:
            raise BadInput("pin-closed") from error
        except PlatformError as error:
            _log.warning("/%s on %s was not done: %s", request.command, place.platform, error.reason)
            raise BadInput("something-went-wrong") from error

    async def _pin(self, platform: Platform, place: Place, command: str, community: Community) -> Draft:
        reply = wanted(self._edition(), command, community.locale, community.risk_floor)
        if reply is None:
            raise BadInput("not-a-topic")
        known = await spot.known(self._records, self._edition(), place, command)
        if known and await self._edited(platform, known, reply):
            pin, done = replace(known, digest=reply.digest), "pin-refreshed"
        else:
            pin, done = await self._posted(platform, place, command, reply, known), "pinned"
        state, missing = await self._pinned(platform, pin.ref)
        await self._records.update(replace(pin, state=state, missing=missing))
        key = _PINNED.get(state, done)
        return Notice(key, {} if key in ("pin-full", "pin-closed") else {"command": CommandRef(command)})

    async def _edited(self, platform: Platform, pin: Pin, reply: Reply) -> bool:
        """Whether the message still stands; it shows the reply then."""
        try:
            await platform.edit(pin.ref, reply)
        except MessageGone:
            return False
        return True

    async def _posted(self, platform: Platform, place: Place, command: str, reply: Reply, known: Pin | None) -> Pin:
        """A new message, recorded in the same statement that sends it."""
        once = _nonce(place, reply, known)
        pin = await self._recorded(await platform.post(place, reply, once), command, reply)
        if known and known.command != command:  # the explainer was renamed, and the old name's message is gone
            await self._records.forget(place, known.command)
        return pin

    async def _recorded(self, ref: MessageRef, command: str, reply: Reply) -> Pin:
        pin = Pin(ref, command, None, reply.digest, PinState.POSTED)
        await self._records.record(pin)
        return pin

    async def _pinned(self, platform: Platform, ref: MessageRef) -> tuple[PinState, Right]:
        try:
            await platform.pin(ref)
        except PlatformError as error:
            if (found := fate(error)) is None:
                raise
            return found
        return PinState.CURRENT, Right.NONE

    async def _unpin(self, platform: Platform, place: Place, text: str) -> Draft:
        pin = await spot.meant(self._records, self._edition(), place, text)
        named = {"command": CommandRef(pin.command)}
        key = "unpinned"
        try:
            await platform.unpin(pin.ref)
        except MessageGone:
            _log.debug("the message of a pin that is taken off was gone already")
        except (Forbidden, Closed):
            key = "unpin-by-hand"
        await self._records.forget(place, pin.command)
        return Notice(key, named)

    def _platform(self, request: Request) -> Platform:
        """Where the request came from; a moderator's right to pin is what all three commands ask for."""
        require(request, Right.PIN)
        platform = self._platforms.get(request.place.platform)
        if platform is None or request.place.channel is None:
            raise BadInput("community-only")
        return platform


def _nonce(place: Place, reply: Reply, known: Pin | None) -> str:
    """The same for the same wish, so that Discord takes it once; another after the message was deleted."""
    wish = (place.platform, place.channel, place.thread, reply.command, reply.digest, known and known.ref.message)
    return hashlib.sha256(repr(wish).encode()).hexdigest()[:25]
