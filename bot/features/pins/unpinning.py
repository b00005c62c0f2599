"""The command `/unpin`: takes pins off and forgets them, and forgets posts."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final

from bot.core.community import Community, Pin, PinState
from bot.core.errors import BadInput, Closed, Forbidden, MessageGone
from bot.core.model import Draft, Notice, Request, Right
from bot.core.ports import Platform
from bot.core.sealed_catalog import SealedCatalog
from bot.core.spans import CommandRef
from bot.core.typed import spelling
from bot.features.access import require
from bot.features.pins.acting import Acting
from bot.features.pins.contents import FIRST
from bot.features.pins.state import explainer
from bot.features.pins.wish import ALL, topic

_PLACE: Final = re.compile(
    r"\s(?:<#[0-9]{1,20}>|(?:https?://)?(?:t\.me/c|discord\.com/channels)(?:/[0-9]{1,20})+|[0-9]{1,20})\s*$"
)


class Unpinning:
    """The handler. `content` gives the answers in use."""

    def __init__(self, content: Callable[[], SealedCatalog], acting: Acting) -> None:
        self._content, self._acting, self._records = content, acting, acting.records

    async def unpin(self, request: Request, _: Community) -> Draft:
        """Unpin an explainer and forget the pin, or a post, or all posts of a place; their messages stay."""
        platform = self._acting.platform(request)
        if not request.text.strip():
            raise BadInput("pin-needs-topic")
        return await self._acting.act(
            request, request.place, lambda place: self._unpin(platform, replace(request, place=place))
        )

    async def _unpin(self, platform: Platform, request: Request) -> Draft:
        pin = await self._named(platform, request)
        place, named = pin.ref.place, {"command": CommandRef(pin.command)}
        posts = [one for one in await self._acting.here(place) if not one.pinned]
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
        return Notice(key, named)

    async def _named(self, platform: Platform, request: Request) -> Pin:
        """The pin that the words name, also one whose explainer no longer exists: the one there, one in the place that
        is named behind the topic, or one whose message or channel is gone.

        Raises:
            BadInput: the words name no topic, none that is pinned there, or one that the caller may not unpin.
        """
        place = _PLACE.search(request.text)
        text = request.text[: place.start()] if place else request.text
        pins = await self._records.of(request.place)
        called = spelling(text) if spelling(text) not in (ALL, "post") else spelling(FIRST)  # as `/pins` shows it
        alike = [pin for pin in pins if spelling(pin.command) == called]
        command = alike[0].command if alike else topic(self._content(), text)
        if command is None:
            raise BadInput("posts-none-here" if called == spelling(FIRST) else "not-a-topic")
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


def _is_called(pin: Pin, named: str) -> bool:
    """Whether the words name the pin's channel or link to its message, as `/pins` shows them."""
    place = pin.ref.place
    return re.findall("[0-9]+", named)[-1] in (pin.ref.message, place.thread, place.thread or place.channel)


async def _is_gone(platform: Platform, pin: Pin) -> bool:
    """Whether the pin's message was deleted, or the bot cannot see its channel."""
    try:
        return pin.state is PinState.GONE or not await platform.rights(pin.ref.place, None)
    except (Forbidden, MessageGone):
        return True
