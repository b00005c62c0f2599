"""Values to rows and back. Its law: a row of a direct chat cannot be made."""

from typing import Any

from sqlalchemy import ColumnElement, Row, and_

from bot.core.community import Community, Pin, PinState
from bot.core.model import MessageRef, Place, Right, Risk
from bot.store.tables import pins


def key(place: Place) -> tuple[str, str]:
    """Platform and community. Raises ValueError for a direct chat, whose id is its member's."""
    if place.community is None:
        raise ValueError("nothing is stored of a direct chat")
    return place.platform, place.community


def community_row(community: Community) -> dict[str, Any]:
    """All columns but the key and `left_on`."""
    welcome, greeting = community.welcome, community.last_greeting
    return {
        "locale": community.locale,
        "risk_floor": int(community.risk_floor),
        "cooldown": community.cooldown,
        "channels": sorted(community.channels),
        "welcome_channel": welcome and welcome.channel,
        "welcome_thread": welcome and welcome.thread,
        "welcome_line": community.welcome_line,
        "remove_greetings": community.remove_greetings,
        "greeting_channel": greeting and greeting.place.channel,
        "greeting_thread": greeting and greeting.place.thread,
        "greeting_message": greeting and greeting.message,
        "greeting_media": bool(greeting and greeting.media),
        "greeted_until": community.greeted_until,
    }


def community(row: Row[Any]) -> Community:
    """The value of a row of `communities`."""
    channel, message = row.welcome_channel, row.greeting_message
    greeting = Place(row.platform, row.id, row.greeting_channel, row.greeting_thread)
    return Community(
        row.platform,
        row.id,
        locale=row.locale,
        risk_floor=Risk(row.risk_floor),
        cooldown=row.cooldown,
        channels=frozenset(row.channels),
        welcome=None if channel is None else Place(row.platform, row.id, channel, row.welcome_thread),
        welcome_line=row.welcome_line,
        remove_greetings=row.remove_greetings,
        last_greeting=None if message is None else MessageRef(greeting, message, row.greeting_media),
        greeted_until=row.greeted_until,
    )


def spot(place: Place, command: str) -> dict[str, str]:
    """What is unique about a pin. Raises ValueError for a place without a channel."""
    platform, community = key(place)
    if place.channel is None:
        raise ValueError("a pin stands in a channel")
    thread = place.thread or ""
    return {
        "platform": platform,
        "community": community,
        "channel": place.channel,
        "thread": thread,
        "command": command,
    }


def is_at(place: Place, command: str) -> ColumnElement[bool]:
    """The condition that finds the pin of that explainer in that very channel or topic."""
    return and_(*(pins.c[name] == value for name, value in spot(place, command).items()))


def pin_row(pin: Pin) -> dict[str, Any]:
    """All columns but the number."""
    return {
        **spot(pin.ref.place, pin.command),
        "message": pin.ref.message,
        "media": pin.ref.media,
        "locale": pin.locale,
        "digest": pin.digest,
        "state": pin.state.value,
        "missing": pin.missing.value,
    }


def pin(row: Row[Any]) -> Pin:
    """The value of a row of `pins`."""
    place = Place(row.platform, row.community, row.channel, row.thread or None)
    ref = MessageRef(place, row.message, row.media)
    known = row.state in PinState.__members__.values()
    state = PinState(row.state) if known else PinState.STALE  # another version's word: look at it again
    return Pin(ref, row.command, row.locale, row.digest, state, Right(row.missing & (~Right.NONE).value))
