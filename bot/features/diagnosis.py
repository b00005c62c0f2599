"""/diagnose: what the bot may do in this very channel, what is missing, and the step that mends it. Its law: it tells
what the platform said with the request itself, so that a fix is seen at the next use.
"""

from collections.abc import Callable
from typing import final

from bot.core.community import Community, answers_in
from bot.core.findings import OPTIONAL, missing, side, troubled
from bot.core.model import Draft, Notice, Place, Request, Right
from bot.core.permission import require
from bot.core.ports import PinRecords
from bot.core.spans import ChannelRef


@final
class Diagnosis:
    """The handler. `stale` tells whether the content has problems, so that older texts are shown."""

    def __init__(self, pins: PinRecords, stale: Callable[[], bool]) -> None:
        self._pins, self._stale = pins, stale

    async def diagnose(self, request: Request, community: Community) -> Draft:
        """Everything that may stand in the way here, a row each."""
        require(request, Right.MANAGE)
        place, welcome = request.place, community.welcome
        rows = []
        if may := request.bot_rights & ~Right.MANAGE:
            rows.append(Notice("diagnose-may", {"right": may}))
        lacking = missing(request.bot_rights, greets=welcome is not None)
        rows += [_step(right, place) for right in lacking]
        if not answers_in(community, place):
            rows.append(Notice("diagnose-not-answering-here"))
        trouble = troubled(await self._pins.of(place))
        if trouble:
            rows.append(Notice("diagnose-pins-troubled", {"count": trouble}))
        if self._stale():
            rows.append(Notice("diagnose-content"))
        wrong = len(rows) - bool(may)
        rows += [_step(right, place) for right in OPTIONAL & ~request.bot_rights]
        if welcome and (channel := welcome.thread or welcome.channel):
            rows.append(Notice("diagnose-welcome", {"channel": ChannelRef(channel)}))
        return Notice("diagnose", {"count": wrong}, tuple(rows)) if wrong else Notice("diagnose-fine", {}, tuple(rows))


def _step(right: Right, place: Place) -> Notice:
    """What is lost without that right, and how it is given."""
    return Notice(f"diagnose-{str(right.name).lower()}-{side(place.platform)}")
