"""The answer to `/pins`: a community's pins and posts with their states."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.core.community import Community, Pin, PinState
from bot.core.model import Notice, Value
from bot.core.sealed_catalog import SealedCatalog
from bot.core.spans import CommandRef
from bot.features.pins.state import explainer_of, reply_for
from bot.features.pins.table_of_contents import is_contents

_MOST_ROWS: Final = 12  # this many rows fit in one message on every platform


def pin_list(content: SealedCatalog, pins: Sequence[Pin], community: Community) -> Notice:
    """List the community's pins with their states, those that are not up to date first.

    Posts are only counted, except those that are not up to date, which are listed too.
    """
    if not pins:
        return Notice("pins-none")
    posts = sum(not pin.pinned for pin in pins)
    rows = [row for pin in pins if (row := _row(content, pin, community)).key != "pins-current" or pin.pinned]
    rows.sort(key=lambda row: row.key == "pins-current")
    if len(rows) > _MOST_ROWS:
        rows[_MOST_ROWS:] = [Notice("pins-more", {"count": len(rows) - _MOST_ROWS})]
    post_count = Notice("pins-posts", {"count": posts})
    if posts == len(pins):
        return replace(post_count, rows=tuple(rows))
    return Notice("pins", {"count": len(pins) - posts}, (*rows, *(post_count,) * bool(posts)))


def _row(content: SealedCatalog, pin: Pin, community: Community) -> Notice:
    """Return the pin's row. A pin that does not show the present content is listed as stale."""
    state, is_list = pin.state.value, is_contents(pin.command)
    locale, floor = pin.locale or community.language_of(pin.ref.place), community.risk_floor
    if pin.state is PinState.CURRENT and not is_list:
        reply = reply_for(content, pin.command, locale, floor, pinned=pin.pinned)
        if reply is None or reply.digest != pin.digest:
            state = PinState.STALE.value
        elif explainer_of(content, pin.command) is None:
            state = "withdrawn"
    # A table of contents is listed under the command that made it.
    values: dict[str, Value] = {"command": CommandRef("post" if is_list else pin.command), "channel": pin.ref}
    if pin.state is PinState.FORBIDDEN:
        values["right"] = pin.missing
    return Notice(f"pins-{state}", values)
