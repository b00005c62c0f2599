"""Receives updates, by long polling or by a webhook that Telegram posts to, and tells whether updates arrive. A
connection counts as silent as soon as an answer is overdue.
"""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final, final

from bot.adapters.telegram import send
from bot.adapters.telegram.errors import logged, translated
from bot.adapters.telegram.transport import AiohttpRequest, decoded
from bot.adapters.telegram.updates import ALLOWED, Update, read
from bot.core.errors import PlatformError, Unauthorised
from bot.core.faults import Fault, Trouble
from bot.runtime.proxy import Proxy
from bot.runtime.tasks import cancel_tasks
from bot.runtime.telemetry import Wire

# Seconds that one getUpdates waits. Telegram allows 50, but a dead connection looks like a quiet one until an answer is
# overdue.
POLL: Final = 3
EVERY: Final = 3  # seconds between two checks of the webhook
LARGEST: Final = 1 << 20  # bytes that a request to the webhook may have; Telegram's updates stay far below
_LONGEST_PAUSE: Final = 30.0  # seconds between two attempts
_LATE: Final = 1.5  # seconds; an answer is overdue when it takes this much longer than Telegram was asked to wait


@final
class Connection:
    """The state of one bot's connection. Telegram should answer every `every` seconds; `elapsed` counts real seconds.
    `undelivered` says why Telegram cannot deliver updates to the webhook; it is "" while Telegram can.
    """

    def __init__(self, wire: Wire, every: float, elapsed: Callable[[], float]) -> None:
        self._wire, self._every, self._elapsed = wire, every, elapsed
        self._trouble: Trouble | None = None
        self._answered_at = 0.0
        self.on_stop()

    def on_stop(self) -> None:
        """Called when the bot stops asking for updates."""
        self._trouble, self.undelivered = (Fault.STARTING, ""), ""

    def on_answer(self) -> None:
        """Called when Telegram answered, and when the bot connected."""
        self._trouble, self._answered_at = None, self._elapsed()

    def on_failure(self, failure: PlatformError) -> None:
        """Called when Telegram did not answer, or when another process receives the updates (`Fault.CONFLICT`)."""
        if self._trouble is None:
            self._wire.interrupted()
        trouble = (failure.fault, "") if failure.fault else (Fault.UNREACHED, f"Telegram: {failure.reason}")
        self._trouble, self._answered_at = trouble, self._elapsed()

    def trouble(self, *, full: bool) -> Trouble | None:
        """Return why no updates arrive, or None. `full` says that the bot cannot take more updates for now."""
        if self._trouble is not None:
            return self._trouble
        if full:
            return Fault.OVERLOADED, ""
        if self._elapsed() - self._answered_at > self._every + _LATE:
            return Fault.SILENT, ""
        return (Fault.UNDELIVERED, self.undelivered) if self.undelivered else None


@final
class Poller:
    """Polls for updates. `request` is its own transport; `sleep` waits seconds.

    Each getUpdates acknowledges the updates of the one before. So updates are handed over only when the next getUpdates
    has been sent: if this process is killed in between, no update is answered twice.
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
                await cancel_tasks(fetching)

    async def _fetch(self, bot: send.Bot) -> list[Update]:
        """The next updates. After a failure, reports it to the connection and tries again after growing pauses.

        The poll after a failure does not wait for updates, so that it shows at once whether the failure is over.
        """
        pause, wait = 1.0, POLL
        while True:
            try:
                result = await send.updates(bot, self._offset, wait)
                entries = result if isinstance(result, list) else [result]
                updates = [update for one in entries if (update := read(one))]
                if entries and not updates:  # they cannot be acknowledged, so Telegram will send them again
                    raise PlatformError("no update that Telegram sent has an id", permanent=False)
                self._offset = max((update.update_id + 1 for update in updates), default=self._offset)
                self._connection.on_answer()
                return updates
            except Unauthorised:
                raise
            except PlatformError as failure:
                self._connection.on_failure(failure)
                asked = failure.retry_after.total_seconds() if failure.retry_after else 0.0
            await self._sleep(max(asked, pause))
            pause, wait = min(1.5 * pause, _LONGEST_PAUSE), 0


@final
@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram posts updates: a public https `url` on port 443, 80, 88 or 8443, and the `secret` that Telegram
    sends along (1 to 256 of A-Z, a-z, 0-9, _ and -). If it gets another status than 200, it posts the update again.
    """

    url: str
    secret: str = field(repr=False)

    def is_from_telegram(self, secret: str | None) -> bool:
        """Whether a request has the right secret."""
        return hmac.compare_digest((secret or "").encode(errors="surrogateescape"), self.secret.encode())

    def read(self, body: bytes) -> Update | int:
        """Return the update in the body, or the HTTP status with which to refuse it."""
        if len(body) > LARGEST:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        try:
            return read(decoded(body)) or HTTPStatus.BAD_REQUEST
        except ValueError:
            return HTTPStatus.BAD_REQUEST

    async def set(self, bot: send.Bot) -> None:
        """Have Telegram post updates to the webhook from now on.

        Raises PlatformError. It has the fault `webhook` if Telegram refuses the URL (its port or host) or the secret.
        That is not permanent, because the host's name may become known later.
        """
        try:
            await translated(bot.set_webhook(self.url, allowed_updates=ALLOWED, secret_token=self.secret))
        except PlatformError as error:
            if not error.permanent or isinstance(error, Unauthorised):
                raise
            words = f"Telegram refuses the webhook: {error.reason}"
            raise PlatformError(words, permanent=False, fault=Fault.WEBHOOK) from error

    async def watch(self, bot: send.Bot, connection: Connection, sleep: Callable[[float], Awaitable[object]]) -> None:
        """Check the webhook's status every `EVERY` seconds, until cancelled. Delivery errors from before the first
        check are not reported. A webhook that another process has set is reported as a conflict and left in place.

        Raises Unauthorised when Telegram refuses the token.
        """
        first = None
        while True:
            try:
                info = await translated(bot.get_webhook_info())
            except Unauthorised:
                raise
            except PlatformError as error:
                connection.on_failure(error)
            except Exception as error:  # the library could not read the response
                connection.on_failure(PlatformError(type(error).__name__, permanent=False))
            else:
                if info.url == self.url:
                    connection.on_answer()
                else:
                    connection.on_failure(PlatformError("another webhook", permanent=False, fault=Fault.CONFLICT))
                first = first or (info.last_error_date,)
                undelivered = info.pending_update_count > 0 and info.last_error_date != first[0]
                words = f"Telegram cannot deliver: {logged(info.last_error_message or '')}"
                connection.undelivered = words if undelivered else ""
            await sleep(EVERY)
