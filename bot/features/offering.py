"""Updates what a platform shows permanently (command menus, descriptions): sends changes, retries what failed."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, final

from bot.core.errors import PlatformError, StoreError, Unauthorised
from bot.core.ports import Offers

_FIRST_PAUSE, _LONGEST_PAUSE = 60.0, 3600.0  # seconds between two retries
_LONGEST_WAIT: Final = 30.0  # seconds; if the platform asks to wait longer, the round ends
_MOST_NAMED: Final = 3  # failed offers named in `lacking`


@final
@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that a platform shows.

    `scope` names it in the store (at most 64 characters), `what` names it for operators. `shown` is its whole content
    as text; if that differs from what the platform accepted last, `send` is called to update it. `send` may raise
    PlatformError.
    """

    scope: str
    what: str
    shown: str
    send: Callable[[], Awaitable[object]]

    @property
    def digest(self) -> str:
        """The hash of `shown` that is stored, 32 hexadecimal digits."""
        return hashlib.sha256(self.shown.encode()).hexdigest()[:32]


@final
class Offering:
    """Keeps what one platform shows up to date.

    `missing` maps what the platform did not accept to the reason. `offers` stores what it accepted. `sleep` waits for
    seconds.
    """

    def __init__(self, platform: str, offers: Offers, sleep: Callable[[float], Awaitable[object]]) -> None:
        self.missing: Mapping[str, str] = {}
        self._platform, self._offers, self._sleep = platform, offers, sleep
        self._retry_after = 0.0
        self._lock, self._incomplete = asyncio.Lock(), asyncio.Event()

    @property
    def lacking(self) -> str:
        """What is missing and why, in one line; empty if nothing is."""
        named = [f"{what} ({reason})" for what, reason in islice(self.missing.items(), _MOST_NAMED)]
        more = len(self.missing) - len(named)
        return "; ".join([*named, f"and {more} more"] if more else named)

    async def taken(self, scope: str) -> str | None:
        """Return the hash of what the platform accepted last in that scope, from any process. Raises StoreError."""
        return await self._offers.offered(self._platform, scope)

    async def offer(self, wanted: Sequence[Offer]) -> None:
        """Send those offers that have changed. One that fails does not stop the others; it is listed in `missing`."""
        async with self._lock:
            missing, self._retry_after = dict[str, str](), 0.0
            for one in wanted:
                if self._retry_after > _LONGEST_WAIT:
                    missing[one.what] = "the platform asks to wait"
                    continue
                try:
                    if await self.taken(one.scope) != one.digest:
                        await one.send()
                        await self._offers.offer(self._platform, one.scope, one.digest)
                except Unauthorised:
                    return  # every call would fail; the next call of the connection ends it with the same error
                except PlatformError as error:
                    missing[one.what] = error.reason
                    await self._wait(error)
                except StoreError as error:
                    missing[one.what] = error.reason
            self.missing = missing
            (self._incomplete.set if missing else self._incomplete.clear)()

    async def keep(self, wanted: Callable[[], Sequence[Offer]]) -> None:
        """Retry what is missing until cancelled, at intervals that double from a minute to an hour."""
        while True:
            await self._incomplete.wait()
            pause = _FIRST_PAUSE
            while self.missing:
                await self._sleep(max(pause, self._retry_after))
                await self.offer(wanted())
                pause = min(2 * pause, _LONGEST_PAUSE)

    async def _wait(self, error: PlatformError) -> None:
        """Wait as long as the platform asks before the next call, unless that is too long: then the round ends."""
        self._retry_after = error.retry_after.total_seconds() if error.retry_after else 0.0
        if 0 < self._retry_after <= _LONGEST_WAIT:
            await self._sleep(self._retry_after)
