"""The command `/diagnose`: says what the bot may do in this channel, what is wrong, and how to fix it.

It uses the rights that come with the request, so a fix shows at the next use.
"""

from collections.abc import Callable
from typing import Final

from bot.core.community import Community, PinState
from bot.core.model import TELEGRAM, Draft, Notice, Place, Request, Right
from bot.core.ports import PinRecords
from bot.features.access import answers_in
from bot.features.channels import notice_platform

_REQUIRED: Final = Right.SEND | Right.PIN | Right.HISTORY
_OPTIONAL: Final = Right.DELETE  # to delete the platform's own message that something was pinned
_HEALTHY: Final = frozenset({PinState.CURRENT, PinState.POSTED, PinState.STALE, PinState.UNPINNED})


def missing(held: Right, *, greets: bool) -> tuple[Right, ...]:
    """Return the rights that the bot lacks. The right to see joins counts only where it greets new members."""
    needed = _REQUIRED | Right.JOINS if greets else _REQUIRED
    return tuple(needed & ~held)


class Diagnosis:
    """The handler of `/diagnose`.

    `stale` returns whether the content has mistakes, so that an older version is in use. `problem` returns what else
    went wrong for a community, such as its last greeting.
    """

    def __init__(
        self,
        pins: PinRecords,
        stale: Callable[[], bool],
        problem: Callable[[Place], tuple[Notice, ...]] = lambda _: (),
    ) -> None:
        self._pins, self._stale, self._problem = pins, stale, problem

    async def diagnose(self, request: Request, community: Community) -> Draft:
        """List what is wrong here, a row each, then the rights that the bot has and the optional ones that it lacks."""
        place, welcome = request.place, community.welcome
        granted = request.bot_rights & ~Right.MANAGE
        wrong = [_step(right, request) for right in missing(request.bot_rights, greets=welcome is not None)]
        if not answers_in(community, place):
            wrong.append(Notice(f"diagnose-silent-{notice_platform(place)}"))
        if troubled := sum(pin.state not in _HEALTHY for pin in await self._pins.of(place)):
            wrong.append(Notice("diagnose-pins-troubled", {"count": troubled}))
        wrong += self._problem(place)
        if self._stale():
            wrong.append(Notice("diagnose-content"))
        more_rows = [Notice("diagnose-may", {"right": granted})] if granted else []
        more_rows += [_step(right, request) for right in _OPTIONAL & ~request.bot_rights]
        if welcome:
            more_rows.append(Notice("diagnose-welcome", {"channel": welcome}))
        if not wrong:
            return Notice("diagnose-fine", {}, tuple(more_rows))
        more = (Notice("diagnose-also", {}, tuple(more_rows)),) if more_rows else ()
        return Notice("diagnose", {"count": len(wrong)}, (*wrong, *more))


def _step(right: Right, request: Request) -> Notice:
    """Return the notice that says what does not work without that right, and how to grant it."""
    where = TELEGRAM if request.broadcast else notice_platform(request.place)
    where = "channel" if request.broadcast and right is Right.PIN else where
    return Notice(f"diagnose-{str(right.name).lower()}-{where}")
