"""The commands `/pin`, `/post`, `/unpin` and `/pins`.

Each message is recorded right after it was sent, so a crash loses track of one message at most.
"""

import hashlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from bot.core.community import UNKNOWN, Community, Pin, PinState, channel_id
from bot.core.disclaimer import Reply
from bot.core.errors import BadInput, Closed, Forbidden, MessageGone, PlatformError
from bot.core.model import Draft, MessageRef, Notice, Place, Request, Right
from bot.core.ports import Communities, PinRecords, Platform
from bot.core.sealed_catalog import SealedCatalog
from bot.core.spans import CommandRef
from bot.features.access import require, require_own
from bot.features.communities import retry_if_moved
from bot.features.confirmation import confirmation_question
from bot.features.pins.listing import pin_list
from bot.features.pins.pace import ChannelLocks
from bot.features.pins.state import explainer_of, reply_for, state_after
from bot.features.pins.table_of_contents import FIRST, contents, is_contents, pages
from bot.features.pins.target import ALL, PinTarget, find_pin, parse_target

_log = logging.getLogger(__name__)


class PinCommands:
    """The handlers of these commands.

    `content` returns the answers in use, `now` the date and time. `wake` starts a refresh of a platform's pins soon.
    `locks` must be the same object as the refresh uses.
    """

    def __init__(
        self,
        *,
        content: Callable[[], SealedCatalog],
        records: PinRecords,
        communities: Communities,
        platforms: Mapping[str, Platform],
        locks: ChannelLocks,
        now: Callable[[], datetime],
        wake: Callable[[str], None],
    ) -> None:
        self._content, self._records, self._communities = content, records, communities
        self._platforms, self._locks, self._now, self._wake = platforms, locks, now, wake

    async def pin(self, request: Request, community: Community) -> Draft:
        """Post and pin an explainer, or update its existing pin. Raises BadInput, StoreError."""
        platform, target = self._platform(request), parse_target(self._content(), request.text, request)
        if target.command == ALL:
            raise BadInput("not-a-topic")
        place = await self._place(platform, request, target, Right.SEND | Right.PIN)
        return await self._act(request, place, lambda at: self._put(platform, at, target, community, pinned=True))

    async def post(self, request: Request, community: Community) -> Draft:
        """Post an explainer without pinning it, or all of them with a table of contents (`all`).

        Posts are kept up to date like pins. `all` asks for confirmation. Raises BadInput, StoreError.
        """
        text = request.text.replace(".", " ") if request.confirms else request.text
        platform, target = self._platform(request), parse_target(self._content(), text, request)
        place = await self._place(platform, request, target, Right.SEND)
        if target.command != ALL:
            return await self._act(request, place, lambda at: self._put(platform, at, target, community, pinned=False))
        elsewhere = target.channel if target.channel != channel_id(request.place) else None
        word = ".".join(filter(None, (ALL, elsewhere, target.locale)))
        if question := confirmation_question(request, word, self._now(), "post-all-sure", "post-all-button"):
            return question
        return await self._act(request, place, lambda at: self._post_all(platform, at, target, community))

    async def unpin(self, request: Request, _: Community) -> Draft:
        """Unpin an explainer, or stop updating one or all posts of a place. Raises BadInput, StoreError."""
        platform = self._platform(request)
        if not request.text.strip():
            raise BadInput("pin-needs-topic")
        return await self._act(request, request.place, lambda at: self._unpin(platform, replace(request, place=at)))

    async def pins(self, request: Request, community: Community) -> Draft:
        """List the community's pins and posts with their states. Raises StoreError."""
        return pin_list(self._content(), await self._records.of(request.place), community)

    def _platform(self, request: Request) -> Platform:
        """Return the request's platform. Raises BadInput in an inline query or if the bot does not run there."""
        platform = self._platforms.get(request.place.platform)
        if platform is None or request.place.channel is None:
            raise BadInput("community-only")
        return platform

    async def _pins_in(self, place: Place) -> Sequence[Pin]:
        """Return the pins and posts in exactly that channel or topic."""
        return [pin for pin in await self._records.of(place) if pin.ref.place == place]

    async def _act(self, request: Request, place: Place, act: Callable[[Place], Awaitable[Draft]]) -> Draft:
        """Call `act` under the channel's lock, again if the group has moved. Turns platform errors into BadInput."""

        async def act_locked(at: Place) -> Draft:
            async with self._locks.of(at):
                return await act(at)

        try:
            return await retry_if_moved(self._communities, place, act_locked)
        except Forbidden as error:
            raise BadInput("bot-lacks-right", {"right": error.right or Right.SEND}) from error
        except Closed as error:
            raise BadInput("pin-closed") from error
        except PlatformError as error:
            _log.warning("/%s on %s failed: %s", request.command, place.platform, error.reason)
            raise BadInput("something-went-wrong") from error

    async def _place(self, platform: Platform, request: Request, target: PinTarget, own: Right) -> Place:
        """Return where to post: the channel named in the command, else the one it was sent in.

        Raises:
            BadInput: there is no such channel, it is a forum, or the caller or the bot lacks a right there.
        """
        here = request.place
        if target.channel not in (None, channel_id(here)):
            here = replace(here, channel=target.channel, thread=None)
            try:
                rights = await platform.rights(here, request.member)
                bot_rights = await platform.rights(here, None)
                if await platform.is_forum(here):
                    raise BadInput("no-such-channel")
            except PlatformError as error:
                raise BadInput("no-such-channel") from error
            request = replace(request, place=here, rights=rights, bot_rights=bot_rights)
            require(request, Right.PIN)
        require_own(request, own)
        return here

    async def _put(
        self, platform: Platform, place: Place, target: PinTarget, community: Community, *, pinned: bool
    ) -> Draft:
        """Post or edit one explainer, and pin it if `pinned`. A message that is already a pin stays one."""
        old = await self._find(place, target.command)
        locale = target.locale or (old.locale if old else None)
        pinned = pinned or (old is not None and old.pinned)
        reply = reply_for(self._content(), target.command, locale or community.language_of(place), community.risk_floor)
        if reply is None:
            raise BadInput("not-a-topic")
        pin, is_new = await self._show(
            platform, Pin(MessageRef(place, ""), target.command, locale, "", pinned=pinned), reply, old
        )
        key = ("pinned" if is_new else "pin-refreshed") if pinned else "posted" if is_new else "post-refreshed"
        state, missing = PinState.CURRENT, Right.NONE
        try:
            if pinned:
                await platform.pin(pin.ref)
        except PlatformError as error:
            if (outcome := state_after(error)) is None:
                raise
            state, missing = outcome
        await self._records.update(replace(pin, state=state, missing=missing))
        if state in (PinState.FULL, PinState.CLOSED):
            return Notice(f"pin-{state}")
        return Notice(key if state is PinState.CURRENT else "pin-not-pinned", {"command": CommandRef(target.command)})

    async def _post_all(self, platform: Platform, place: Place, target: PinTarget, community: Community) -> Draft:
        """Post or edit the table of contents. The refresh then posts the explainers, at the platform's pace."""
        content, here = self._content(), {pin.command: pin for pin in await self._pins_in(place)}
        for page in pages(content):
            old = here.get(page)
            locale = target.locale or (old.locale if old else None)
            reply = contents(content, page, here.values(), locale or community.language_of(place), community.risk_floor)
            await self._show(platform, Pin(MessageRef(place, ""), page, locale, "", pinned=False), reply, old)
        for pin in here.values():
            await self._reset(pin)
        self._wake(place.platform)
        return Notice("posting-all", {"count": len(tuple(content.catalog.explainers))})

    async def _reset(self, pin: Pin) -> None:
        """Let the refresh retry a pin that it had given up on. A post whose message is gone is posted again."""
        if pin.state is PinState.GONE and not pin.pinned:
            await self._records.forget(pin.ref.place, pin.command)
        elif not (pin.followed or pin.state is PinState.ORPHANED or is_contents(pin.command)):
            state = PinState.POSTED if pin.pinned else PinState.CURRENT
            await self._records.update(replace(pin, digest=UNKNOWN, state=state))

    async def _show(self, platform: Platform, target: Pin, reply: Reply, old: Pin | None) -> tuple[Pin, bool]:
        """Edit the old message to show the reply, or post a new one. Returns its record, and whether it is new."""
        state = PinState.POSTED if target.pinned else PinState.CURRENT
        if old and await self._edit(platform, old, reply):
            updated = replace(old, digest=reply.digest, locale=target.locale, pinned=target.pinned, state=state)
            await self._records.update(updated)
            return updated, False
        place = target.ref.place
        # Discord posts a nonce once, however often it is sent. A deleted message's id makes the nonce a new one.
        nonce = (place.platform, place.channel, place.thread, target.command, reply.digest, old and old.ref.message)
        once = hashlib.sha256(repr(nonce).encode()).hexdigest()[:25]
        ref = await platform.post(place, reply, once)
        pin = replace(target, ref=ref, digest=reply.digest, state=state)
        await self._records.record(pin)
        if old and old.command != target.command:  # the explainer was renamed, and the old message is gone
            await self._records.forget(place, old.command)
        return pin, True

    async def _edit(self, platform: Platform, pin: Pin, reply: Reply) -> bool:
        """Edit the message. Returns False if it no longer exists. The recorded digest is UNKNOWN during the edit."""
        await self._records.update(replace(pin, digest=UNKNOWN))
        try:
            await platform.edit(pin.ref, reply)
        except MessageGone:
            return False
        return True

    async def _find(self, place: Place, command: str) -> Pin | None:
        """Return the pin or post of that explainer in that channel or topic, even under a former name, else None."""
        content = self._content()
        pins = [pin for pin in await self._pins_in(place) if explainer_of(content, pin.command) == command]
        return min(pins, key=lambda pin: pin.command != command, default=None)

    async def _unpin(self, platform: Platform, request: Request) -> Draft:
        pin = await find_pin(self._content(), await self._records.of(request.place), platform, request)
        place = pin.ref.place
        posts = [one for one in await self._pins_in(place) if not one.pinned]
        all_here = any(one.command == FIRST for one in posts)
        if pin.command == FIRST:
            for one in posts:
                await self._records.forget(place, one.command)
            return Notice("unposted")
        if all_here and not pin.pinned:
            raise BadInput("unpin-all-of-it")
        key = "unpinned"
        try:
            with suppress(MessageGone):
                if pin.pinned:
                    await platform.unpin(pin.ref)
        except (Forbidden, Closed):
            key = "unpin-by-hand"
        if all_here:
            await self._records.update(replace(pin, pinned=False))
        else:
            await self._records.forget(place, pin.command)
        return Notice(key, {"command": CommandRef(pin.command)})
