"""The transport of getUpdates, which watches what the library's polling keeps to itself. Its law: one update that
cannot be read does not keep all later ones from coming.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, final

import orjson
import structlog
from telegram import Update

from bot.adapters.telegram.transport import AiohttpRequest

log = structlog.get_logger(__name__)


@final
class Polling(AiohttpRequest):
    """Tells `heard` the HTTP status of every answer: the library's task ends at a 401 or 404 and tells nobody."""

    def __init__(self, heard: Callable[[int], None], **options: Any) -> None:
        super().__init__(**options)
        self._heard = heard
        self._first: int | None = None

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """As the transport does it; a batch that comes a second time without what made it come again.

        The library drops a batch whole when one update in it cannot be read, and asks for the same batch at once.
        """
        status, body = await super().do_request(*args, **kwargs)
        self._heard(status)
        if status != HTTPStatus.OK:
            return status, body
        updates = orjson.loads(body)["result"]
        first = updates[0]["update_id"] if isinstance(updates, list) and updates else None
        again, self._first = first is not None and first == self._first, first
        return status, _readable(updates) if again else body


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
