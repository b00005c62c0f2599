"""Receives updates by long polling, and says whether updates come in. A connection counts as silent as soon as an
answer is overdue.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final, final

from bot.adapters.telegram import send
from bot.adapters.telegram.transport import AiohttpRequest
from bot.adapters.telegram.updates import Update, read
from bot.core.errors import PlatformError, Unauthorised
from bot.core.faults import Fault
from bot.runtime.proxy import Proxy
from bot.runtime.tasks import ended
from bot.runtime.telemetry import Wire

# Seconds that one getUpdates waits: Telegram takes up to 50, but a connection that carries nothing is told from a quiet
# one only when an answer is overdue.
POLL: Final = 3
_LONGEST_PAUSE: Final = 30.0  # seconds between two attempts
_LATE: Final = 1.5  # seconds that an answer may take longer than Telegram was asked to wait


@final
class Connection:
    """One bot's connection. Telegram is to answer every `every` seconds; `elapsed` counts real seconds. `undelivered`
    says why Telegram cannot deliver updates to the webhook, `reason` why it does not answer; "" while it does.
    """

    def __init__(self, wire: Wire, every: float, elapsed: Callable[[], float]) -> None:
        self._wire, self._every, self._elapsed = wire, every, elapsed
        self._fault: Fault | None = Fault.STARTING
        self._answered_at = 0.0
        self.undelivered = self._failure = ""

    def on_stop(self) -> None:
        """No more updates are asked for."""
        self._fault, self.undelivered = Fault.STARTING, ""

    def on_answer(self) -> None:
        """Telegram answered, also when the bot connected."""
        self._fault, self._answered_at = None, self._elapsed()

    @property
    def reason(self) -> str:
        """What is known of the cause of the trouble, or nothing."""
        return self._failure if self._fault is Fault.UNREACHED else "" if self._fault else self.undelivered

    def on_failure(self, reason: str, *, conflict: bool) -> None:
        """Telegram did not answer, or (`conflict`) said that another process receives the updates."""
        self._failure, self._answered_at = reason, self._elapsed()
        if self._fault is None:
            self._wire.interrupted()
        self._fault = Fault.CONFLICT if conflict else Fault.UNREACHED

    def trouble(self, *, full: bool) -> Fault | None:
        """Why no updates come in, or None. `full` says that no more can be taken in for now."""
        if self._fault is not None:
            return self._fault
        if full:
            return Fault.OVERLOADED
        if self._elapsed() - self._answered_at > self._every + _LATE:
            return Fault.SILENT
        return Fault.UNDELIVERED if self.undelivered else None


@final
class Poller:
    """Polls for updates. `request` is the transport of its own; `sleep` waits seconds.

    The next getUpdates acknowledges the updates before it, so these are handed over when it goes out: an update is not
    answered twice when this process is killed in between.
    """

    def __init__(
        self, connection: Connection, proxy: Proxy | None, wire: Wire, sleep: Callable[[float], Awaitable[object]]
    ) -> None:
        self._connection, self._sleep = connection, sleep
        self._offset = 0
        self._sent = asyncio.Event()
        self.request = AiohttpRequest(timeout=5.0 + POLL, proxy=proxy, wire=wire, on_sent=self._on_sent)

    async def _on_sent(self, *_: object) -> None:
        self._sent.set()

    async def run(self, bot: send.Bot, take: Callable[[Update], Awaitable[None]]) -> None:
        """Hand each update to `take` until cancelled. Raises Unauthorised when Telegram refuses the token."""
        updates: list[Update] = []
        while True:
            self._sent.clear()
            fetching = asyncio.create_task(self._fetch(bot))
            fetching.add_done_callback(lambda _: self._sent.set())
            try:
                await self._sent.wait()
                for update in updates:
                    await take(update)
                updates = await fetching
            finally:
                await ended(fetching)

    async def _fetch(self, bot: send.Bot) -> list[Update]:
        """The next updates. After a failure it is tried again, ever later; the connection knows of it.

        After a failure a poll does not wait for updates, so that it is known at once whether the failure is over.
        """
        pause, wait = 1.0, POLL
        while True:
            try:
                return self._read(await send.updates(bot, self._offset, wait))
            except Unauthorised:
                raise
            except PlatformError as failure:
                conflict = failure.fault is Fault.CONFLICT
                self._connection.on_failure(f"Telegram: {failure.reason}", conflict=conflict)
                asked = failure.retry_after.total_seconds() if failure.retry_after else 0.0
            await self._sleep(max(asked, pause))
            pause, wait = min(1.5 * pause, _LONGEST_PAUSE), 0

    def _read(self, sent: Any) -> list[Update]:
        """The updates. Raises PlatformError if none has an id: they cannot be acknowledged, and come again."""
        entries = sent if isinstance(sent, list) else [sent]
        updates = [update for one in entries if (update := read(one))]
        if entries and not updates:
            raise PlatformError("no update that Telegram sent has an id", permanent=False)
        if updates:
            self._offset = max(update.update_id for update in updates) + 1
        self._connection.on_answer()
        return updates
