"""Long polling: fetches updates, and hands them over once Telegram has been told that they arrived."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final, final

import structlog
from telegram import error as sdk

from bot.adapters.telegram.connection import Connection
from bot.adapters.telegram.errors import problem
from bot.adapters.telegram.transport import AiohttpRequest, parameters
from bot.adapters.telegram.updates import ALLOWED, Update, read
from bot.core.errors import Unauthorised
from bot.runtime.proxy import Proxy
from bot.runtime.tasks import ended
from bot.runtime.telemetry import Wire

log = structlog.get_logger(__name__)

# Seconds that one getUpdates waits: Telegram takes up to 50, but a connection that carries nothing is told from a quiet
# one only when an answer is overdue.
POLL: Final = 3
_LONGEST_PAUSE: Final = 30.0  # seconds between two attempts


@final
class Poller:
    """Polls `url`, which holds the token. `request` is the transport of its own.

    The next getUpdates acknowledges the updates before it, so these are handed over when it goes out: an update is not
    answered twice when this process is killed in between.
    """

    def __init__(self, url: str, connection: Connection, proxy: Proxy | None, wire: Wire) -> None:
        self._url, self._connection = f"{url}/getUpdates", connection
        self._offset = 0
        self._sent = asyncio.Event()
        self.request = AiohttpRequest(connections=2, timeout=5.0 + POLL, proxy=proxy, wire=wire, on_sent=self._sent.set)

    async def run(self, take: Callable[[Update], Awaitable[None]]) -> None:
        """Hand each update to `take` until cancelled. Raises Unauthorised when Telegram refuses the token."""
        updates: list[Update] = []
        while True:
            self._sent.clear()
            fetching = asyncio.create_task(self._fetch())
            fetching.add_done_callback(self._fetched)
            try:
                await self._sent.wait()
                for update in updates:
                    await take(update)
                updates = await fetching
            finally:
                if not fetching.done():
                    await ended(fetching)

    def _fetched(self, fetching: "asyncio.Task[list[Update]]") -> None:
        self._sent.set()
        if not fetching.cancelled():
            fetching.exception()  # marked as seen, also where nobody waits for it any more

    async def _fetch(self) -> list[Update]:
        """The next updates. Failures are logged, and it is tried again, ever later.

        After a failure a poll does not wait for updates, so that it is known at once whether the failure is over.
        """
        pause, wait = 1.0, POLL
        while True:
            said = parameters({"offset": self._offset, "timeout": wait, "allowed_updates": ALLOWED})
            try:
                return self._read(await self.request.post(self._url, said))
            except sdk.TelegramError as error:
                failure, conflict = problem(error), isinstance(error, sdk.Conflict)
            if isinstance(failure, Unauthorised):
                raise failure
            self._connection.on_failure(conflict=conflict)
            log.warning("telegram.poll_failed", conflict=conflict, reason=failure.reason)
            asked = failure.retry_after.total_seconds() if failure.retry_after else 0.0
            await asyncio.sleep(max(asked, pause))
            pause, wait = min(1.5 * pause, _LONGEST_PAUSE), 0

    def _read(self, sent: Any) -> list[Update]:
        """The updates. Raises NetworkError if none has an id: they cannot be acknowledged, and come again."""
        entries = sent if isinstance(sent, list) else [sent]
        updates = [update for one in entries if (update := read(one))]
        if entries and not updates:
            raise sdk.NetworkError("no update that Telegram sent has an id")
        if updates:
            self._offset = max(update.update_id for update in updates) + 1
        self._connection.on_answer()
        return updates
