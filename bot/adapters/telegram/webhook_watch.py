"""How a webhook fares, asked of Telegram again and again: what does not come cannot be heard. Its law: it only asks,
and takes back no webhook that somebody else has set.
"""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final

import structlog
from telegram import WebhookInfo

from bot.adapters.telegram.error_text import bounded
from bot.core.errors import PlatformError, Unauthorised

log = structlog.get_logger(__name__)

EVERY: Final = 3.0  # seconds


async def watch(
    ask: Callable[[], Awaitable[WebhookInfo]],
    url: str,
    heard: Callable[[int], None],
    undelivered: Callable[[bool], None],
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> None:
    """Until cancelled, tell `heard` an HTTP status for how it is (409: updates go elsewhere, 0: nothing can be asked),
    and `undelivered` whether Telegram fails to bring what waits. Errors from before the first look are no news.
    """
    known = failing = None
    while True:
        try:
            info = await ask()
        except PlatformError as error:
            heard(HTTPStatus.UNAUTHORIZED if isinstance(error, Unauthorised) else 0)
        else:
            heard(HTTPStatus.OK if info.url == url else HTTPStatus.CONFLICT)
            known = known or (info.last_error_date,)
            failed = info.pending_update_count > 0 and info.last_error_date != known[0]
            if failed and not failing:
                log.warning("telegram.undelivered", reason=bounded(info.last_error_message or ""))
            failing = failed
            undelivered(failed)
        await sleep(EVERY)
