"""What the words behind `/pin`, `/post` and `/unpin` mean: a topic, and perhaps a channel and a language behind it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.core.community import Pin, PinState
from bot.core.errors import BadInput, Forbidden, MessageGone
from bot.core.model import Request, Right
from bot.core.ports import Platform
from bot.core.sealed_catalog import SealedCatalog
from bot.core.spans import CommandRef
from bot.core.typed import spelling
from bot.features.access import require
from bot.features.channels import channel_named, notice_platform, refuse_bare_names
from bot.features.pins.contents import FIRST
from bot.features.pins.state import explainer

ALL: Final = "all"  # instead of a topic: every explainer
_PLACE: Final = re.compile(
    r"\s(?:<#[0-9]{1,20}>|(?:https?://)?(?:t\.me/c|discord\.com/channels)(?:/[0-9]{1,20})+|[0-9]{1,20})\s*$"
)


@dataclass(frozen=True, slots=True)
class Wish:
    """The explainer `command` or ALL, the id of the channel that was named (None: here), and the language's tag."""

    command: str
    channel: str | None = None
    locale: str | None = None


def _topic(content: SealedCatalog, text: str) -> str | None:
    """The explainer that the text names; None if it names none."""
    command = content.catalog.find(text)
    return command if command and explainer(content, command) == command else None


def read(content: SealedCatalog, text: str, request: Request) -> Wish:
    """Read the words behind `/pin` or `/post`; the longest topic counts.

    Raises:
        BadInput: there is no topic, or what is behind it is neither a channel nor a language.
    """
    words = text.split()
    if not words:
        raise BadInput("pin-needs-topic")
    known = False
    for end in range(len(words), 0, -1):
        named = " ".join(words[:end])
        command = ALL if spelling(named) == ALL else _topic(content, named)
        known = known or command is not None
        if command and (wish := _behind(content, command, words[end:], request)):
            return wish
    if known:
        refuse_bare_names(words, request)
        raise BadInput(f"pin-not-understood-{notice_platform(request.place)}")
    raise BadInput("not-a-topic")


def _behind(content: SealedCatalog, command: str, words: list[str], request: Request) -> Wish | None:
    channels = [found for word in words if (found := channel_named(word.casefold(), request))]
    name = " ".join(word for word in words if not channel_named(word.casefold(), request))
    language = content.language_called(name) if name else None
    if len(channels) > 1 or (name and language is None):
        return None
    return Wish(command, next(iter(channels), None), language.locale if language else None)


async def pin_named(content: SealedCatalog, pins: Sequence[Pin], platform: Platform, request: Request) -> Pin:
    """The pin that the words behind `/unpin` name, also one whose explainer no longer exists: the one there, one in the
    place that is named behind the topic, or one whose message or channel is gone.

    Raises:
        BadInput: the words name no topic, none that is pinned there, or one that the caller may not unpin.
    """
    place = _PLACE.search(request.text)
    text = request.text[: place.start()] if place else request.text
    called = spelling(text) if spelling(text) not in (ALL, "post") else spelling(FIRST)  # as `/pins` shows it
    alike = [pin for pin in pins if spelling(pin.command) == called]
    command = alike[0].command if alike else _topic(content, text)
    if command is None:
        raise BadInput("posts-none-here" if called == spelling(FIRST) else "not-a-topic")
    alike = alike or [pin for pin in pins if explainer(content, pin.command) == command]
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
