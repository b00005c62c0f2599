"""Parses the names of channels and topics in commands, and the setting `channels`: where the bot answers."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final

from bot.core.community import MOST_CHANNELS, Community, channel_id
from bot.core.errors import BadInput, PlatformError
from bot.core.model import DISCORD, TELEGRAM, Notice, Place, Request, Right
from bot.core.ports import Platform
from bot.core.spans import ChannelRef

DEFAULT: Final = frozenset({"default", "reset"})
OFF: Final = frozenset({"off", "none", "no"})
HERE: Final = "here"

_CHANNEL: Final = re.compile(r"<#([1-9][0-9]{0,19})>|([1-9][0-9]{14,19})")


def channel_rows(request: Request, community: Community) -> tuple[Notice, ...]:
    """Return the row of `/settings` with the channels where the bot answers.

    A single chat's topics have no names, so there the row says whether this topic is one of them, and how many there
    are.
    """
    if not community.channels:
        return (Notice("settings-channels-all"),)
    if not is_single_chat(request.place):
        return (Notice("settings-channels-named", {"channels": tuple(map(ChannelRef, sorted(community.channels)))}),)
    here = channel_id(request.place) in community.channels
    key = "settings-channels-here" if here else "settings-channels-elsewhere"
    return (Notice(key, {"count": len(community.channels)}),)


def read_channels(value: str, request: Request) -> Callable[[Community], Community]:
    """Parse the value of the setting `channels` into a change of the settings.

    `all` lets the bot answer everywhere. A list of channels, or `here`, replaces the present ones; with `add` or
    `remove` before it, it changes them.

    Raises:
        BadInput: a word is no channel; also raised by the change, if it would leave no channel, more than
            MOST_CHANNELS, or if `add` or `remove` is used while the bot answers everywhere.
    """
    if value in {"all", "everywhere", *DEFAULT}:
        return lambda one: replace(one, channels=frozenset())
    words = _words(value)
    verb = words.pop(0) if words and words[0] in ("add", "remove") else ""
    found, kind = [channel_named(word, request) for word in words], notice_platform(request.place)
    named = frozenset(filter(None, found))
    if not all(found) or not named:
        refuse_bare_names(words, request)
        raise BadInput(f"settings-channels-hint-{kind}")

    def edit(one: Community) -> Community:
        if verb and not one.channels:  # the bot answers everywhere, so there is no list to change
            raise BadInput(f"settings-channels-{'hint' if verb == 'remove' else 'open'}-{kind}")
        channels = one.channels | named if verb == "add" else one.channels - named if verb else named
        if not channels:
            raise BadInput(f"settings-channels-last-{kind}")
        if len(channels) > MOST_CHANNELS:
            raise BadInput("settings-channels-many", {"limit": MOST_CHANNELS})
        return replace(one, channels=channels)

    return edit


async def require_writable(value: str, request: Request, platforms: Mapping[str, Platform]) -> None:
    """Check that the bot can write in each channel that the value names.

    Values that remove channels or reset the setting are not checked, nor is the channel of the request itself.

    Raises:
        BadInput: a channel does not exist, the bot may not write there, or the platform does not answer.
    """
    words = _words(value)
    platform, unchecked = platforms.get(request.place.platform), {"remove", *DEFAULT, *OFF}
    named = {channel_named(word, request) for word in words} - {None, channel_id(request.place)}
    if platform is None or len(named) > MOST_CHANNELS or unchecked.intersection(words[:1] + words[-1:]):
        return
    for channel in sorted(filter(None, named)):
        shown = {"channel": ChannelRef(channel)}
        try:
            rights = await platform.rights(replace(request.place, channel=channel, thread=None), None)
        except PlatformError as error:
            raise BadInput(*(("channel-unknown", shown) if error.permanent else ("something-went-wrong",))) from error
        if Right.SEND not in rights:
            raise BadInput("channel-unwritable", shown)


def refuse_bare_names(words: Iterable[str], request: Request) -> None:
    """Refuse plain channel names such as `#random`: the platforms do not tell bots which channel that is.

    Raises:
        BadInput: a word is such a name; the notice says how to name a channel on that platform.
    """
    if any(word.startswith("#") for word in words):
        raise BadInput(f"channel-by-name-{notice_platform(request.place)}")


def _words(value: str) -> list[str]:
    return value.replace(",", " ").replace("><", "> <").split()


def channel_named(word: str, request: Request) -> str | None:
    """Return the id of the channel, thread or topic that a word names (`here`, a mention or an id), else None.

    In a single chat only `here` names one.
    """
    if word == HERE:
        return channel_id(request.place)
    match = None if is_single_chat(request.place) else _CHANNEL.fullmatch(word)
    return match and (match[1] or match[2])


def is_single_chat(place: Place) -> bool:
    """Whether the community is one chat (a Telegram group) instead of a server. The bot cannot name its topics."""
    return place.channel == place.community


def notice_platform(place: Place) -> str:
    """Return the platform whose version of a notice is shown there, as in its key; the playground uses Discord's."""
    return TELEGRAM if place.platform == TELEGRAM else DISCORD
