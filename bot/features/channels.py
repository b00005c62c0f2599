"""How moderators name channels and topics, and the setting `channels`: where the bot answers."""

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


def shown_channels(request: Request, community: Community) -> tuple[Notice, ...]:
    """The channels by name; in a group that is a channel of its own, whether this topic is one of them."""
    if not community.channels:
        return (Notice("settings-channels-all"),)
    if not nameless(request.place):
        return (Notice("settings-channels-named", {"channels": tuple(map(ChannelRef, sorted(community.channels)))}),)
    here = channel_id(request.place) in community.channels
    key = "settings-channels-here" if here else "settings-channels-elsewhere"
    return (Notice(key, {"count": len(community.channels)}),)


def read_channels(value: str, request: Request) -> Callable[[Community], Community]:
    """`all`, or `here` and channels: only those; with `add` or `remove` before them, the present ones are changed."""
    if value in {"all", "everywhere", *DEFAULT}:
        return lambda one: replace(one, channels=frozenset())
    words = _words(value)
    verb = words.pop(0) if words and words[0] in ("add", "remove") else ""
    found, kind = [channel_named(word, request) for word in words], words_for(request.place)
    named = frozenset(filter(None, found))
    if not all(found) or not named:
        refuse_bare_names(words, request)
        raise BadInput(f"settings-channels-hint-{kind}")

    def edit(one: Community) -> Community:
        if verb and not one.channels:  # the bot answers everywhere: nothing to add to or remove from
            raise BadInput(f"settings-channels-{'hint' if verb == 'remove' else 'open'}-{kind}")
        channels = one.channels | named if verb == "add" else one.channels - named if verb else named
        if not channels:
            raise BadInput(f"settings-channels-last-{kind}")
        if len(channels) > MOST_CHANNELS:
            raise BadInput("settings-channels-many", {"limit": MOST_CHANNELS})
        return replace(one, channels=channels)

    return edit


async def require_writable(value: str, request: Request, platforms: Mapping[str, Platform]) -> None:
    """Go on only if the bot can write in every channel that is named and not taken off a list.

    Raises:
        BadInput: a channel does not exist, the bot may not write there, or the platform does not answer.
    """
    words = _words(value)
    platform, away = platforms.get(request.place.platform), {"remove", *DEFAULT, *OFF}
    named = {channel_named(word, request) for word in words} - {None, channel_id(request.place)}
    if platform is None or len(named) > MOST_CHANNELS or away.intersection(words[:1] + words[-1:]):
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
    """Go on only if no word is the bare name of a channel, as in `#random`: bots are told no names.

    Raises:
        BadInput: it says how to name a channel there.
    """
    if any(word.startswith("#") for word in words):
        raise BadInput(f"channel-by-name-{words_for(request.place)}")


def _words(value: str) -> list[str]:
    return value.replace(",", " ").replace("><", "> <").split()


def channel_named(word: str, request: Request) -> str | None:
    """The channel, thread or topic that a word means, None for any other word. Where channels have no names, it can be
    only the one it is typed in."""
    if word == HERE:
        return channel_id(request.place)
    found = None if nameless(request.place) else _CHANNEL.fullmatch(word)
    return found and (found[1] or found[2])


def nameless(place: Place) -> bool:
    """Whether it is a group that is a channel of its own, whose topics have no names that the bot knows."""
    return place.channel == place.community


def words_for(place: Place) -> str:
    """Whose words a notice uses; the playground looks like Discord."""
    return TELEGRAM if place.platform == TELEGRAM else DISCORD
