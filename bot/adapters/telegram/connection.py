"""Receives updates, by long polling or by a webhook that Telegram posts to, and says whether updates come in. A
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
from bot.runtime.tasks import ended
from bot.runtime.telemetry import Wire

# Seconds that one getUpdates waits: Telegram takes up to 50, but a connection that carries nothing is told from a quiet
# one only when an answer is overdue.
POLL: Final = 3
EVERY: Final = 3  # seconds between two looks at the webhook
LARGEST: Final = 1 << 20  # bytes that are posted to it; Telegram's updates stay far below
_LONGEST_PAUSE: Final = 30.0  # seconds between two attempts
_LATE: Final = 1.5  # seconds that an answer may take longer than Telegram was asked to wait


@final
class Connection:
    """One bot's connection. Telegram is to answer every `every` seconds; `elapsed` counts real seconds. `undelivered`
    says why Telegram cannot deliver updates to the webhook; "" while it can.
    """

    def __init__(self, wire: Wire, every: float, elapsed: Callable[[], float]) -> None:
        self._wire, self._every, self._elapsed = wire, every, elapsed
        self._trouble: Trouble | None = None
        self._answered_at = 0.0
        self.on_stop()

    def on_stop(self) -> None:
        """No more updates are asked for."""
        self._trouble, self.undelivered = (Fault.STARTING, ""), ""

    def on_answer(self) -> None:
        """Telegram answered, also when the bot connected."""
        self._trouble, self._answered_at = None, self._elapsed()

    def on_failure(self, failure: PlatformError) -> None:
        """Telegram did not answer, or said that another process receives the updates (with that fault)."""
        if self._trouble is None:
            self._wire.interrupted()
        trouble = (failure.fault, "") if failure.fault else (Fault.UNREACHED, f"Telegram: {failure.reason}")
        self._trouble, self._answered_at = trouble, self._elapsed()

    def trouble(self, *, full: bool) -> Trouble | None:
        """Why no updates come in, or None. `full` says that no more can be taken in for now."""
        if self._trouble is not None:
            return self._trouble
        if full:
            return Fault.OVERLOADED, ""
        if self._elapsed() - self._answered_at > self._every + _LATE:
            return Fault.SILENT, ""
        return (Fault.UNDELIVERED, self.undelivered) if self.undelivered else None


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
                sent = await send.updates(bot, self._offset, wait)
                entries = sent if isinstance(sent, list) else [sent]
                updates = [update for one in entries if (update := read(one))]
                if entries and not updates:  # they cannot be acknowledged, and come again
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
    """Where Telegram posts updates: a public https `url` on port 443, 80, 88 or 8443, and the `secret` it sends along
    (1 to 256 of A-Z, a-z, 0-9, _ and -). The answer to a post is always a status: any but 200 makes Telegram post the
    update again.
    """

    url: str
    secret: str = field(repr=False)

    def is_from_telegram(self, secret: str | None) -> bool:
        """Whether a post came with the secret."""
        return hmac.compare_digest((secret or "").encode(errors="surrogateescape"), self.secret.encode())

    def read(self, body: bytes) -> Update | int:
        """The update in the body, or the status with which it is refused."""
        if len(body) > LARGEST:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        try:
            return read(decoded(body)) or HTTPStatus.BAD_REQUEST
        except ValueError:
            return HTTPStatus.BAD_REQUEST

    async def set(self, bot: send.Bot) -> None:
        """Have Telegram post updates from now on.

        Raises PlatformError: with the fault `webhook` where Telegram refuses the address (its port or host) or the
        secret; the name may be known later, so it is worth another try.
        """
        try:
            await translated(bot.set_webhook(self.url, allowed_updates=ALLOWED, secret_token=self.secret))
        except PlatformError as error:
            if not error.permanent or isinstance(error, Unauthorised):
                raise
            words = f"Telegram refuses the webhook: {error.reason}"
            raise PlatformError(words, permanent=False, fault=Fault.WEBHOOK) from error

    async def watch(self, bot: send.Bot, connection: Connection, sleep: Callable[[float], Awaitable[object]]) -> None:
        """Ask Telegram for the webhook's status every few seconds, until cancelled. Delivery errors from before the
        first look are not reported. A webhook that another process has set is a conflict, and stays.

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
            except Exception as error:  # one of the library's, at an answer that it cannot read
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
