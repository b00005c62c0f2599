"""/diagnose: what the bot may do in this channel, what is missing, and how to fix it.

It uses the rights that came with the request itself, so that a fix shows at the next use.
"""

from collections.abc import Callable
from typing import Final

from bot.core.community import Community, PinState
from bot.core.model import TELEGRAM, Draft, Notice, Place, Request, Right
from bot.core.ports import PinRecords
from bot.features.access import answers_in
from bot.features.channels import words_for

_ALWAYS: Final = Right.SEND | Right.PIN | Right.HISTORY
_OPTIONAL: Final = Right.DELETE  # without it the platform's note that something was pinned stays
_IN_ORDER: Final = frozenset({PinState.CURRENT, PinState.POSTED, PinState.STALE, PinState.UNPINNED})


def missing(held: Right, *, greets: bool) -> tuple[Right, ...]:
    """The rights that the bot lacks; that to learn of new members only counts where it greets them."""
    needed = _ALWAYS | Right.JOINS if greets else _ALWAYS
    return tuple(needed & ~held)


class Diagnosis:
    """The handler. `stale` tells whether the content has problems, so that an older version is shown;
    `problem` what else went wrong for a community, such as its last greeting."""

    def __init__(
        self,
        pins: PinRecords,
        stale: Callable[[], bool],
        problem: Callable[[Place], tuple[Notice, ...]] = lambda _: (),
    ) -> None:
        self._pins, self._stale, self._problem = pins, stale, problem

    async def diagnose(self, request: Request, community: Community) -> Draft:
        """Everything that is wrong here, one row each; below it the rights that the bot has, and optional ones that it
        lacks.
        """
        place, welcome = request.place, community.welcome
        may = request.bot_rights & ~Right.MANAGE
        wrong = [_step(right, request) for right in missing(request.bot_rights, greets=welcome is not None)]
        if not answers_in(community, place):
            wrong.append(Notice(f"diagnose-silent-{words_for(place)}"))
        if trouble := sum(pin.state not in _IN_ORDER for pin in await self._pins.of(place)):
            wrong.append(Notice("diagnose-pins-troubled", {"count": trouble}))
        wrong += self._problem(place)
        if self._stale():
            wrong.append(Notice("diagnose-content"))
        also = [Notice("diagnose-may", {"right": may})] if may else []
        also += [_step(right, request) for right in _OPTIONAL & ~request.bot_rights]
        if welcome:
            also.append(Notice("diagnose-welcome", {"channel": welcome}))
        if not wrong:
            return Notice("diagnose-fine", {}, tuple(also))
        more = (Notice("diagnose-also", {}, tuple(also)),) if also else ()
        return Notice("diagnose", {"count": len(wrong)}, (*wrong, *more))


def _step(right: Right, request: Request) -> Notice:
    """What does not work without that right, and how to give it."""
    where = TELEGRAM if request.broadcast else words_for(request.place)
    where = "channel" if request.broadcast and right is Right.PIN else where
    return Notice(f"diagnose-{str(right.name).lower()}-{where}")
