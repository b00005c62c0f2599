"""What `/pins` shows: what is kept up to date in a community, and its state."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.core.community import Community, Pin, PinState
from bot.core.model import Notice, Value
from bot.core.sealed_catalog import SealedCatalog
from bot.core.spans import CommandRef
from bot.features.pins.contents import is_contents
from bot.features.pins.state import explainer, wanted

_MOST_ROWS: Final = 12  # they fit one message of either platform, however long their words


def listed(content: SealedCatalog, kept: Sequence[Pin], community: Community) -> Notice:
    """The community's pins and their states, those that are not up to date first. Posts are counted; only those with a
    problem are listed.
    """
    if not kept:
        return Notice("pins-none")
    posts = sum(not pin.pinned for pin in kept)
    rows = [row for pin in kept if (row := _row(content, pin, community)).key != "pins-current" or pin.pinned]
    rows.sort(key=lambda row: row.key == "pins-current")
    if len(rows) > _MOST_ROWS:
        rows[_MOST_ROWS:] = [Notice("pins-more", {"count": len(rows) - _MOST_ROWS})]
    shown = Notice("pins-posts", {"count": posts})
    if posts == len(kept):
        return replace(shown, rows=tuple(rows))
    return Notice("pins", {"count": len(kept) - posts}, (*rows, *(shown,) * bool(posts)))


def _row(content: SealedCatalog, pin: Pin, community: Community) -> Notice:
    """The pin's line. One that does not show today's words waits for its update."""
    state, is_list = pin.state.value, is_contents(pin.command)
    locale, floor = pin.locale or community.language_of(pin.ref.place), community.risk_floor
    if pin.state is PinState.CURRENT and not is_list:
        reply = wanted(content, pin.command, locale, floor, pinned=pin.pinned)
        if reply is None or reply.digest != pin.digest:
            state = PinState.STALE.value
        elif explainer(content, pin.command) is None:
            state = "withdrawn"
    # The contents go by the command that made them.
    values: dict[str, Value] = {"command": CommandRef("post" if is_list else pin.command), "channel": pin.ref}
    if pin.state is PinState.FORBIDDEN:
        values["right"] = pin.missing
    return Notice(f"pins-{state}", values)
