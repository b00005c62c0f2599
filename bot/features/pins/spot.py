"""Finds pins by what a moderator calls them. Its law: an explainer's name of today comes before any older one."""

from collections.abc import Sequence

from bot.core.catalog import spelling
from bot.core.community import Community, Pin, PinState
from bot.core.errors import BadInput
from bot.core.model import Notice, Place, Value
from bot.core.ports import PinRecords
from bot.core.sealed_catalog import SealedCatalog
from bot.core.spans import ChannelRef, CommandRef
from bot.features.pins.wanted import explainer, wanted

_MOST_ROWS = 12  # so many fit one message of either platform, however long their words


async def known(records: PinRecords, edition: SealedCatalog, place: Place, command: str) -> Pin | None:
    """The pin of that explainer in that very channel or topic, also one made under a name it had before."""
    alike = [pin for pin in await _here(records, place) if explainer(edition, pin.command) == command]
    return min(alike, key=lambda pin: pin.command != command, default=None)


async def meant(records: PinRecords, edition: SealedCatalog, place: Place, text: str) -> Pin:
    """The pin there that the text names, also one whose explainer is no more.

    Raises:
        BadInput: no topic of ours, or none that is pinned there.
    """
    for pin in await _here(records, place):
        if spelling(pin.command) == spelling(text):
            return pin
    command = topic(edition, text)
    if found := await known(records, edition, place, command):
        return found
    raise BadInput("not-pinned-here", {"command": CommandRef(command)})


def topic(edition: SealedCatalog, text: str) -> str:
    """The explainer that the text names.

    Raises:
        BadInput: it names none.
    """
    if not text.strip():
        raise BadInput("pin-needs-topic")
    command = edition.catalog.find(text)
    if command is None or explainer(edition, command) != command:
        raise BadInput("not-a-topic")
    return command


def told(pins: Sequence[Pin], edition: SealedCatalog, community: Community) -> Notice:
    """The list of a community's pins, those in trouble first; what does not fit one message is counted."""
    rows = sorted(((_state(edition, pin, community), pin) for pin in pins), key=lambda row: row[0] == "current")
    notices = [_row(state, pin) for state, pin in rows[:_MOST_ROWS]]
    if len(rows) > _MOST_ROWS:
        notices.append(Notice("pins-more", {"count": len(rows) - _MOST_ROWS}))
    return Notice("pins", {"count": len(pins)}, tuple(notices))


async def _here(records: PinRecords, place: Place) -> Sequence[Pin]:
    return [pin for pin in await records.of(place) if pin.ref.place == place]


def _state(edition: SealedCatalog, pin: Pin, community: Community) -> str:
    """The state as it is told: a pin whose words are not those of today awaits its update."""
    reply = wanted(edition, pin.command, pin.locale or community.locale, community.risk_floor)
    if pin.state is PinState.CURRENT and (reply is None or reply.digest != pin.digest):
        return PinState.STALE.value
    return pin.state.value


def _row(state: str, pin: Pin) -> Notice:
    place = pin.ref.place
    values: dict[str, Value] = {
        "command": CommandRef(pin.command),
        "channel": ChannelRef(place.thread or place.channel or ""),
    }
    if state == PinState.FORBIDDEN:
        values["right"] = pin.missing
    return Notice(f"pins-{state}", values)
