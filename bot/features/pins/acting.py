"""What commands about pins and posts share: one action at a time in a channel, and platform errors as notices."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from bot.core.community import Pin, PinState
from bot.core.disclaimer import Reply
from bot.core.errors import BadInput, Closed, Forbidden, Moved, PlatformError, StoreError
from bot.core.model import Draft, Place, Request, Right
from bot.core.ports import Communities, PinRecords, Platform
from bot.features.pins.pace import Turns

_log = logging.getLogger(__name__)


class Acting:
    """`turns` are shared with the refresh."""

    def __init__(
        self, records: PinRecords, communities: Communities, platforms: Mapping[str, Platform], turns: Turns
    ) -> None:
        self.records, self._communities = records, communities
        self._platforms, self._turns = platforms, turns

    def platform(self, request: Request) -> Platform:
        """The platform of the request. Raises BadInput in an inline query, or where it is not connected."""
        platform = self._platforms.get(request.place.platform)
        if platform is None or request.place.channel is None:
            raise BadInput("community-only")
        return platform

    async def here(self, place: Place) -> Sequence[Pin]:
        """What is kept in that very channel or topic."""
        return [pin for pin in await self.records.of(place) if pin.ref.place == place]

    async def act(self, request: Request, place: Place, act: Callable[[Place], Awaitable[Draft]]) -> Draft:
        """Act in that place, one at a time in each channel; once more if the group moved."""
        try:
            try:
                async with self._turns.of(place):
                    return await act(place)
            except Moved as moved:
                await self._communities.moved(place, moved.new)
                place = replace(place, community=moved.new, channel=moved.new)
                async with self._turns.of(place):
                    return await act(place)
        except Forbidden as error:
            raise BadInput("bot-lacks-right", {"right": error.right or Right.SEND}) from error
        except Closed as error:
            raise BadInput("pin-closed") from error
        except PlatformError as error:
            _log.warning("/%s on %s failed: %s", request.command, place.platform, error.reason)
            raise BadInput("something-went-wrong") from error


async def posted(platform: Platform, records: PinRecords, pin: Pin, reply: Reply) -> None:
    """Post the message of a new pin, and record it at once. One that cannot be recorded is deleted again, or the next
    round would post another, and each round after it.

    Raises:
        PlatformError, StoreError: it could not be posted, or recorded.
    """
    ref = await platform.post(pin.ref.place, reply)
    try:
        await records.record(replace(pin, ref=ref, digest=reply.digest))
    except StoreError:
        try:
            await platform.delete(ref)
        except PlatformError as error:
            _log.warning("a message on %s stays that could not be recorded: %s", ref.place.platform, error.reason)
        raise


async def edited_and_pinned(platform: Platform, pin: Pin, reply: Reply) -> Pin:
    """Edit the message, and pin it if that was still to be done; returns what has to be recorded."""
    pinned = None if pin.digest == reply.digest else await platform.edit(pin.ref, reply)
    state = pin.state
    if state is PinState.POSTED:
        await platform.pin(pin.ref)
        state = PinState.CURRENT
    elif pinned or state not in (PinState.UNPINNED, PinState.FULL, PinState.FORBIDDEN):
        # Somebody who unpinned it meant it: that is recorded, not undone.
        state = PinState.UNPINNED if pinned is False and pin.pinned else PinState.CURRENT
    missing = pin.missing if state is PinState.FORBIDDEN else Right.NONE
    return replace(pin, digest=reply.digest, state=state, missing=missing)
