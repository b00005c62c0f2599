"""The transport of getUpdates, which watches what the library's polling keeps to itself. Its law: one update that
cannot be read does not keep all later ones from coming.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Final, final

import aiohttp
import orjson
import structlog
from aiohttp.abc import AbstractStreamWriter
from telegram import Update
from telegram.request import RequestData

from bot.adapters.telegram.transport import AiohttpRequest

log = structlog.get_logger(__name__)

_PATIENCE: Final = 1.0  # seconds


@final
class Polling(AiohttpRequest):
    """Tells `heard` the HTTP status of every answer, 0 where none came: the library's task ends at a 401 or 404, goes
    on after anything else, and tells nobody.
    """

    def __init__(self, heard: Callable[[int], None], **options: Any) -> None:
        super().__init__(**options)
        self._heard = heard
        self._first: int | None = None
        self._failed = False
        self._offset = self._acknowledged = 0
        self._asked = asyncio.Event()

    def _payload(self, words: bytes) -> aiohttp.Payload:
        return _Told(words, self._sent)

    def _sent(self) -> None:
        """The request goes out: Telegram forgets what comes before its offset."""
        self._acknowledged = self._offset
        self._asked.set()
        self._asked = asyncio.Event()

    async def acknowledged(self, update: int) -> None:
        """Return once Telegram was told that this update came, or a second has passed.

        The library asks for the next updates, which tells Telegram so, while the first are being answered. Waiting
        for that request to leave keeps an update from being answered twice when this process is killed: the answer
        may be lost, and whoever receives after us does not get the update.
        """
        if self._acknowledged > update:
            return
        with suppress(TimeoutError):  # nothing can be asked: what has come is answered all the same
            async with asyncio.timeout(_PATIENCE):
                while self._acknowledged <= update:
                    await self._asked.wait()

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """As the transport does it; a batch that comes a second time without what made it come again.

        The library drops a batch whole when one update in it cannot be read, and asks for the same batch at once.
        """
        data: RequestData | None = kwargs.get("request_data")
        offset = data.parameters.get("offset") if data else None
        self._offset = offset if isinstance(offset, int) else 0
        status = 0
        try:
            status, body = await super().do_request(*args, **kwargs)
        finally:
            self._failed = status != HTTPStatus.OK
            self._heard(status)
        if status != HTTPStatus.OK:
            return status, body
        updates = orjson.loads(body)["result"]
        first = updates[0]["update_id"] if isinstance(updates, list) and updates else None
        again, self._first = first is not None and first == self._first, first
        return status, _readable(updates) if again else body

    def _said(self, data: RequestData | None) -> dict[str, Any]:
        """After a failure the next poll waits for no updates, so that it is known at once whether it is over."""
        said = super()._said(data)
        return said | {"timeout": 0} if self._failed else said


class _Told(aiohttp.BytesPayload):
    """A request's body that tells `sent` when it has been written."""

    def __init__(self, words: bytes, sent: Callable[[], None]) -> None:
        super().__init__(words, content_type="application/json")
        self._told = sent

    async def write_with_length(self, writer: AbstractStreamWriter, content_length: int | None) -> None:
        """Write it, as the client asks."""
        await super().write_with_length(writer, content_length)
        self._told()


def readable(told: dict[str, Any]) -> Update | None:
    """The update, or None, told to the log, where the library cannot read it: it would be no more so the next time."""
    try:
        return Update.de_json(told, None)
    except Exception as error:
        log.warning("telegram.unreadable_update", error=type(error).__name__)
        return None


def _readable(updates: list[dict[str, Any]]) -> bytes:
    """The batch with an empty update in place of each that cannot be read, so that it is acknowledged all the same."""
    result = [one if readable(one) else {"update_id": one["update_id"]} for one in updates]
    return orjson.dumps({"ok": True, "result": result})
