"""Updates that Telegram posts to our own web server. The answer to a post is always a status: any but 200 makes
Telegram post the update again.
"""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final, final

from telegram import Bot

from bot.adapters.telegram.connection import Connection
from bot.adapters.telegram.errors import logged, translated
from bot.adapters.telegram.transport import decoded
from bot.adapters.telegram.updates import ALLOWED, Update, read
from bot.core.errors import PlatformError, Unauthorised
from bot.core.faults import Fault

LARGEST: Final = 1 << 20  # bytes; Telegram's updates stay far below
EVERY: Final = 3  # seconds between two looks at the webhook


@final
@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram posts updates: a public https `url` on port 443, 80, 88 or 8443, and the `secret` it sends along
    (1 to 256 of A-Z, a-z, 0-9, _ and -).
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

    async def set(self, bot: Bot) -> None:
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

    async def watch(self, bot: Bot, connection: Connection, sleep: Callable[[float], Awaitable[object]]) -> None:
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
                connection.on_failure(f"Telegram: {error.reason}", conflict=False)
            except Exception as error:  # one of the library's, at an answer that it cannot read
                connection.on_failure(f"Telegram: {type(error).__name__}", conflict=False)
            else:
                connection.on_answer() if info.url == self.url else connection.on_failure("", conflict=True)
                first = first or (info.last_error_date,)
                undelivered = info.pending_update_count > 0 and info.last_error_date != first[0]
                words = f"Telegram cannot deliver: {logged(info.last_error_message or '')}"
                connection.undelivered = words if undelivered else ""
            await sleep(EVERY)
