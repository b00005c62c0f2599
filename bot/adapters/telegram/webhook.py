"""Updates that Telegram brings by itself. Its law: whatever the body is, the answer is a status, never an exception;
only what Telegram should bring again gets one that is not 200.
"""

import hmac
from asyncio import Queue
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import final

import orjson

from bot.adapters.telegram.updates import readable

LARGEST = 1 << 20  # bytes; Telegram's updates stay far below


@final
@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram brings updates: a public https `url` on port 443, 80, 88 or 8443, and the `secret` it sends along
    (1 to 256 of A-Z, a-z, 0-9, _ and -).
    """

    url: str
    secret: str = field(repr=False)
    connections: int = 40


@final
class Inbox:
    """Takes a webhook's bodies in for one bot; while the queue is full, Telegram keeps them."""

    def __init__(self, webhook: Webhook, queue: "Queue[object]") -> None:
        self._webhook, self._queue = webhook, queue

    def refusal(self, secret: str | None) -> int | None:
        """The status for a call that is refused whatever its body says, so that nobody has to read that."""
        if not hmac.compare_digest((secret or "").encode(errors="surrogateescape"), self._webhook.secret.encode()):
            return HTTPStatus.FORBIDDEN
        return None

    def take(self, body: bytes, secret: str | None) -> int:
        """Queue the update in `body`; returns the HTTP status to answer with."""
        if refused := self.refusal(secret):
            return refused
        if len(body) > LARGEST:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        try:
            told = orjson.loads(body)
        except ValueError:
            return HTTPStatus.BAD_REQUEST
        if not isinstance(told, dict) or not isinstance(told.get("update_id"), int):
            return HTTPStatus.BAD_REQUEST
        if self._queue.full():
            return HTTPStatus.SERVICE_UNAVAILABLE
        if (update := readable(told)) is not None:
            self._queue.put_nowait(update)
        # An unreadable one gets its 200 too: until it is taken, Telegram brings nothing behind it.
        return HTTPStatus.OK
