"""The commands `/pin`, `/post`, `/unpin` and `/pins`. A message is recorded right after it was sent, so that a crash
loses track of at most one.
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
from bot.features.pins.contents import FIRST, contents, is_contents, pages
from bot.features.pins.listing import listed
from bot.features.pins.pace import Turns
from bot.features.pins.state import explainer, state_after, wanted
from bot.features.pins.wish import ALL, Wish, pin_named, read

_log = logging.getLogger(__name__)


class PinCommands:
    """The handlers. `content` gives the answers in use, `now` the date and time; `wake` makes the refresh look at a
    platform soon; `turns` are shared with it.
    """

    def __init__(
        self,
        *,
        content: Callable[[], SealedCatalog],
        records: PinRecords,
        communities: Communities,
        platforms: Mapping[str, Platform],
        turns: Turns,
        now: Callable[[], datetime],
        wake: Callable[[str], None],
    ) -> None:
        self._content, self._records, self._communities = content, records, communities
        self._platforms, self._turns, self._now, self._wake = platforms, turns, now, wake

    async def pin(self, request: Request, community: Community) -> Draft:
        """Post and pin an explainer, or bring the pin that is there up to date."""
        platform, wish = self._platform(request), read(self._content(), request.text, request)
        if wish.command == ALL:
            raise BadInput("not-a-topic")
        place = await self._place(platform, request, wish, Right.SEND | Right.PIN)
        return await self._act(request, place, lambda at: self._keep(platform, at, wish, community, pinned=True))

    async def post(self, request: Request, community: Community) -> Draft:
        """Post an explainer, or all of them with a table of contents, and keep them up to date without pinning."""
        text = request.text.replace(".", " ") if request.confirms else request.text
        platform, wish = self._platform(request), read(self._content(), text, request)
        place = await self._place(platform, request, wish, Right.SEND)
        if wish.command != ALL:
            return await self._act(request, place, lambda at: self._keep(platform, at, wish, community, pinned=False))
        elsewhere = wish.channel if wish.channel != channel_id(request.place) else None
        word = ".".join(filter(None, (ALL, elsewhere, wish.locale)))
        if question := confirmation_question(request, word, self._now(), "post-all-sure", "post-all-button"):
            return question
        return await self._act(request, place, lambda at: self._post_all(platform, at, wish, community))

    async def unpin(self, request: Request, _: Community) -> Draft:
        """Unpin an explainer and forget the pin, or a post, or all posts of a place; their messages stay."""
        platform = self._platform(request)
        if not request.text.strip():
            raise BadInput("pin-needs-topic")
        return await self._act(request, request.place, lambda at: self._unpin(platform, replace(request, place=at)))

    async def pins(self, request: Request, community: Community) -> Draft:
        """What is kept up to date in the community, and its state."""
        return listed(self._content(), await self._records.of(request.place), community)

    def _platform(self, request: Request) -> Platform:
        """The platform of the request. Raises BadInput in an inline query, or where it is not connected."""
        platform = self._platforms.get(request.place.platform)
        if platform is None or request.place.channel is None:
            raise BadInput("community-only")
        return platform

    async def _here(self, place: Place) -> Sequence[Pin]:
        """What is kept in that very channel or topic."""
        return [pin for pin in await self._records.of(place) if pin.ref.place == place]

    async def _act(self, request: Request, place: Place, act: Callable[[Place], Awaitable[Draft]]) -> Draft:
        """Act in that place, one at a time in each channel; once more if the group moved."""

        async def in_turn(at: Place) -> Draft:
            async with self._turns.of(at):
                return await act(at)

        try:
            return await retry_if_moved(self._communities, place, in_turn)
        except Forbidden as error:
            raise BadInput("bot-lacks-right", {"right": error.right or Right.SEND}) from error
        except Closed as error:
            raise BadInput("pin-closed") from error
        except PlatformError as error:
            _log.warning("/%s on %s failed: %s", request.command, place.platform, error.reason)
            raise BadInput("something-went-wrong") from error

    async def _place(self, platform: Platform, request: Request, wish: Wish, own: Right) -> Place:
        """Where to post: here, or in the channel that was named.

        Raises:
            BadInput: there is no such channel, or the caller or the bot may not do it there.
        """
        here = request.place
        if wish.channel not in (None, channel_id(here)):
            here = replace(here, channel=wish.channel, thread=None)
            try:
                theirs, ours = await platform.rights(here, request.member), await platform.rights(here, None)
                if await platform.is_forum(here):
                    raise BadInput("no-such-channel")
            except PlatformError as error:
                raise BadInput("no-such-channel") from error
            request = replace(request, place=here, rights=theirs, bot_rights=ours)
            require(request, Right.PIN)
        require_own(request, own)
        return here

    async def _keep(self, platform: Platform, place: Place, wish: Wish, community: Community, *, pinned: bool) -> Draft:
        """Post or edit one explainer there, and pin it if asked to; `/post` never unpins."""
        known = await self._known(place, wish.command)
        locale = wish.locale or (known.locale if known else None)
        pinned = pinned or (known is not None and known.pinned)
        reply = wanted(self._content(), wish.command, locale or community.language_of(place), community.risk_floor)
        if reply is None:
            raise BadInput("not-a-topic")
        pin, is_new = await self._shown(
            platform, Pin(MessageRef(place, ""), wish.command, locale, "", pinned=pinned), reply, known
        )
        key = ("pinned" if is_new else "pin-refreshed") if pinned else "posted" if is_new else "post-refreshed"
        state, missing = PinState.CURRENT, Right.NONE
        try:
            if pinned:
                await platform.pin(pin.ref)
        except PlatformError as error:
            if (found := state_after(error)) is None:
                raise
            state, missing = found
        await self._records.update(replace(pin, state=state, missing=missing))
        if state in (PinState.FULL, PinState.CLOSED):
            return Notice(f"pin-{state}")
        return Notice(key if state is PinState.CURRENT else "pin-not-pinned", {"command": CommandRef(wish.command)})

    async def _post_all(self, platform: Platform, place: Place, wish: Wish, community: Community) -> Draft:
        """Post the table of contents. The refresh posts the explainers below it, at the platform's pace."""
        content, here = self._content(), {pin.command: pin for pin in await self._here(place)}
        for page in pages(content):
            known = here.get(page)
            locale = wish.locale or (known.locale if known else None)
            reply = contents(content, page, here.values(), locale or community.language_of(place), community.risk_floor)
            await self._shown(platform, Pin(MessageRef(place, ""), page, locale, "", pinned=False), reply, known)
        for pin in here.values():
            await self._try_again(pin)
        self._wake(place.platform)
        return Notice("posting-all", {"count": len(tuple(content.catalog.explainers))})

    async def _try_again(self, pin: Pin) -> None:
        """Let the refresh look again at one that waits for a moderator; a message that is gone is posted anew."""
        if pin.state is PinState.GONE and not pin.pinned:
            await self._records.forget(pin.ref.place, pin.command)
        elif not (pin.followed or pin.state is PinState.ORPHANED or is_contents(pin.command)):
            state = PinState.POSTED if pin.pinned else PinState.CURRENT
            await self._records.update(replace(pin, digest=UNKNOWN, state=state))

    async def _shown(self, platform: Platform, wish: Pin, reply: Reply, known: Pin | None) -> tuple[Pin, bool]:
        """The message that shows the reply: the known one, or a new one, which is recorded by the statement after the
        one that sends it. Also whether it is new.
        """
        state = PinState.POSTED if wish.pinned else PinState.CURRENT
        if known and await self._edited(platform, known, reply):
            kept = replace(known, digest=reply.digest, locale=wish.locale, pinned=wish.pinned, state=state)
            await self._records.update(kept)
            return kept, False
        place = wish.ref.place
        # The nonce is the same for the same wish, so that Discord sends it once; another after the message was deleted.
        nonce = (place.platform, place.channel, place.thread, wish.command, reply.digest, known and known.ref.message)
        once = hashlib.sha256(repr(nonce).encode()).hexdigest()[:25]
        ref = await platform.post(place, reply, once)
        pin = replace(wish, ref=ref, digest=reply.digest, state=state)
        await self._records.record(pin)
        if known and known.command != wish.command:  # the explainer was renamed, and the old name's message is gone
            await self._records.forget(place, known.command)
        return pin, True

    async def _edited(self, platform: Platform, pin: Pin, reply: Reply) -> bool:
        """Edit the message; False if it no longer exists. Its digest is UNKNOWN during the edit."""
        await self._records.update(replace(pin, digest=UNKNOWN))
        try:
            await platform.edit(pin.ref, reply)
        except MessageGone:
            return False
        return True

    async def _known(self, place: Place, command: str) -> Pin | None:
        """The pin of that explainer in that very channel or topic, also one made under a name it had before."""
        content = self._content()
        alike = [pin for pin in await self._here(place) if explainer(content, pin.command) == command]
        return min(alike, key=lambda pin: pin.command != command, default=None)

    async def _unpin(self, platform: Platform, request: Request) -> Draft:
        pin = await pin_named(self._content(), await self._records.of(request.place), platform, request)
        place = pin.ref.place
        posts = [one for one in await self._here(place) if not one.pinned]
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
