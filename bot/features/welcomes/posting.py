"""Posts greetings, retries after temporary errors, and keeps why a community's last greeting failed."""

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
_PAUSE: Final = 5.0  # seconds before the next attempt, unless the platform asks for another time
_LONGEST_WAIT: Final = 120.0  # seconds; if the platform asks to wait longer, the greeting is dropped
_REST: Final = 600.0  # seconds without greetings after a permanent error, unless `retry` is called
# Communities whose last problem is kept. It is kept as a notice, because an error would keep the names in memory.
_MOST_PROBLEMS: Final = 20_000


@runtime_checkable
class ShowsAlone(Protocol):
    """A platform (Telegram) that can show a message in a group to one member only, who need not have asked for it."""

    async def shows_alone(self, place: Place) -> bool:
        """Whether the bot can do that in that place. Raises PlatformError if that cannot be determined now."""

    async def show(self, place: Place, member: str, reply: Reply) -> bool:
        """Show the reply to that member only. Returns False if that member cannot be shown it. Raises PlatformError."""


@final
class Posting:
    """Posts greetings and keeps the problems of each community.

    `platforms` is read at every use. `clock` gives monotonic seconds, `sleep` waits for seconds. Once `closed` is set,
    failed attempts are not repeated.
    """

    def __init__(
        self,
        communities: Communities,
        platforms: Mapping[str, Platform],
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]],
    ) -> None:
        self._communities, self._platforms, self._clock, self._sleep = communities, platforms, clock, sleep
        self._problems: LRUCache[Place, tuple[Notice, float]] = LRUCache(_MOST_PROBLEMS)  # why, and the end of the rest
        self.closed = False

    def problem(self, place: Place) -> tuple[Notice, ...]:
        """Return why the last greeting in that community could not be posted; empty if it was."""
        problem, _ = self._problems.get(place.home, (None, 0.0))
        return (problem,) if problem else ()

    def rests(self, place: Place) -> bool:
        """Whether greetings in that community are paused after an error."""
        return self._clock() < self._problems.get(place.home, (None, 0.0))[1]

    def retry(self, place: Place) -> None:
        """Forget the community's problem, which a moderator may have fixed, so that its next greeting is posted."""
        self._problems.pop(place.home, None)

    async def post(self, place: Place, reply: Reply, once: str) -> MessageRef | None:
        """Post a greeting with the nonce `once`. Returns its message, or None if that failed; the problem is kept."""
        return await self._try(place, lambda at: self._platforms[at.platform].post(at, reply, once), _problem)

    async def shows_alone(self, place: Place) -> bool | None:
        """Whether `show` can work there; None if the platform does not support it.

        Raises PlatformError if that cannot be determined now.
        """
        platform = self._platforms[place.platform]
        return await platform.shows_alone(place) if isinstance(platform, ShowsAlone) else None

    async def show(self, place: Place, member: str, reply: Reply) -> bool | None:
        """Show the reply to that member only, never to anybody else.

        Returns False if that member cannot be shown it, None if the call failed; the problem is kept then.
        """

        async def show(at: Place) -> bool:
            platform = self._platforms[at.platform]
            return isinstance(platform, ShowsAlone) and await platform.show(at, member, reply)

        return await self._try(place, show, _quiet_problem)

    async def remove(self, ref: MessageRef) -> None:
        """Delete the previous greeting. An error is only logged: a moderator may have deleted it already."""
        try:
            await self._platforms[ref.place.platform].delete(ref)
        except PlatformError as error:
            _log.info("%s: could not delete the previous greeting: %s", ref.place.platform, error.reason)

    async def _try(
        self, place: Place, send: Callable[[Place], Awaitable[_T]], problem: Callable[[PlatformError], Notice]
    ) -> _T | None:
        async def send_there(at: Place) -> _T:
            nonlocal place
            place = at  # after a move, the problem belongs to the new place
            return await send(at)

        for attempts_left in reversed(range(_ATTEMPTS)):
            try:
                sent = await retry_if_moved(self._communities, place, send_there)
            except PlatformError as error:
                pause = error.retry_after.total_seconds() if error.retry_after else _PAUSE
                if error.permanent or not attempts_left or self.closed or pause > _LONGEST_WAIT:
                    rest = _REST if error.permanent else pause
                    self._problems[place.home] = problem(error), self._clock() + rest
                    _log.warning("%s: could not post a greeting: %s", place.platform, error.reason)
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
