"""Posts greetings: tries again after errors that pass, and remembers why a community's last greeting failed."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, Protocol, TypeVar, final, runtime_checkable

from cachetools import LRUCache

from bot.core.disclaimer import Reply
from bot.core.errors import Closed, Forbidden, MessageGone, PlatformError
from bot.core.model import MessageRef, Notice, Place, Right
from bot.core.ports import Communities, Platform
from bot.features.communities import retry_if_moved

_log = logging.getLogger(__name__)
_T = TypeVar("_T")

_ATTEMPTS: Final = 3
_PAUSE: Final = 5.0  # seconds before the next attempt, where the platform names none
_PATIENCE: Final = 120.0  # seconds; a platform that asks for more gets no greeting this time
_REST: Final = 600.0  # seconds without any attempt after a permanent error, unless a moderator uses `/welcome on`
_MOST: Final = 20_000  # communities of which it is known why the last greeting failed; an error would hold its names


@runtime_checkable
class ShowsAlone(Protocol):
    """A platform that can show a message in a group to one member alone, who need not have asked for it (Telegram)."""

    async def shows_alone(self, place: Place) -> bool:
        """Whether the bot can do that there. Raises PlatformError while that cannot be found out."""

    async def show(self, place: Place, member: str, reply: Reply) -> bool:
        """Show it to that member and to nobody else; False if they could not be shown it. Raises PlatformError."""


@final
class Posting:
    """`platforms` is read at every use; `clock` gives monotonic seconds, `sleep` waits. Once `closed`, nothing
    is waited for any more.
    """

    def __init__(
        self,
        communities: Communities,
        platforms: Mapping[str, Platform],
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]],
    ) -> None:
        self._communities, self._platforms, self._clock, self._sleep = communities, platforms, clock, sleep
        self._problems: LRUCache[Place, tuple[Notice, float]] = LRUCache(_MOST)  # why, and until when none is tried
        self.closed = False

    def problem(self, place: Place) -> tuple[Notice, ...]:
        """Why the last greeting in the community of that place could not be posted; nothing if it was."""
        problem, _ = self._problems.get(place.home, (None, 0.0))
        return (problem,) if problem else ()

    def rests(self, place: Place) -> bool:
        """Whether nothing is tried there for now."""
        return self._clock() < self._problems.get(place.home, (None, 0.0))[1]

    def retry(self, place: Place) -> None:
        """Try again at the next greeting: a moderator may have mended what was wrong."""
        self._problems.pop(place.home, None)

    async def post(self, place: Place, reply: Reply, once: str) -> MessageRef | None:
        """The message, or None if it could not be posted; the problem is kept then."""
        return await self._try(place, lambda at: self._platforms[at.platform].post(at, reply, once), _problem)

    async def shows_alone(self, place: Place) -> bool | None:
        """Whether `show` can work there; None on a platform that has nothing of the kind. Raises PlatformError while
        that cannot be found out."""
        platform = self._platforms[place.platform]
        return await platform.shows_alone(place) if isinstance(platform, ShowsAlone) else None

    async def show(self, place: Place, member: str, reply: Reply) -> bool | None:
        """Show it to that member alone, and never to anybody else. False if that member could not be shown it, None if
        nobody there can; the problem is kept then."""

        async def show(at: Place) -> bool:
            platform = self._platforms[at.platform]
            return isinstance(platform, ShowsAlone) and await platform.show(at, member, reply)

        return await self._try(place, show, _quiet_problem)

    async def remove(self, ref: MessageRef) -> None:
        """Delete the previous greeting. An error does no harm: somebody else may have deleted it."""
        try:
            await self._platforms[ref.place.platform].delete(ref)
        except PlatformError as error:
            _log.info("%s: the previous greeting was not removed: %s", ref.place.platform, error.reason)

    async def _try(
        self, place: Place, send: Callable[[Place], Awaitable[_T]], problem: Callable[[PlatformError], Notice]
    ) -> _T | None:
        async def send_there(at: Place) -> _T:
            nonlocal place
            place = at  # what goes wrong is kept for where it goes wrong
            return await send(at)

        for left in reversed(range(_ATTEMPTS)):
            try:
                sent = await retry_if_moved(self._communities, place, send_there)
            except PlatformError as error:
                pause = error.retry_after.total_seconds() if error.retry_after else _PAUSE
                if error.permanent or not left or self.closed or pause > _PATIENCE:
                    rest = _REST if error.permanent else pause
                    self._problems[place.home] = problem(error), self._clock() + rest
                    _log.warning("%s: a greeting could not be posted: %s", place.platform, error.reason)
                    return None
                await self._sleep(pause)
            else:
                self.retry(place)
                return sent
        return None


def _quiet_problem(error: PlatformError) -> Notice:
    return _problem(error) if isinstance(error, MessageGone | Closed) else Notice("welcome-quiet-failed")


def _problem(error: PlatformError) -> Notice:
    match error:
        case Forbidden(right=Right() as right) if right:
            return Notice("welcome-failed-right", {"right": right})
        case MessageGone():
            return Notice("welcome-failed-gone")
        case Closed():
            return Notice("welcome-failed-closed")
        case _:
            return Notice("welcome-failed")
