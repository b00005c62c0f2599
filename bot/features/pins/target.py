"""Parses the text after `/pin`, `/post` and `/unpin`: a topic, then optionally a channel and a language."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.core.command_text import spelling
from bot.core.community import Pin, PinState
from bot.core.errors import BadInput, Forbidden, MessageGone
from bot.core.model import Request, Right
from bot.core.ports import Platform
from bot.core.sealed_catalog import SealedCatalog
from bot.core.spans import CommandRef
from bot.features.access import require
from bot.features.channels import channel_named, notice_platform, refuse_bare_names
from bot.features.pins.state import explainer_of
from bot.features.pins.table_of_contents import FIRST

ALL: Final = "all"  # as the topic, it stands for every explainer
_PLACE: Final = re.compile(
    r"\s(?:<#[0-9]{1,20}>|(?:https?://)?(?:t\.me/c|discord\.com/channels)(?:/[0-9]{1,20})+|[0-9]{1,20})\s*$"
)


@dataclass(frozen=True, slots=True)
class PinTarget:
    """The parsed text: the explainer `command` or ALL, the id of the channel (None: here), and the language tag."""

    command: str
    channel: str | None = None
    locale: str | None = None


def _topic(content: SealedCatalog, text: str) -> str | None:
    """Return the explainer that the text names, None if it names none."""
    command = content.catalog.find(text)
    return command if command and explainer_of(content, command) == command else None


def parse_target(content: SealedCatalog, text: str, request: Request) -> PinTarget:
    """Parse the text after `/pin` or `/post`. Takes the longest topic for which the rest can be parsed.

    Raises:
        BadInput: there is no topic, or the text after it is neither a channel nor a language.
    """
    words = text.split()
    if not words:
        raise BadInput("pin-needs-topic")
    has_topic = False
    for end in range(len(words), 0, -1):
        named = " ".join(words[:end])
        command = ALL if spelling(named) == ALL else _topic(content, named)
        has_topic = has_topic or command is not None
        if command and (target := _read_rest(content, command, words[end:], request)):
            return target
    if has_topic:
        refuse_bare_names(words, request)
        raise BadInput(f"pin-not-understood-{notice_platform(request.place)}")
    raise BadInput("not-a-topic")


def _read_rest(content: SealedCatalog, command: str, words: list[str], request: Request) -> PinTarget | None:
    channels = [found for word in words if (found := channel_named(word.casefold(), request))]
    name = " ".join(word for word in words if not channel_named(word.casefold(), request))
    language = content.language_called(name) if name else None
    if len(channels) > 1 or (name and language is None):
        return None
    return PinTarget(command, next(iter(channels), None), language.locale if language else None)


async def find_pin(content: SealedCatalog, pins: Sequence[Pin], platform: Platform, request: Request) -> Pin:
    """Return the pin or post that the text after `/unpin` names, even if its explainer no longer exists.

    That is the one in the place named after the topic; without a place, the one in the request's place, else one whose
    message or channel is gone.

    Raises:
        BadInput: the text names no topic, the topic is not pinned there, or the caller may not unpin it.
    """
    place = _PLACE.search(request.text)
    text = request.text[: place.start()] if place else request.text
    name = spelling(text) if spelling(text) not in (ALL, "post") else spelling(FIRST)  # `/pins` lists it as /post
    candidates = [pin for pin in pins if spelling(pin.command) == name]
    command = candidates[0].command if candidates else _topic(content, text)
    if command is None:
        raise BadInput("posts-none-here" if name == spelling(FIRST) else "not-a-topic")
    candidates = candidates or [pin for pin in pins if explainer_of(content, pin.command) == command]
    for pin in candidates:
        if pin.ref.place == request.place if place is None else _is_named(pin, place[0]):
            if place and not await _is_gone(platform, pin):
                require(replace(request, rights=await platform.rights(pin.ref.place, request.member)), Right.PIN)
            return pin
    for pin in candidates if place is None else ():
        if await _is_gone(platform, pin):
            return pin
    raise BadInput("not-pinned-here", {"command": CommandRef(command)})


def _is_named(pin: Pin, named: str) -> bool:
    """Whether `named` is the pin's channel or thread, or the link to its message that `/pins` shows."""
    place = pin.ref.place
    return re.findall("[0-9]+", named)[-1] in (pin.ref.message, place.thread, place.thread or place.channel)


async def _is_gone(platform: Platform, pin: Pin) -> bool:
    """Whether the pin's message is recorded as deleted, or the bot cannot see its channel."""
    try:
        return pin.state is PinState.GONE or not await platform.rights(pin.ref.place, None)
    except (Forbidden, MessageGone):
        return True
