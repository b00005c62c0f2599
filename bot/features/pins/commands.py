"""The commands `/pin`, `/unpin` and `/pins`. A message is recorded at once after it was sent, so that a crash leaves at
most one message that is not remembered.
"""

import hashlib
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from bot.core.community import UNKNOWN, Community, Pin, PinState
from bot.core.disclaimer import Reply
from bot.core.errors import BadInput, Closed, Forbidden, MessageGone, Moved, PlatformError
from bot.core.model import Draft, Notice, Place, Request, Right, Value
from bot.core.ports import Communities, PinRecords, Platform
from bot.core.sealed_catalog import SealedCatalog
from bot.core.spans import CommandRef
from bot.core.typed import spelling
from bot.features.access import require, require_own
from bot.features.pins.pace import Turns
from bot.features.pins.state import explainer, state_after, wanted

_log = logging.getLogger(__name__)

_PLACE = re.compile(
    r"\s(?:<#[0-9]{1,20}>|(?:https?://)?(?:t\.me/c|discord\.com/channels)(?:/[0-9]{1,20})+|[0-9]{1,20})\s*$"
)
_MOST_ROWS = 12  # in `/pins`: they fit one message of either platform, however long their words


class PinCommands:
    """The handlers. `content` gives the answers in use; `turns` are shared with the refresh."""

    def __init__(
        self,
        content: Callable[[], SealedCatalog],
        records: PinRecords,
        communities: Communities,
        platforms: Mapping[str, Platform],
        turns: Turns,
    ) -> None:
        self._content, self._records, self._communities = content, records, communities
        self._platforms, self._turns = platforms, turns

    async def pin(self, request: Request, community: Community) -> Draft:
        """Post and pin an explainer, or bring the pin that is there up to date."""
        platform = self._platform(request)
        require_own(request, Right.SEND | Right.PIN)
        command = self._topic(request.text)
        return await self._act(request, lambda place: self._pin(platform, place, command, community))

    async def unpin(self, request: Request, _: Community) -> Draft:
        """Unpin an explainer and forget the pin; its message stays."""
        platform = self._platform(request)
        if not request.text.strip():
            raise BadInput("pin-needs-topic")
        return await self._act(request, lambda place: self._unpin(platform, replace(request, place=place)))

    async def pins(self, request: Request, community: Community) -> Draft:
        """The community's pins and their states; those that are not up to date come first."""
        pins = await self._records.of(request.place)
        if not pins:
            return Notice("pins-none")
        rows = [self._row(pin, community) for pin in pins]
        rows.sort(key=lambda row: row.key == "pins-current")
        if len(rows) > _MOST_ROWS:
            rows[_MOST_ROWS:] = [Notice("pins-more", {"count": len(rows) - _MOST_ROWS})]
        return Notice("pins", {"count": len(pins)}, tuple(rows))

    def _platform(self, request: Request) -> Platform:
        platform = self._platforms.get(request.place.platform)
        if platform is None or request.place.channel is None:
            raise BadInput("community-only")
        return platform

    def _topic(self, text: str) -> str:
        """The explainer that the text names.

        Raises:
            BadInput: it names none.
        """
        if not text.strip():
            raise BadInput("pin-needs-topic")
        command = self._content().catalog.find(text)
        if command is None or explainer(self._content(), command) != command:
            raise BadInput("not-a-topic")
        return command

    async def _act(self, request: Request, act: Callable[[Place], Awaitable[Draft]]) -> Draft:
        """Act where the request came from, one at a time in each channel; once more if the group moved."""
        place = request.place
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

    async def _pin(self, platform: Platform, place: Place, command: str, community: Community) -> Draft:
        reply = wanted(self._content(), command, community.locale, community.risk_floor)
        if reply is None:
            raise BadInput("not-a-topic")
        known = await self._known(place, command)
        if known and await self._edited(platform, known, reply):
            pin, key = replace(known, digest=reply.digest), "pin-refreshed"
        else:
            pin, key = await self._posted(platform, place, command, reply, known), "pinned"
        state, missing = PinState.CURRENT, Right.NONE
        try:
            await platform.pin(pin.ref)
        except PlatformError as error:
            if (found := state_after(error)) is None:
                raise
            state, missing = found
        await self._records.update(replace(pin, state=state, missing=missing))
        if state in (PinState.FULL, PinState.CLOSED):
            return Notice(f"pin-{state}")
        return Notice(key if state is PinState.CURRENT else "pin-not-pinned", {"command": CommandRef(command)})

    async def _edited(self, platform: Platform, pin: Pin, reply: Reply) -> bool:
        """Whether the message still exists; it shows the reply then. Until it is known to, its digest is UNKNOWN."""
        await self._records.update(replace(pin, digest=UNKNOWN))
        try:
            await platform.edit(pin.ref, reply)
        except MessageGone:
            return False
        return True

    async def _posted(self, platform: Platform, place: Place, command: str, reply: Reply, known: Pin | None) -> Pin:
        """A new message, recorded by the statement after the one that sends it."""
        # The nonce is the same for the same wish, so that Discord sends it once; another after the message was deleted.
        wish = (place.platform, place.channel, place.thread, reply.command, reply.digest, known and known.ref.message)
        once = hashlib.sha256(repr(wish).encode()).hexdigest()[:25]
        pin = Pin(await platform.post(place, reply, once), command, None, reply.digest, PinState.POSTED)
        await self._records.record(pin)
        if known and known.command != command:  # the explainer was renamed, and the old name's message is gone
            await self._records.forget(place, known.command)
        return pin

    async def _unpin(self, platform: Platform, request: Request) -> Draft:
        pin = await self._named(platform, request)
        key = "unpinned"
        try:
            with suppress(MessageGone):
                await platform.unpin(pin.ref)
        except (Forbidden, Closed):
            key = "unpin-by-hand"
        await self._records.forget(pin.ref.place, pin.command)
        return Notice(key, {"command": CommandRef(pin.command)})

    async def _here(self, place: Place) -> Sequence[Pin]:
        return [pin for pin in await self._records.of(place) if pin.ref.place == place]

    async def _known(self, place: Place, command: str) -> Pin | None:
        """The pin of that explainer in that very channel or topic, also one made under a name it had before."""
        content = self._content()
        alike = [pin for pin in await self._here(place) if explainer(content, pin.command) == command]
        return min(alike, key=lambda pin: pin.command != command, default=None)

    async def _named(self, platform: Platform, request: Request) -> Pin:
        """The pin that the words name, also one whose explainer no longer exists: the one there, one in the place that
        is named behind the topic, or one whose message or channel is gone.

        Raises:
            BadInput: the words name no topic, none that is pinned there, or one that the caller may not unpin.
        """
        place = _PLACE.search(request.text)
        text = request.text[: place.start()] if place else request.text
        pins = await self._records.of(request.place)
        alike = [pin for pin in pins if spelling(pin.command) == spelling(text)]
        command = alike[0].command if alike else self._topic(text)
        if not alike:
            alike = [pin for pin in pins if explainer(self._content(), pin.command) == command]
        for pin in alike:
            if pin.ref.place == request.place if place is None else _is_called(pin, place[0]):
                if place and not await _is_gone(platform, pin):
                    require(replace(request, rights=await platform.rights(pin.ref.place, request.member)), Right.PIN)
                return pin
        for pin in alike if place is None else ():
            if await _is_gone(platform, pin):
                return pin
        raise BadInput("not-pinned-here", {"command": CommandRef(command)})

    def _row(self, pin: Pin, community: Community) -> Notice:
        """The pin's line in `/pins`. One that does not show today's words waits for its update."""
        state = pin.state
        reply = wanted(self._content(), pin.command, pin.locale or community.locale, community.risk_floor)
        if state is PinState.CURRENT and (reply is None or reply.digest != pin.digest):
            state = PinState.STALE
        values: dict[str, Value] = {"command": CommandRef(pin.command), "channel": pin.ref}
        if state is PinState.FORBIDDEN:
            values["right"] = pin.missing
        return Notice(f"pins-{state}", values)


def _is_called(pin: Pin, named: str) -> bool:
    """Whether those words, a channel or a link as `/pins` shows it, are where the pin is."""
    place = pin.ref.place
    return re.findall("[0-9]+", named)[-1] in (pin.ref.message, place.thread, place.thread or place.channel)


async def _is_gone(platform: Platform, pin: Pin) -> bool:
    """Whether the pin's message was deleted, or the bot cannot see its channel."""
    try:
        return pin.state is PinState.GONE or not await platform.rights(pin.ref.place, None)
    except (Forbidden, MessageGone):
        return True
