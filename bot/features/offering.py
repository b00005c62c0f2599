"""What a platform shows by itself (menus, descriptions): sent when it changed, tried again where it was not taken."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, final

from bot.core.errors import PlatformError, StoreError, Unauthorised
from bot.core.ports import Offers

_FIRST_PAUSE, _LONGEST_PAUSE = 60.0, 3600.0  # seconds until what is missing is tried again
_PATIENCE: Final = 30.0  # seconds that a platform may ask to wait between two calls of one round
_NAMED: Final = 3  # how many of the missing are named in one line


@final
@dataclass(frozen=True, slots=True)
class Offer:
    """One thing to show. `scope` names it in the store (64 characters), `what` for operators. `send` has the platform
    show it, which is needed when `shown`, all of it as text, is not what it took last. `send` may raise PlatformError.
    """

    scope: str
    what: str
    shown: str
    send: Callable[[], Awaitable[object]]

    @property
    def digest(self) -> str:
        """What the store remembers of `shown`."""
        return hashlib.sha256(self.shown.encode()).hexdigest()[:32]


@final
class Offering:
    """Keeps what one platform shows up to date. `missing` has what it did not take, with the reason. `offers` remembers
    what was taken; `sleep` waits seconds.
    """

    def __init__(self, platform: str, offers: Offers, sleep: Callable[[float], Awaitable[object]]) -> None:
        self.missing: Mapping[str, str] = {}
        self._platform, self._offers, self._sleep = platform, offers, sleep
        self._asked = 0.0
        self._lock, self._incomplete = asyncio.Lock(), asyncio.Event()

    @property
    def lacking(self) -> str:
        """What is missing and why, in a line; "" if nothing is."""
        named = [f"{what} ({reason})" for what, reason in islice(self.missing.items(), _NAMED)]
        more = len(self.missing) - len(named)
        return "; ".join([*named, f"and {more} more"] if more else named)

    async def taken(self, scope: str) -> str | None:
        """The hash of what the platform took last in that scope, from whichever process. Raises StoreError."""
        return await self._offers.offered(self._platform, scope)

    async def offer(self, wanted: Sequence[Offer]) -> None:
        """Have the platform show these, each only if it changed. One that is refused keeps no other back."""
        async with self._lock:
            missing, self._asked = dict[str, str](), 0.0
            for one in wanted:
                if self._asked > _PATIENCE:
                    missing[one.what] = "the platform asks to wait"
                    continue
                try:
                    if await self.taken(one.scope) != one.digest:
                        await one.send()
                        await self._offers.offer(self._platform, one.scope, one.digest)
                except Unauthorised:
                    return  # nothing is taken any more, and the run ends with the first call that it needs
                except PlatformError as error:
                    missing[one.what] = error.reason
                    await self._wait(error)
                except StoreError as error:
                    missing[one.what] = error.reason
            self.missing = missing
            (self._incomplete.set if missing else self._incomplete.clear)()

    async def keep(self, wanted: Callable[[], Sequence[Offer]]) -> None:
        """Try again what is missing, ever later, until cancelled."""
        while True:
            await self._incomplete.wait()
            pause = _FIRST_PAUSE
            while self.missing:
                await self._sleep(max(pause, self._asked))
                await self.offer(wanted())
                pause = min(2 * pause, _LONGEST_PAUSE)

    async def _wait(self, error: PlatformError) -> None:
        """Wait as the platform asks before the next call; if that is long, the rest waits for the next round."""
        self._asked = error.retry_after.total_seconds() if error.retry_after else 0.0
        if 0 < self._asked <= _PATIENCE:
            await self._sleep(self._asked)
