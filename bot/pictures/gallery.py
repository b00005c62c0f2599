"""Caches the pictures of replies."""

import asyncio
import logging
from collections.abc import Callable
from typing import Final, final

from cachetools import LRUCache

from bot.core.disclaimer import Reply
from bot.pictures.drawing import paint

_log = logging.getLogger(__name__)

SIZE: Final = 64  # pictures of about 0.1 MB each; two pictures in six languages with three warnings are 36
CHARTS: Final = 8  # the pictures of notices: of statistics, which differ each time


@final
class Gallery:
    """Implements `bot.core.ports.Pictures`: runs `paint` in a thread, one picture at a time, and caches the results.

    Keeps the `size` pictures of answers used last, and a few of notices. A cached picture waits for no other, so that
    nobody who has many statistics drawn holds up the answers of all.
    """

    def __init__(self, paint: Callable[[Reply], bytes | None] = paint, size: int = SIZE) -> None:
        self._paint = paint
        self._drawn: LRUCache[str, bytes | None] = LRUCache(size)
        self._charts: LRUCache[str, bytes | None] = LRUCache(CHARTS)
        self._drawing = asyncio.Lock()

    async def png(self, reply: Reply) -> bytes | None:
        """Return the reply's picture as PNG; None if it has none or drawing failed, which is logged. Never raises."""
        if reply.picture is None:
            return None
        cache = self._charts if reply.is_notice else self._drawn
        if reply.digest in cache:
            return cache[reply.digest]
        async with self._drawing:
            if reply.digest not in cache:
                cache[reply.digest] = await asyncio.to_thread(self._draw, reply)
            return cache[reply.digest]

    def _draw(self, reply: Reply) -> bytes | None:
        try:
            png = self._paint(reply)
        except Exception as error:  # anything may fail here; the answer is sent without its picture
            _log.exception("cannot draw the picture of %s (%s): %s", reply.command, reply.locale, error)
            return None
        if png is None:
            _log.warning("no font has all characters of the picture of %s (%s)", reply.command, reply.locale)
        return png
