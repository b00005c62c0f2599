"""The transport that counts its calls. Its law: what is counted is how a call ended, never what was said in it."""

from contextlib import suppress
from http import HTTPStatus
from typing import Any, final

from telegram.error import TelegramError

from bot.adapters.telegram.transport import AiohttpRequest
from bot.runtime.telemetry import Wire


@final
class Counted(AiohttpRequest):
    """An `AiohttpRequest` that tells `wire` how each call ended."""

    def __init__(self, wire: Wire, **options: Any) -> None:
        super().__init__(**options)
        self._wire = wire

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """As the transport does it."""
        status, body = 0, b""
        try:
            status, body = await super().do_request(*args, **kwargs)
        finally:
            self._wire.called(status, asked_wait(status, body))
        return status, body


def asked_wait(status: int, body: bytes) -> float:
    """How many seconds the answer asks to wait."""
    if status != HTTPStatus.TOO_MANY_REQUESTS:
        return 0.0
    with suppress(TelegramError):
        parameters = AiohttpRequest.parse_json_payload(body).get("parameters")
        wait = parameters.get("retry_after") if isinstance(parameters, dict) else None
        return float(wait) if isinstance(wait, int | float) else 0.0
    return 0.0
